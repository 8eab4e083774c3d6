"""Owns how a file of conversation cases is read: a situation, what is said in it, and what should come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

import yaml

from faq.model import Problem
from faq.reading.files import parse_yaml, read_text
from faq.reading.notes import Item, Notes, Record, did_you_mean
from handlers.ticket.ticket import Role, TicketKind, TicketState

E = TypeVar("E", bound=StrEnum)

#: What a conversation may come to; see docs/conversations.md.
OUTCOMES: Final = frozenset(
    {
        "answer", "fact", "offer", "unknown", "report", "request", "complaint", "denuncia", "added", "which", "status",
        "reopened", "withdrawn", "emergency", "small_talk", "person", "stop", "language", "form", "form_again",
        "form_other", "cancelled", "menu", "staff", "confirmed", "filed",
    }
)  # fmt: skip
#: Keys beside the outcome that hold one text.
_TEXTS: Final = (
    "article", "department", "fact", "includes", "service", "place_contains", "story_contains", "ticket", "kind",
    "key", "contains", "action",
)  # fmt: skip
_LASTS: Final = ("notice", "receipt", "article", "menu", "nothing")


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A ticket that stands before anything is said."""

    alias: str
    kind: TicketKind = TicketKind.REPORT
    service: str | None = None
    place: str | None = None
    story: str = ""
    state: TicketState = TicketState.RECEIVED
    #: What an official asked and waits for, and what one answered.
    asked: str | None = None
    answered: str | None = None
    #: Whether that notice, or to an official its card, was the last thing in this chat.
    is_last: bool = False
    days_ago: int = 0


@dataclass(frozen=True, slots=True)
class GivenForm:
    """A form that is open."""

    flow: str
    #: Question to answer, by the names that the cases use.
    filled: Mapping[str, str]
    #: The question that was just asked.
    at: str


