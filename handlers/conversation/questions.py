"""How each kind of question reads an answer. Knows wording only as keys, and nothing of flows or storage."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from faq.places.map_links import is_short_map_link, parse_map_link
from faq.places.said import PlaceSaid, same_place
from faq.search.services import closest
from faq.speech import Act, acts
from faq.speech.choices import chosen
from faq.text import fold
from handlers.messages import Choice, IncomingMessage, Param, Place
from handlers.ports import Json
from handlers.texts import declare, under

declare(
    __name__,
    *under(
        "form",
        "stale choose_again text_needed text_too_short text_too_long number_again place_short_link "
        "place_again place_vague place_outside attachments_again attachments_more",
    ),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """The message as a question gets it."""

    text: str = ""
    #: Id of a tapped choice of this very question, without its marks.
    option: str | None = None
    place: Place | None = None
    media: tuple[int, ...] = ()

    @classmethod
    def of(cls, message: IncomingMessage, media: tuple[int, ...], option: str | None = None) -> "Heard":
        """The parts of a message that can answer a question."""
        return cls(text=(message.text or "").strip(), option=option, place=message.place, media=media)


@dataclass(frozen=True, slots=True)
class Answer:
    """Understood. `also` are answers to other questions that came in the same breath."""

    value: Json
    also: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """Understood in part: more may follow."""

    value: Json
    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Again:
    """Not understood: why, as a message key."""

    key: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Not an answer to this, and it need not be: the message is for the counter at large."""


Reading = Answer | Part | Again | Elsewhere


class Question(Protocol):
    """One kind of question."""

    def read(self, heard: Heard, partial: Json) -> Reading:
        """Make an answer of what was said."""

    def accepts(self, value: Json) -> bool:
        """Whether a noted answer still fits, after the flow's code or the town's files changed."""

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """What can be tapped."""


@dataclass(frozen=True, slots=True)
class ChoiceQuestion:
    """One of a few: by tap, number, label or something close to a label."""

    options: tuple[Choice, ...]
    #: Makes answers of free words: {question: value}, its own key among them or not at all.
    understand: Callable[[str], Mapping[str, Json] | None] | None = None
    key: str = ""
    #: Soft questions let any other message pass on to the counter.
    is_soft: bool = False
    #: Answers that are not shown but fit: what free words may lead to.
    hidden: frozenset[str] = frozenset()

    def read(self, heard: Heard, partial: Json) -> Reading:
        """Options first, then free words."""
        ids = [option.id for option in self.options]
        if heard.option is not None:
            return Answer(heard.option) if heard.option in ids else Again("form.stale")
        at = picked(heard.text, self.options)
        if at is not None:
            return Answer(ids[at])
        understood = self.understand(heard.text) if self.understand and heard.text else None
        if understood and self.key in understood:
            return Answer(understood[self.key], {key: value for key, value in understood.items() if key != self.key})
        return Elsewhere() if self.is_soft else Again("form.choose_again")

    def accepts(self, value: Json) -> bool:
        """Still among the options."""
        return value in self.hidden or any(option.id == value for option in self.options)

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """The options."""
        return self.options


