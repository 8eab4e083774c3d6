"""Each situation is built by the product itself, and what is said in it comes through its one entrance."""

from collections.abc import Iterator

import pytest

from bot.rehearsal.cases import Given, GivenForm, GivenTicket
from bot.rehearsal.seen import look
from bot.rehearsal.situation import CannotBuild, Scene, build
from bot.rehearsal.stage import NOW, Theatre, theatre
from handlers.ticket.ticket import Role, TicketKind, TicketState
from tests.handlers.counter import sample_town

BACHE = GivenTicket("t1", service="VIA-BACHE", place="Reforma 44", story="hay un hoyo", days_ago=3)


@pytest.fixture(scope="module")
def house() -> Iterator[Theatre]:
    with theatre(sample_town()) as found:
        yield found


def asked_of(scene: Scene) -> tuple[str | None, str | None]:
    row = look(scene).conversation
    return (row.flow, row.asked) if row else (None, None)


def given(order: str, **keys: object) -> Given:
    return Given(order=tuple(order.split()), **keys)  # type: ignore[arg-type]


def test_nothing_is_somebody_who_was_welcomed(house: Theatre) -> None:
    with house.stage("x") as stage:
        scene = build(stage, Given())
        assert asked_of(scene) == (None, None)
        assert [reply.key for reply in stage.hears(scene.speaker, "menu").replies] == ["menu.what"]


def test_an_article_was_given(house: Theatre) -> None:
    with house.stage("x") as stage:
        build(stage, given("article", article="curp"))
        assert "CURP" in stage.delivered[0].text


def test_articles_were_offered(house: Theatre) -> None:
    with house.stage("x") as stage:
        scene = build(stage, given("offer", offer=("curp", "ine")))
        assert asked_of(scene) == ("ask", "which")
        assert stage.hears(scene.speaker, "2").replies[0].params["title"] == "Credencial para votar (INE)"


def test_the_menu_was_shown(house: Theatre) -> None:
    with house.stage("x") as stage:
        assert asked_of(build(stage, given("menu", has_menu=True))) == ("menu", "what")


@pytest.mark.parametrize(
    ("form", "asked", "holds"),
    [
        (GivenForm("report", {"service": "VIA-BACHE"}, "place"), "place", {"service": "VIA-BACHE"}),
        (GivenForm("report", {"service": "VIA-BACHE", "place": "Reforma"}, "story"), "story", {"place": "Reforma"}),
        (GivenForm("report", {"service": "VIA-BACHE", "place": "Reforma"}, "photos"), "photos", {"place": "Reforma"}),
        (GivenForm("report", {"service": "VIA-BACHE", "story": "un pozo"}, "review"), "review", {"story": "un pozo"}),
        (GivenForm("request", {}, "story"), "what", {}),
        (GivenForm("request", {"story": "la nómina de 2025"}, "delivery"), "delivery", {"story": "la nómina de 2025"}),
        (GivenForm("request", {"story": "la nómina de 2025"}, "review"), "review", {}),
        (GivenForm("complaint", {}, "story"), "story", {}),
        (GivenForm("complaint", {"story": "me gritaron"}, "photos"), "photos", {"story": "me gritaron"}),
        (GivenForm("complaint", {"story": "me gritaron"}, "review"), "review", {"story": "me gritaron"}),
    ],
)  # fmt: skip
def test_a_form_is_open(house: Theatre, form: GivenForm, asked: str, holds: dict[str, str]) -> None:
    with house.stage("x") as stage:
        scene = build(stage, given("form", form=form))
        assert asked_of(scene) == (form.flow, asked)
        opened = look(scene).form
        assert opened is not None
        assert holds.items() <= opened.slots().items()


def test_a_form_that_leads_nowhere(house: Theatre) -> None:
    with house.stage("x") as stage, pytest.raises(CannotBuild):
        build(stage, given("form", form=GivenForm("report", {"service": "VIA-BACHE"}, "colour")))