@dataclass(frozen=True, slots=True)
class Given:
    """The situation. Without any of it: somebody who was welcomed, and nothing is open."""

    article: str | None = None
    offer: tuple[str, ...] = ()
    has_menu: bool = False
    tickets: tuple[GivenTicket, ...] = ()
    form: GivenForm | None = None
    language: str | None = None
    role: Role | None = None
    department: str | None = None
    #: What stood last in the chat; None: the last of the keys as they are written.
    last: str | None = None
    #: The keys as they are written.
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """One message."""

    text: str | None = None
    has_photo: bool = False
    #: (latitude, longitude)
    pin: tuple[float, float] | None = None
    #: Alias of the ticket whose last notice is quoted.
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """One way in which it may come out right."""

    outcome: str
    #: The other keys that hold one text.
    details: Mapping[str, str] = field(default_factory=dict)
    #: Texts that must be in the form.
    keeps: tuple[str, ...] = ()
    #: What `which` must offer.
    among: tuple[str, ...] = ()
    not_in_form: bool = False
    then: "Expected | None" = None


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation, of which the last message is judged."""

    id: str
    style: str
    given: Given
    say: tuple[Said, ...]
    #: Any of them will do.
    expect: tuple[Expected, ...]
    #: Where it stands in its file.
    line: int = 0


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a file, and what is wrong with it."""

    cases: tuple[Case, ...] = ()
    problems: tuple[Problem, ...] = ()
    #: So many are known to fail.
    failing: int = 0
    #: Where that is written.
    failing_line: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether every case says what its writer meant."""
        return not any(problem.is_error for problem in self.problems)


def read_cases(path: Path, name: str) -> CaseFile:
    """A list of cases, or `cases:` beside the number of those that are known to fail, `failing:`.

    name: how the file is called where a mistake is told.
    """
    notes = Notes()
    text = read_text(path, name, notes)
    root = parse_yaml(text, name, notes) if text is not None else None
    if root is None:
        return CaseFile(problems=tuple(notes.problems))
    listed: Item | None = root
    failing, line = 0, 0
    if _is_mapping(root):
        record = Record(root)
        known, listed = record.find("failing"), record.get("cases")
        failing, line = known.whole_number() if known else 0, record.line_of("failing")
        record.note_unknown_keys()
    found: dict[str, Case] = {}
    for item in listed.items() if listed is not None else ():
        case = _case(item)
        if case.id in found:
            item.error(f"{case.id} is there twice; it was first written on line {found[case.id].line}")
        found.setdefault(case.id, case)
    return CaseFile(tuple(found.values()), tuple(notes.problems), failing, line)


def _case(item: Item) -> Case:
    record = Record(item)
    given, say, expect = record.find("given"), record.get("say"), record.get("expect")
    case = Case(
        id=record.text("id"),
        style=record.text_or_none("style") or "other",
        given=_given(given) if given else Given(),
        say=tuple(_said(each) for each in say.items()) if say else (),
        expect=tuple(_expected(each) for each in expect.items()) if expect else (),
        line=item.line,
    )
    record.note_unknown_keys()
    return case


def _given(item: Item) -> Given:
    record = Record(item)
    tickets, form = record.find("tickets"), record.find("form")
    given = Given(
        article=record.text_or_none("article"),
        offer=record.texts("offer"),
        has_menu=record.yes_no("menu"),
        tickets=tuple(_ticket(each) for each in tickets.items()) if tickets else (),
        form=_form(form) if form else None,
        language=record.text_or_none("language"),
        role=_one_of(record, "role", Role),
        department=record.text_or_none("department"),
        last=record.text_or_none("last"),
        order=tuple(key for key, _ in item.entries()),
    )
    if given.last is not None and given.last not in _LASTS:
        item.error(f"last must be one of {', '.join(_LASTS)}, not {given.last!r}")
    record.note_unknown_keys()
    return given


def _ticket(item: Item) -> GivenTicket:
    record = Record(item)
    days = record.find("days_ago")
    ticket = GivenTicket(
        alias=record.text("alias"),
        kind=_one_of(record, "kind", TicketKind) or TicketKind.REPORT,
        service=record.text_or_none("service"),
        place=record.text_or_none("place"),
        story=record.text_or_none("story") or "",
        state=_one_of(record, "state", TicketState) or TicketState.RECEIVED,
        asked=record.text_or_none("asked"),
        answered=record.text_or_none("answered"),
        is_last=record.yes_no("notice"),
        days_ago=days.whole_number() if days else 0,
    )
    if ticket.kind is TicketKind.REPORT and ticket.service is None:
        item.error("service is missing: a report is about one")
    record.note_unknown_keys()
    return ticket


def _form(item: Item) -> GivenForm:
    record = Record(item)
    filled = record.find("filled")
    answers = {key: each.text() for key, each in filled.entries()} if filled else {}
    form = GivenForm(flow=record.text("flow"), filled=answers, at=record.text("at"))
    record.note_unknown_keys()
    return form


def _said(item: Item) -> Said:
    if not dict(item.entries() if _is_mapping(item) else ()):
        return Said(text=item.text())
    record = Record(item)
    pin = record.texts("pin")
    said = Said(
        text=record.text_or_none("text"),
        has_photo=record.yes_no("photo"),
        pin=_point(item, pin) if pin else None,
        reply_to=record.text_or_none("reply_to"),
    )
    record.note_unknown_keys()
    return said


def _expected(item: Item) -> Expected:
    if not _is_mapping(item):
        return Expected(_outcome(item, item.text()))
    record = Record(item)
    then = record.find("then")
    expected = Expected(
        outcome=_outcome(item, record.text("outcome")),
        details={key: text for key in _TEXTS if (text := record.text_or_none(key)) is not None},
        keeps=record.texts("keeps"),
        among=record.texts("among"),
        not_in_form=record.yes_no("not_in_form"),
        then=_expected(then) if then else None,
    )
    record.note_unknown_keys()
    return expected


def _outcome(item: Item, name: str) -> str:
    if name and name not in OUTCOMES:
        item.error(f"outcome {name!r} is not known{did_you_mean(name, OUTCOMES)}")
    return name


def _point(item: Item, written: tuple[str, ...]) -> tuple[float, float] | None:
    try:
        latitude, longitude = (float(each) for each in written)
    except ValueError:
        item.error("pin must be two numbers: [20.38, -102.93]")
        return None
    return latitude, longitude


def _one_of(record: Record, key: str, kinds: type[E]) -> E | None:
    found = record.find(key)
    written = found.text() if found else ""
    if found is None or written in list(kinds):
        return kinds(written) if found else None
    found.error(f"{key} must be one of {', '.join(kinds)}, not {written!r}")
    return None


def _is_mapping(item: Item) -> bool:
    return isinstance(item.node, yaml.MappingNode)
