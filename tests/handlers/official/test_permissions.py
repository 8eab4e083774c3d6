"""A command, a button and a reply are no permission: role and department are asked again at every step."""

import pytest

from handlers.commands import COMMANDS
from handlers.desk.notices import Notices
from handlers.messages import IncomingMessage, OutgoingMessage
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case

PERSONAL = ("hoyo enorme", "calle Hidalgo", "Centro")
ACTS = ("tomar", "responder", "nota", "estado", "turnar", "cerrar", "historia")


def presses(person: Talker, choice: str) -> str:
    """A button that was never offered."""
    return texts(person._send(choice=choice))


@pytest.mark.parametrize("command", [name for name, command in COMMANDS.items() if command.role])
def test_a_resident_is_told_that_it_is_not_for_them(case: Case, ana: Talker, command: str) -> None:
    """Even for their own folio."""
    assert "es para otro puesto" in texts(ana.says(f"/{command} {case.folio} porque yo lo digo"))
    assert len(case.history) == 1


@pytest.mark.parametrize("command", ["asignar", "personal"])
def test_an_agent_is_told_that_it_takes_another_role(case: Case, pablo: Talker, command: str) -> None:
    """Supervisors give tickets out; administrators see the staff."""
    assert "es para otro puesto" in texts(pablo.says(f"/{command} {case.folio}"))


@pytest.mark.parametrize("command", ACTS)
def test_an_agent_of_another_department_can_do_nothing(case: Case, luz: Talker, command: str) -> None:
    """Typed, or as a forged button; and nothing personal is shown."""
    for answer in (
        texts(luz.says(f"/{command} {case.folio} cerrado porque yo lo digo")),
        presses(luz, f"/{command} {case.folio} cerrado porque yo lo digo"),
    ):
        assert "es de otra área" in answer
        assert not any(word in answer for word in PERSONAL)
    assert len(case.history) == 1


def test_an_agent_of_another_department_sees_what_a_stranger_sees(case: Case, luz: Talker) -> None:
    """State, office and dates."""
    answer = texts(luz.says(f"/ver {case.folio}"))
    assert "Recibido" in answer and "Obras Públicas" in answer
    assert not any(word in answer for word in PERSONAL)
    assert not [choice for choice in luz.received[-1].choices if choice.id.split()[0].lstrip("/") in ACTS]


def test_another_departments_tickets_are_neither_queued_nor_found(case: Case, luz: Talker) -> None:
    """Queue and search stay within the department."""
    for said in ("/cola", "/cola vencidas", "/buscar hoyo", f"/buscar {case.folio}", "/buscar Hidalgo"):
        answer = texts(luz.says(said))
        assert "hoyo enorme" not in answer and "calle" not in answer.lower()


def test_a_reply_to_somebody_elses_push_opens_nothing(counter: Counter, case: Case, pablo: Talker, luz: Talker) -> None:
    """A forged id of a message is one that nobody knows: it does not even tell that there is a folio behind it."""
    pablo.says(f"/ver {case.folio}")
    answer = texts(luz.says("Ya quedó", reply_to=counter.message_ids["pablo"][-1]))
    assert case.folio not in answer and "es de otra área" not in answer and "Así lo leerá" not in answer


def test_who_lost_the_ticket_cannot_finish_what_was_begun(
    case: Case, ana: Talker, pablo: Talker, sofia: Talker
) -> None:
    """The ticket moved to another department while the answer was being shown."""
    pablo.says(f"/responder {case.folio} Ya quedó")
    sofia.says(f"/turnar {case.folio} agua potable: es una fuga de agua")
    sofia.taps("Enviar")
    ana.collect()
    assert "es de otra área" in texts(pablo.taps("Enviar y dejar abierto"))
    assert not ana.collect()


def test_who_lost_the_role_cannot_finish_what_was_begun(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """Revoked while the answer was being shown."""
    pablo.says(f"/responder {case.folio} Ya quedó")
    person_id = pablo.contact().person_id
    assert counter.run(lambda uow: uow.invitations.revoke(person_id, counter.now))
    assert "es para otro puesto" in texts(pablo.taps("Enviar y dejar abierto"))
    assert not ana.collect()


def test_an_assigned_official_of_the_whole_town_hall_may_work_on_it(case: Case, adan: Talker, sofia: Talker) -> None:
    """The whole town hall is every department."""
    assert "hoyo enorme" in texts(adan.says(f"/ver {case.folio}"))


def test_a_forged_option_is_refused(case: Case, counter: Counter, ana: Talker, pablo: Talker) -> None:
    """A state that was not offered cannot be pressed into being."""
    pablo.says(f"/estado {case.folio}")
    mark = pablo.received[-1].choices[0].id.split(":")[0]
    assert "Ese botón ya no sirve" in presses(pablo, f"{mark}:to:withdrawn")
    assert "Ese botón ya no sirve" in presses(pablo, f"{mark}:how:send")
    assert "Ese botón ya no sirve" in presses(pablo, "zzz:to:closed")
    assert len(case.history) == 1


def test_the_rig_sends_what_it_says(counter: Counter, ana: Talker) -> None:
    """A message of a chat is handled once, however often it comes."""
    message = IncomingMessage(ana.address, "same", counter.now, text="hola")
    counter.receive(message)
    counter.receive(message)
    assert texts(ana.collect()).count("¿Qué necesitas?") == 1


def test_what_waits_for_an_official_who_lost_the_role_is_not_sent(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """The push that was on its way ends there; their own matters go out."""
    pablo.collect()
    person_id = pablo.contact().person_id
    with counter.transaction() as unit:
        notices = Notices(unit, counter.town, counter.now)
        notices.to_officials(case.ticket, case.last, "withdrawn", actor=ana.contact())
        unit.outbox.put(pablo.contact().address_id, OutgoingMessage("Tu folio"), now=counter.now)
        assert unit.invitations.revoke(person_id, counter.now)
    assert [message.text for value, message in counter.deliver() if value == "pablo"] == ["Tu folio"]


def test_only_what_a_role_gives_is_marked_as_the_roles(case: Case, ana: Talker, pablo: Talker) -> None:
    """An official's own matters stay theirs when the role is gone."""
    assert all(message.role == "agent" for message in pablo.says(f"/ver {case.folio}"))
    assert all(message.role == "agent" for message in pablo.says("/cola"))
    assert all(message.role is None for message in pablo.says(f"/folio {case.folio}"))
    assert all(message.role is None for message in ana.says(f"/folio {case.folio}"))
    ana.says(f"/agregar {case.folio} ya son dos")
    ana.taps("sin foto")
    assert [message.role for message in pablo.collect()] == ["agent"]
