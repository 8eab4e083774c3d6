"""What could not be sent, handled or carried out, as those who look after the counter see it. Knows no row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class What(StrEnum):
    """What lies there."""

    #: An answer to what somebody had just sent.
    REPLY = "reply"
    #: A push.
    NOTICE = "notice"
    #: Something that somebody sent to us.
    ARRIVAL = "arrival"
    #: A form that was being filled in.
    FORM = "form"
    #: A change of the answers, made in the chat.
    CHANGE = "change"


class Trouble(StrEnum):
    """Why it lies there."""

    #: Another release wrote it, or it is damaged.
    UNREADABLE = "unreadable"
    #: It did not go out, and was given up.
    UNSENT = "unsent"
    #: The vendor took it, and told later that it did not arrive.
    REFUSED = "refused"
    #: It went out, and nobody knows whether it arrived.
    UNCERTAIN = "uncertain"
    #: We failed while we handled it, several times.
    UNHANDLED = "unhandled"
    #: The form is not here any more.
    GONE = "gone"
    #: The files could not be written.
    UNWRITTEN = "unwritten"
    #: The files would have had mistakes with it.
    UNSOUND = "unsound"


class Outcome(StrEnum):
    """What became of a wish to try again."""

    #: It is on its way again.
    DONE = "done"
    #: Somebody else was first.
    SETTLED = "settled"
    #: It may have arrived: it needs a word that it is to go out all the same.
    MAY_HAVE_ARRIVED = "may_have_arrived"
    #: This release still cannot read it.
    UNREADABLE = "unreadable"
    #: What it said is not kept any more.
    WORDLESS = "wordless"
    #: The person is filling in another form.
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One of them, without a word of what it says."""

    #: Names it to people: "m12", "a3f9c01b2", "f3", "c7".
    key: str
    what: What
    trouble: Trouble
    since: datetime
    #: Tries that failed.
    tries: int
    #: For those who look after the machine; without personal data.
    error: str
    channel: str | None = None
    #: In its normal form.
    folio: str | None = None
    #: Below the content folder.
    file: str | None = None
    may_have_arrived: bool = False


class DeadLetters(Protocol):
    """All of them, in the order of their keys."""

    def counts(self) -> Mapping[str, int]:
        """How many messages, arrivals, forms and changes. What may have arrived and was left at that does not count."""

    def newest(self) -> datetime | None:
        """When the last of those that count came to lie there."""

    def page(self, after: str | None, limit: int) -> tuple[DeadLetter, ...]:
        """Those that follow a key, whether or not that is still there."""

    def get(self, key: str) -> DeadLetter | None:
        """One of them; None where it was settled, or never was."""

    def retry(self, key: str, now: datetime, *, flows: Mapping[str, bool], even_if_arrived: bool = False) -> Outcome:
        """Have it tried again, with a fresh number of tries. Of two who wish so, one does it.

        flows: those that can be gone on with, and whether each is a form.
        """

    def retry_all(
        self, now: datetime, *, flows: Mapping[str, bool], at_most: int, even_if_arrived: bool = False
    ) -> Mapping[Outcome, int]:
        """Have every one tried again that can be, so many at most; how many became what."""

    def drop(self, key: str, by: str, now: datetime) -> bool:
        """Give it up for good: what it says is forgotten, that it was and who dropped it is kept. False: others did.

        by: such as "person 12".
        """
