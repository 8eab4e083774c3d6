"""All that lies there given up, under one list of keys. Owns no SQL of its own."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from handlers.dead_letter import DeadLetter, Outcome
from storage.dead.arrivals import DeadArrivals
from storage.dead.changes import DeadChanges
from storage.dead.forms import DeadForms
from storage.dead.messages import DeadMessages
from storage.statements import Rows

#: The letters that keys begin with, in the order of the list.
_NAMES: Final = {"m": "messages", "a": "arrivals", "f": "forms", "c": "changes"}
_ORDER: Final = "".join(_NAMES)


class _Source(Protocol):
    """Rows of one table."""

    def summary(self) -> tuple[int, datetime | None]:
        """How many count, and since when the last of them lies there."""

    def page(self, after: str, limit: int) -> tuple[DeadLetter, ...]:
        """Those with greater names."""

    def get(self, name: str) -> DeadLetter | None:
        """The one with that name."""


class SqlDeadLetters:
    """Messages, arrivals, forms and changes."""

    def __init__(self, rows: Rows) -> None:
        self._messages = DeadMessages(rows)
        self._arrivals = DeadArrivals(rows)
        self._forms = DeadForms(rows)
        self._changes = DeadChanges(rows)
        self._all: Final[Mapping[str, _Source]] = {
            "m": self._messages,
            "a": self._arrivals,
            "f": self._forms,
            "c": self._changes,
        }

    def counts(self) -> Mapping[str, int]:
        """How many messages, arrivals, forms and changes. What may have arrived and was left at that does not count."""
        return {name: self._all[letter].summary()[0] for letter, name in _NAMES.items()}

    def newest(self) -> datetime | None:
        """When the last of those that count came to lie there."""
        found = (each.summary()[1] for each in self._all.values())
        return max((each for each in found if each is not None), default=None)

    def page(self, after: str | None, limit: int) -> tuple[DeadLetter, ...]:
        """Those that follow a key, whether or not that is still there."""
        letter, name = _split(after or "")
        found: list[DeadLetter] = []
        for each in _ORDER[max(_ORDER.find(letter), 0) if letter else 0 :]:
            if len(found) < limit:
                found += self._all[each].page(name if each == letter else "", limit - len(found))
        return tuple(found)

    def get(self, key: str) -> DeadLetter | None:
        """One of them; None where it was settled, or never was."""
        letter, name = _split(key)
        return self._all[letter].get(name) if letter in self._all else None

    def retry(self, key: str, now: datetime, *, flows: Mapping[str, bool], even_if_arrived: bool = False) -> Outcome:
        """Have it tried again, with a fresh number of tries. Of two who wish so, one does it.

        flows: those that can be gone on with, and whether each is a form.
        """
        letter, name = _split(key)
        match letter:
            case "m":
                return self._messages.retry(name, now, even_if_arrived=even_if_arrived)
            case "a":
                return self._arrivals.retry(name, now)
            case "f":
                return self._forms.retry(name, now, flows=flows)
            case "c":
                return self._changes.retry(name)
        return Outcome.SETTLED

    def retry_all(
        self, now: datetime, *, flows: Mapping[str, bool], at_most: int, even_if_arrived: bool = False
    ) -> Mapping[Outcome, int]:
        """Have every one tried again that can be, so many at most; how many became what."""
        became: Counter[Outcome] = Counter()
        after: str | None = None
        while became[Outcome.DONE] < at_most and (letters := self.page(after, at_most - became[Outcome.DONE])):
            became.update(self.retry(each.key, now, flows=flows, even_if_arrived=even_if_arrived) for each in letters)
            after = letters[-1].key
        return became

    def drop(self, key: str, by: str, now: datetime) -> bool:
        """Give it up for good: what it says is forgotten, that it was and who dropped it is kept. False: others did.

        by: such as "person 12".
        """
        letter, name = _split(key)
        match letter:
            case "m":
                return self._messages.drop(name, by, now)
            case "a":
                return self._arrivals.drop(name, by)
            case "f":
                return self._forms.drop(name, by)
            case "c":
                return self._changes.drop(name, by, now)
        return False


def _split(key: str) -> tuple[str, str]:
    return key[:1], key[1:]
