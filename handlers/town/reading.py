"""Texts read beside the transaction: what is known of a message's texts, and the signal that something is not.

Owns no search: `faq.understanding` does. A reading depends on the text, the language and the library alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar, cast

from faq.emergencies import Emergency
from faq.places.said import PlaceSaid
from faq.search.decide import Favoured
from faq.search.engine import Finding
from faq.search.grouping import Groups
from faq.understanding import Alike, Found, Grouping, Meaning, Reading, Understanding, Want, Wanted

T = TypeVar("T")
#: Texts that are put together where that is asked for.
FEW: Final = 5
#: Characters up to which danger is looked for where it is asked: that costs less than to come again.
SHORT: Final = 400


class Unread(Exception):
    """A text is asked about that was not read yet: it is to be read beside the transaction, and then the message
    handled again, from its beginning.

    Raised to whoever handles a message with Readings. It passes through flows like any error, so that all is undone.
    """

    def __init__(self, understanding: Understanding, wants: Iterable[Wanted]) -> None:
        super().__init__("a text is to be read")
        #: Of the library as it was: what it reads is good for no other.
        self.understanding = understanding
        self.wants = tuple(wants)


class Readings:
    """What is known of the texts of one message. Of one thread at a time; it goes with the message."""

    def __init__(self) -> None:
        self._of: Understanding | None = None
        self._known: dict[Wanted, Found] = {}
        self._made: dict[tuple[Callable[[str], object], str], object] = {}
        self._is_closed = False
        self._failure: Exception | None = None

    def put(self, understanding: Understanding, readings: Mapping[Wanted, Found]) -> None:
        """Know more. What was read with another library is forgotten."""
        if understanding is not self._of:
            self._of, self._known = understanding, {}
        self._known.update(readings)

    def close(self) -> None:
        """From here on whatever is not known is worked out where it is asked for."""
        self._is_closed = True

    def fail(self, error: Exception) -> None:
        """A text could not be read: who asks for what is not known gets the error."""
        self._failure = error

    def get(self, understanding: Understanding, want: Wanted) -> Found | None:
        """What is known by this library."""
        return self._known.get(want) if understanding is self._of else None

    def signs(self, understanding: Understanding, text: str) -> Reading | None:
        """Any reading of a text: danger and services are in each."""
        for want, found in self._known.items() if understanding is self._of else ():
            if isinstance(want, Want) and want.text == text and isinstance(found, Reading):
                return found
        return None

    def once(self, read: Callable[[str], T], text: str) -> T:
        """What a function makes of a text by that alone: worked out once, however often the message is handled."""
        try:
            return cast(T, self._made[read, text])
        except KeyError:
            made = self._made[read, text] = read(text)
            return made

    def require(self, understanding: Understanding, wants: Iterable[Wanted]) -> None:
        """Raises Unread for those that are not known, or why they could not be read; no more once closed."""
        missing = [want for want in wants if self.get(understanding, want) is None]
        if missing and self._failure is not None:
            raise self._failure
        if missing and not self._is_closed:
            raise Unread(understanding, missing)


class AheadOfTime:
    """Asks an understanding only what is cheap, and looks up the rest in what was read. Raises Unread."""

    def __init__(self, understanding: Understanding, readings: Readings) -> None:
        self._understanding = understanding
        self._readings = readings

    def ask(self, text: str, language: str, favoured: Favoured = ()) -> Finding:
        """What the articles answer."""
        want = Want(text, language, favoured)
        self._readings.require(self._understanding, [want])
        known = self._readings.get(self._understanding, want)
        return _searched(known or self._understanding.read(want))

    def meanings(self, text: str, language: str, favoured: Favoured = ()) -> tuple[Meaning, ...]:
        """What a text may mean, best first."""
        want = Want(text, language, favoured)
        self._readings.require(self._understanding, [want])
        known = self._readings.get(self._understanding, want)
        if isinstance(known, Reading):
            return known.meanings
        return self._understanding.meanings(text, language, favoured)

    def will_ask(self, texts: Iterable[str], language: str) -> None:
        """Each of these is about to be asked: they are read in one go."""
        self._readings.require(self._understanding, [Want(text, language) for text in texts])

    def services(self, text: str, language: str | None = None) -> tuple[tuple[str, float], ...]:
        """Codes of the services that free words may mean, best first. Any reading of the text tells it; language: that
        of a question to the articles that may follow, so that they are read in one go.
        """
        if self._readings.signs(self._understanding, text) is None:
            self._readings.require(self._understanding, [Want(text, language)])
        known = self._readings.signs(self._understanding, text)
        return known.services if known else self._understanding.services(text)

    def plain_service(self, text: str) -> str | None:
        """The code where words alone make a plain story of one service."""
        return self.once(self._understanding.plain_service, text)

    def matters_in(self, text: str) -> tuple[str, ...]:
        """Codes of the services that the parts of a text plainly tell of."""
        return self.once(self._understanding.matters_in, text)

    def place_in(self, text: str) -> PlaceSaid | None:
        """The place that a text names in words."""
        known = self._readings.signs(self._understanding, text)
        return known.place if known else self.once(self._understanding.place_in, text)

    def once(self, read: Callable[[str], T], text: str) -> T:
        """What a function makes of a text by that alone."""
        return self._readings.once(read, text)

    def group(self, texts: Sequence[str]) -> Groups:
        """The places of texts that ask for the same."""
        want = Alike(tuple(texts))
        if len(want.texts) > FEW:
            self._readings.require(self._understanding, [want])
        known = self._readings.get(self._understanding, want)
        return known.places if isinstance(known, Grouping) else self._understanding.group(texts)

    def emergency(self, text: str) -> Emergency | None:
        """What must come before everything else."""
        known = self._signs(text)
        return known.emergency if known else self.once(self._understanding.emergency, text)

    def _signs(self, text: str) -> Reading | None:
        known = self._readings.signs(self._understanding, text)
        if known is None and len(text) > SHORT:
            self._readings.require(self._understanding, [Want(text)])
        return known


def _searched(found: Found) -> Finding:
    """What was found for a text whose answer was looked for."""
    if not isinstance(found, Reading) or found.finding is None:
        raise TypeError("no answer was looked for")
    return found.finding