@dataclass(frozen=True, slots=True)
class TextQuestion:
    """Free words, with a least and a greatest length in characters."""

    at_least: int = 1
    at_most: int = 2000

    def read(self, heard: Heard, partial: Json) -> Reading:
        """The words as they came, without outer blanks."""
        if not heard.text:
            return Again("form.text_needed")
        if len(heard.text) < self.at_least:
            return Again("form.text_too_short", {"least": self.at_least})
        if len(heard.text) > self.at_most:
            return Again("form.text_too_long", {"most": self.at_most, "length": len(heard.text)})
        return Answer(heard.text)

    def accepts(self, value: Json) -> bool:
        """Any text: the limits may have changed, the words stay said."""
        return isinstance(value, str)

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """A whole number within limits."""

    least: int
    most: int

    def read(self, heard: Heard, partial: Json) -> Reading:
        """Digits, with blanks or commas between thousands."""
        digits = heard.text.replace(" ", "").replace(",", "")
        if not digits.removeprefix("-").isdecimal() or len(digits) > 12:
            return Again("form.number_again", {"least": self.least, "most": self.most})
        number = int(digits)
        if not self.least <= number <= self.most:
            return Again("form.number_again", {"least": self.least, "most": self.most})
        return Answer(number)

    def accepts(self, value: Json) -> bool:
        """Still within the limits."""
        return isinstance(value, int) and self.least <= value <= self.most

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """A place: a pin, a pasted map link, or words."""

    #: Finds the area of a pin, or of a place named in words.
    locate: Callable[[Place], Place]
    #: What the person seems to have said already; taken with a tap.
    suggestion: Choice | None = None
    #: Whether words mean "that very place".
    is_there: Callable[[str], bool] = lambda _: False
    #: The place that words name.
    find: Callable[[str], PlaceSaid | None] = lambda _: None
    #: Whether a pin lies outside the town.
    is_outside: Callable[[Place], bool] = lambda _: False
    #: The place of what the person reported before: "en el mismo lugar".
    before: Callable[[], Place | None] = lambda: None

    def read(self, heard: Heard, partial: Json) -> Reading:
        """Coordinates win over words; short links cannot be opened from here."""
        if heard.option is not None:
            return self._suggested(heard.option)
        if heard.place is not None:
            return self._pin(heard.place, partial)
        point = parse_map_link(heard.text)
        if point is not None:
            return self._pin(Place(latitude=point[0], longitude=point[1]), partial)
        if is_short_map_link(heard.text) and (said := self.find(heard.text)) is not None and not said.is_vague:
            return Answer(place_to_json(self.locate(Place(text=said.words))))
        if is_short_map_link(heard.text):
            return Again("form.place_short_link")
        if self.suggestion and (picked(heard.text, (self.suggestion,)) == 0 or self.is_there(heard.text)):
            return self._suggested(self.suggestion.id)
        if same_place(heard.text) and (before := self.before()) is not None:
            return Answer(place_to_json(before))
        said = self.find(heard.text)
        if said is None or said.is_vague:
            return Again("form.place_again" if said is None else "form.place_vague")
        return Answer(place_to_json(self.locate(Place(text=heard.text[:300]))))

    def _pin(self, place: Place, partial: Json) -> Reading:
        """One outside of the town is asked for once more; who insists is believed."""
        found = place_to_json(self.locate(place))
        if self.is_outside(place) and partial is None:
            return Part(found, "form.place_outside")
        return Answer(found)

    def _suggested(self, option: str) -> Reading:
        if self.suggestion is None or option != self.suggestion.id:
            return Again("form.stale")
        return Answer(place_to_json(self.locate(Place(text=self.suggestion.label))))

    def accepts(self, value: Json) -> bool:
        """Any place."""
        return place_from_json(value) is not None

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """The suggestion, if there is one."""
        return (self.suggestion,) if self.suggestion else ()


@dataclass(frozen=True, slots=True)
class AttachmentsQuestion:
    """Up to so many photos or files, one or several a message, ended by "done"."""

    at_most: int
    done: Choice
    none: Choice
    #: Folded words that end it.
    done_words: frozenset[str]

    def read(self, heard: Heard, partial: Json) -> Reading:
        """Counts what came; the last one allowed ends it by itself."""
        kept: list[Json] = list(partial) if isinstance(partial, list) else []
        is_done = heard.option in {self.done.id, self.none.id} or (
            heard.option is None
            and not heard.media
            and (fold(heard.text) in self.done_words or chosen(heard.text, 1) == 0 or _is_done(heard.text))
        )
        if is_done:
            return Answer(kept)
        if not heard.media:
            return Again("form.attachments_again", {"most": self.at_most})
        kept += list(heard.media)
        if len(kept) >= self.at_most:
            return Answer(kept[: self.at_most])
        return Part(kept, "form.attachments_more", {"n": len(kept), "most": self.at_most})

    def accepts(self, value: Json) -> bool:
        """A list of ids."""
        return isinstance(value, list)

    def choices(self, partial: Json) -> tuple[Choice, ...]:
        """Go on without, or done."""
        return (self.done,) if partial else (self.none,)


def place_to_json(place: Place) -> Json:
    """A place as the journal keeps it."""
    return {"latitude": place.latitude, "longitude": place.longitude, "text": place.text, "area": place.area}


def place_from_json(value: Json) -> Place | None:
    """A place from the journal, or None if it is not one."""
    if not isinstance(value, dict):
        return None
    latitude, longitude = value.get("latitude"), value.get("longitude")
    text, area = value.get("text"), value.get("area")
    return Place(
        latitude=float(latitude) if isinstance(latitude, int | float) else None,
        longitude=float(longitude) if isinstance(longitude, int | float) else None,
        text=text if isinstance(text, str) else None,
        area=area if isinstance(area, str) else None,
    )


def picked(text: str, options: Sequence[Choice]) -> int | None:
    """Which of the options a number in any spelling or a label names, from 0; None for any other text."""
    if not text:
        return None
    at = chosen(text, len(options))
    return at if at is not None else closest(text, [option.label for option in options])


def _is_done(text: str) -> bool:
    return any(each.is_all and each.act in {Act.DONE, Act.NO, Act.SENDIT} for each in acts(text))