@pytest.mark.parametrize("state", [state for state in TicketState if state is not TicketState.UNKNOWN])
@pytest.mark.parametrize("kind", [TicketKind.REPORT, TicketKind.INFORMATION_REQUEST, TicketKind.COMPLAINT])
def test_a_ticket_stands(house: Theatre, kind: TicketKind, state: TicketState) -> None:
    service = "VIA-BACHE" if kind is TicketKind.REPORT else None
    wanted = GivenTicket("t1", kind, service, story="lo que pasó aquel día", state=state, days_ago=5)
    with house.stage("x") as stage:
        found = build(stage, given("tickets", tickets=(wanted,))).ticket("t1")
        is_asked = state is TicketState.WAITING
        assert (found.kind, found.story) == (kind, "lo que pasó aquel día")
        assert found.state is (TicketState.RECEIVED if is_asked else state)
        assert (NOW - found.opened_at).days == 5


def test_an_official_asked_or_answered(house: Theatre) -> None:
    asked = GivenTicket("t1", service="VIA-BACHE", story="hoyo", asked="¿Qué tan hondo?", is_last=True)
    solved = GivenTicket(
        "t2", service="VIA-BACHE", story="hoyo", state=TicketState.RESOLVED, answered="Reparado.", days_ago=2
    )
    with house.stage("x") as stage:
        scene = build(stage, given("tickets", tickets=(asked, solved)))
        assert scene.ticket("t1").state is TicketState.WAITING
        assert scene.ticket("t2").state is TicketState.RESOLVED
        assert "¿Qué tan hondo?" in stage.delivered[-1].text
        found = stage.hears(scene.speaker, "como medio metro", reply_to=scene.last_about("t1"))
        assert [reply.key for reply in found.replies] == ["add.done"]


@pytest.mark.parametrize(
    ("last", "shown"), [("notice", "¿Qué tan hondo?"), ("receipt", "folio es"), ("article", "CURP"), ("menu", "Elige")]
)
def test_what_stood_last(house: Theatre, last: str, shown: str) -> None:
    asked = "¿Qué tan hondo?" if last == "notice" else None
    wanted = GivenTicket("t1", service="VIA-BACHE", story="hoyo", asked=asked, is_last=asked is not None)
    keys = given("article menu tickets", article="curp", has_menu=True, tickets=(wanted,), last=last)
    with house.stage("x") as stage:
        scene = build(stage, keys)
        texts = [each.text for each in stage.delivered if each.address_id == scene.speaker.address_id]
        assert any(shown in text for text in texts[-2:]), texts[-1]


def test_the_news_is_where_it_stands(house: Theatre) -> None:
    wanted = GivenTicket("t1", service="VIA-BACHE", story="hoyo", state=TicketState.IN_PROGRESS, is_last=True)
    with house.stage("x") as stage:
        scene = build(stage, given("article tickets", article="curp", tickets=(wanted,)))
        assert scene.ticket("t1").state is TicketState.IN_PROGRESS
        assert stage.delivered[-1].is_notice


def test_nothing_stands_last_after_two_days(house: Theatre) -> None:
    with house.stage("x") as stage:
        scene = build(stage, given("menu", has_menu=True, last="nothing"))
        assert asked_of(scene) == (None, None)


def test_an_official_has_the_departments_tickets(house: Theatre) -> None:
    shown = GivenTicket("t1", service="VIA-BACHE", place="Reforma 44", story="hoyo", is_last=True)
    with house.stage("x") as stage:
        scene = build(stage, given("tickets", role=Role.AGENT, department="obras_publicas", tickets=(shown,)))
        assert scene.ticket("t1").author_person_id != scene.speaker.person_id
        assert "Reforma 44" in stage.delivered[-1].text
        assert stage.hears(scene.speaker, f"/tomar {scene.folios['t1']}").replies[-1].key == "take.done"


def test_in_another_language(house: Theatre) -> None:
    with house.stage("x") as stage:
        scene = build(stage, given("menu", has_menu=True, language="en"))
        assert look(scene).language == "en"
        assert "What do you need?" in stage.delivered[-1].text


def test_one_rehearsal_leaves_nothing_to_the_next(house: Theatre) -> None:
    for _ in range(2):
        with house.stage("x") as stage:
            scene = build(stage, given("tickets", tickets=(BACHE,)))
            assert len(look(scene).tickets) == 1
            assert scene.ticket("t1").id == 1
