"""The judge tells right from wrong: for each outcome a turn that is right, and the same turn under every other one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pytest

from bot.rehearsal.cases import OUTCOMES
from bot.rehearsal.seen import Snapshot
from faq.model import Library
from handlers.messages import Reply
from handlers.ticket.ticket import EventKind, TicketState
from tests.bot.rehearsal.stories import (
    FOLIO,
    OFFICIAL,
    OTHER_FOLIO,
    RESIDENT,
    event,
    form,
    moment,
    reply,
    ticket,
    verdict,
)
from tests.handlers.counter import sample_town

PLACE = {"latitude": None, "longitude": None, "text": "Reforma 44", "area": None}
OPEN_REPORT = moment(form("report", "place", group="VIA-BACHE", kind="VIA-BACHE"))


@dataclass(frozen=True)
class Turn:
    """What was seen, under what it is right, and with which other details it is wrong."""

    outcome: str
    replies: tuple[Reply, ...] = ()
    before: Snapshot | None = None
    after: Snapshot | None = None
    right: Mapping[str, object] | None = None
    wrong: tuple[Mapping[str, object], ...] = ()
    #: What it may rightly be called as well.
    also: tuple[str, ...] = ()
    said: str = "unas palabras"
    speaker: int = RESIDENT


TURNS = [
    Turn(
        "answer",
        (reply("article.answer", title="Pagar el predial", body="..."), reply("article.known", known="...")),
        right={"article": "predial-pago"},
        wrong=({"article": "curp"},),
    ),
    Turn(
        "fact",
        (reply("fact.told", article="predial-pago", fact="cost"),),
        right={"article": "predial-pago", "fact": "cost"},
        wrong=({"article": "predial-pago", "fact": "hours"}, {"article": "curp", "fact": "cost"}),
    ),
    Turn(
        "offer",
        (reply("ask.which", "abc:which:curp", "abc:which:agua-falta", "abc:which:none"),),
        right={"includes": "AGUA-FALTA"},
        wrong=({"includes": "ine"}, {"includes": "VIA-BACHE"}, {"includes": "which"}),
    ),
    Turn("unknown", (reply("ask.unknown"),)),
    Turn(
        "report",
        (reply("report.story"),),
        after=moment(form("report", "story", kind="VIA-BACHE", place=PLACE, story="llevo dos rines tronados")),
        right={"service": "VIA-BACHE", "place_contains": "reforma", "story_contains": "RINES", "keeps": "tronados"},
        wrong=(
            {"service": "AGUA-FUGA"},
            {"place_contains": "Galeana"},
            {"story_contains": "llanta"},
            {"keeps": "desde ayer"},
        ),
    ),
    Turn(
        "request",
        (reply("request.delivery"),),
        after=moment(form("request", "delivery", what="copia del contrato")),
        right={"keeps": "contrato"},
        wrong=({"keeps": "factura"},),
    ),
    Turn(
        "complaint",
        (reply("complaint.photos"),),
        after=moment(form("complaint", "photos", story="me gritó la cajera")),
        right={"keeps": "grito"},
        wrong=({"keeps": "catastro"},),
    ),
    Turn("denuncia", (reply("complaint.internal_control"),)),
    Turn(
        "added",
        (reply("add.done", folio=FOLIO),),
        before=moment(None, event(EventKind.OPENED), now=ticket()),
        after=moment(None, event(EventKind.OPENED), event(EventKind.ADDED, text="unas palabras"), now=ticket()),
        right={"ticket": "t1"},
        wrong=({"ticket": "t2"},),
    ),
    Turn(
        "which",
        (reply("which.ticket", f"/agregar {FOLIO}", f"/agregar {OTHER_FOLIO}", "abc:which:new"),),
        right={"among": ["t1", "t2", "new"]},
        wrong=({"among": ["t1", "VIA-BACHE"]},),
    ),
    Turn("status", (reply("track.open", folio=FOLIO),), right={"ticket": "t1"}, wrong=({"ticket": "t2"},)),
    Turn(
        "reopened",
        (reply("add.done", folio=FOLIO),),
        before=moment(None, event(EventKind.OPENED), now=ticket(TicketState.RESOLVED)),
        after=moment(
            None,
            event(EventKind.OPENED),
            event(EventKind.ADDED, to=TicketState.IN_PROGRESS, text="unas palabras"),
            now=ticket(TicketState.IN_PROGRESS),
        ),
        right={"ticket": "t1"},
        wrong=({"ticket": "t2"},),
    ),
    Turn(
        "withdrawn",
        (reply("withdraw.sure", folio=FOLIO),),
        right={"ticket": "t1"},
        wrong=({"ticket": "t2"},),
    ),
    Turn(
        "emergency",
        (reply("emergency.violence"),),
        right={"kind": "violence"},
        wrong=({"kind": "fire"}, {"then": {"outcome": "report"}}),
    ),
    Turn("small_talk", (reply("smalltalk.thanks"),)),
    Turn("person", (reply("person.way"),)),
    Turn("stop", (reply("stop.done"),)),
    Turn("language", (reply("language.switched"), reply("report.place")), before=OPEN_REPORT),
    Turn(
        "form",
        (reply("report.story"),),
        before=OPEN_REPORT,
        after=moment(form("report", "story", group="VIA-BACHE", kind="VIA-BACHE", place=PLACE)),
        right={"key": "place", "contains": "Reforma"},
        wrong=({"key": "story"}, {"key": "place", "contains": "Galeana"}, {"not_in_form": True}),
        also=("report",),
    ),
    Turn("form_again", (reply("form.place_again"),), before=OPEN_REPORT),
    Turn(
        "form_other",
        (reply("form.other"),),
        before=OPEN_REPORT,
        after=moment(form("report", "place", group="VIA-BACHE", kind="VIA-BACHE", _heard="unas palabras")),
    ),
    Turn("cancelled", (reply("control.cancelled"),), before=OPEN_REPORT, after=moment()),
    Turn("menu", (reply("menu.what"),)),
    Turn(
        "staff",
        (reply("staff.read_as_resolve", folio=FOLIO),),
        right={"ticket": "t1", "action": "resolve"},
        wrong=({"ticket": "t2", "action": "resolve"}, {"ticket": "t1", "action": "take"}),
        speaker=OFFICIAL,
    ),
    Turn("confirmed", (reply("ticket.confirm_done", folio=FOLIO),), right={"ticket": "t1"}, wrong=({"ticket": "t2"},)),
    Turn(
        "filed",
        (reply("report.filed", folio=FOLIO),),
        before=moment(form("report", "review", kind="VIA-BACHE", place=PLACE, story="hay un hoyo")),
        after=moment(None, event(EventKind.OPENED), now=ticket()),
    ),
]


@cache
def library() -> Library:
    return sample_town().library


def of(turn: Turn, expected: Mapping[str, object]) -> bool:
    return verdict(
        library(),
        expected,
        *turn.replies,
        before=turn.before,
        after=turn.after,
        said=turn.said,
        speaker=turn.speaker,
    ).is_right


def test_each_outcome_has_a_turn() -> None:
    assert {turn.outcome for turn in TURNS} == OUTCOMES


@pytest.mark.parametrize("turn", TURNS, ids=lambda turn: turn.outcome)
def test_a_turn_is_right_under_its_own_name_alone(turn: Turn) -> None:
    assert of(turn, {"outcome": turn.outcome, **(turn.right or {})})
    others = OUTCOMES - {turn.outcome, *turn.also}
    assert [other for other in sorted(others) if of(turn, {"outcome": other})] == []


@pytest.mark.parametrize("turn", [turn for turn in TURNS if turn.wrong], ids=lambda turn: turn.outcome)
def test_a_turn_is_wrong_with_other_details(turn: Turn) -> None:
    assert [each for each in turn.wrong if of(turn, {"outcome": turn.outcome, **each})] == []


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_silence_is_never_right(outcome: str) -> None:
    assert not verdict(library(), {"outcome": outcome}).is_right


@pytest.mark.parametrize(("key", "action"), [("queue.todas", "queue"), ("staff.read_as_close", "close")])
def test_work_is_told_by_what_is_said(key: str, action: str) -> None:
    expected = {"outcome": "staff", "action": action}
    assert verdict(library(), expected, reply(key), speaker=OFFICIAL).is_right


@pytest.mark.parametrize(
    ("flow", "answers", "action"),
    [
        ("answer", {}, "answer"),
        ("answer", {"how": "question"}, "ask"),
        ("answer", {"how": "resolved"}, "resolve"),
        ("state", {"to": "resolved"}, "resolve"),
        ("state", {"to": "in_progress"}, "note"),
        ("note", {}, "note"),
        ("close", {}, "close"),
        ("transfer", {"department": "parques"}, "route"),
        ("take", {}, "take"),
    ],
)
def test_work_is_told_by_where_it_stands(flow: str, answers: Mapping[str, str], action: str) -> None:
    after = moment(form(flow, "next", ticket=FOLIO, **answers), event(EventKind.OPENED), now=ticket())
    before = moment(None, event(EventKind.OPENED), now=ticket())
    for each in ("take", "ask", "answer", "note", "resolve", "close", "route", "queue"):
        expected = {"outcome": "staff", "ticket": "t1", "action": each}
        found = verdict(library(), expected, before=before, after=after, speaker=OFFICIAL)
        assert found.is_right is (each == action), each


@pytest.mark.parametrize(
    ("kind", "to", "action"),
    [
        (EventKind.TAKEN, None, "take"),
        (EventKind.NOTED, None, "note"),
        (EventKind.ANSWERED, None, "answer"),
        (EventKind.ANSWERED, TicketState.WAITING, "ask"),
        (EventKind.ANSWERED, TicketState.RESOLVED, "resolve"),
        (EventKind.STATE_CHANGED, TicketState.RESOLVED, "resolve"),
        (EventKind.CLOSED, TicketState.CLOSED, "close"),
        (EventKind.TRANSFERRED, None, "route"),
    ],
)
def test_work_is_told_by_what_is_stored(kind: EventKind, to: TicketState | None, action: str) -> None:
    before, after = (
        moment(None, event(EventKind.OPENED), *more, now=ticket()) for more in ((), (event(kind, OFFICIAL, to),))
    )
    expected = {"outcome": "staff", "ticket": "t1", "action": action}
    assert verdict(library(), expected, before=before, after=after, speaker=OFFICIAL).is_right


def test_an_answer_that_leads_to_a_person_counts_as_one() -> None:
    said = reply("article.answer", title="Hablar con una persona", body="...")
    assert verdict(library(), {"outcome": "person"}, said).is_right
    assert verdict(library(), {"outcome": "answer", "article": "hablar-persona"}, said).is_right


def test_a_fact_of_the_office_counts_as_the_articles() -> None:
    said = reply("fact.unconfirmed", department="dif", fact="hours")
    assert verdict(library(), {"outcome": "fact", "article": "inapam", "fact": "hours"}, said).is_right
    assert not verdict(library(), {"outcome": "fact", "article": "curp", "fact": "hours"}, said).is_right
    of_another = reply("fact.told", article="dif-despensa", department="dif", fact="cost")
    assert not verdict(library(), {"outcome": "fact", "article": "inapam", "fact": "cost"}, of_another).is_right


def test_danger_in_one_word_covers_fire_but_not_violence() -> None:
    said = reply("emergency.danger")
    assert verdict(library(), {"outcome": "emergency", "kind": "fire"}, said).is_right
    assert not verdict(library(), {"outcome": "emergency", "kind": "violence"}, said).is_right


def test_a_list_of_one_tells_where_it_stands_and_a_longer_one_asks() -> None:
    one = reply("tickets.list", f"/folio {FOLIO}")
    two = reply("tickets.list", f"/folio {FOLIO}", f"/folio {OTHER_FOLIO}")
    status = {"outcome": "status", "ticket": "t1"}
    assert verdict(library(), status, one).is_right
    assert not verdict(library(), status, two).is_right
    assert verdict(library(), {"outcome": "which", "among": ["t1", "t2"]}, two).is_right
