"""What a turn may look like, made by hand: replies that may not be said yet, and rows as the engine stores them."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.rehearsal.acts import acts_of
from bot.rehearsal.cases import Case, Expected, Given, Said
from bot.rehearsal.judging import Verdict, judge
from bot.rehearsal.seen import Seen, Snapshot
from faq.model import Library
from handlers.messages import Choice, Reply
from handlers.ports import Conversation, Json
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
RESIDENT, OFFICIAL = 1, 2
_chance = random.Random(7)
FOLIO, OTHER_FOLIO = (folios.new(_chance.choice) for _ in range(2))
ALIASES = {"t1": FOLIO, "t2": OTHER_FOLIO}


def reply(key: str, *choices: str, **params: str) -> Reply:
    return Reply(key, params, tuple(Choice(each, each) for each in choices))


def ticket(state: TicketState = TicketState.RECEIVED, folio: str = FOLIO) -> Ticket:
    return Ticket(
        id=7, folio=folio, kind=TicketKind.REPORT, state=state, department="obras_publicas", service="VIA-BACHE",
        story="hay un hoyo", place=None, delivery=None, author_person_id=RESIDENT, author_address_id=1,
        assignee_person_id=None, opened_at=NOW, received_at=NOW, due_at=NOW, updated_at=NOW,
    )  # fmt: skip


def event(kind: EventKind, who: int = RESIDENT, to: TicketState | None = None, text: str | None = None) -> TicketEvent:
    return TicketEvent(7, kind, NOW, actor_person_id=who, from_state=TicketState.RECEIVED, to_state=to, text=text)


def form(flow: str, asked: str, nonce: str = "abc", **answers: Json) -> Conversation:
    journal: dict[str, Json] = {"_nonce": {"is": nonce}, **{key: {"answer": each} for key, each in answers.items()}}
    return Conversation(1, flow, journal, asked, (), NOW)


def moment(row: Conversation | None = None, *events: TicketEvent, now: Ticket | None = None) -> Snapshot:
    return Snapshot(row, {now.folio: (now, events)} if now else {}, "es")


def verdict(
    library: Library,
    expected: Mapping[str, object] | list[Mapping[str, object]],
    *replies: Reply,
    before: Snapshot | None = None,
    after: Snapshot | None = None,
    said: str = "unas palabras",
    speaker: int = RESIDENT,
    has_photo: bool = False,
) -> Verdict:
    start = before or moment()
    seen = Seen(start, after or start, replies, ())
    expectations = expected if isinstance(expected, list) else [expected]
    case = Case("x", "x", Given(), (Said(said, has_photo=has_photo),), tuple(map(wanted, expectations)))
    return judge(case, seen, acts_of(seen, library, speaker), ALIASES, library)


def wanted(keys: Mapping[str, object]) -> Expected:
    """As a case writes it."""
    rest = dict(keys)
    outcome, then = str(rest.pop("outcome")), rest.pop("then", None)
    keeps, among = rest.pop("keeps", ()), rest.pop("among", ())
    is_apart = bool(rest.pop("not_in_form", False))
    return Expected(
        outcome,
        {key: str(value) for key, value in rest.items()},
        (keeps,) if isinstance(keeps, str) else tuple(map(str, keeps)),  # type: ignore[call-overload]
        tuple(map(str, among)),  # type: ignore[call-overload]
        is_apart,
        wanted(then) if isinstance(then, Mapping) else None,
    )
