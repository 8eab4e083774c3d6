"""Two officials at one ticket: the slower one is told to look again."""

from collections.abc import Iterator

import pytest

from handlers.commands import COMMANDS
from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, flow
from handlers.ticket.ticket import Role
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


@pytest.fixture
def slow_command() -> Iterator[str]:
    """A command that acts on a ticket as it was read before somebody changed it."""

    @flow("slow", command="lento", role=Role.AGENT, arguments=("ticket",))
    def slow(chat: Chat) -> None:
        """Take it, and take it again as if that had not happened."""
        before = chat.ticket("ticket")
        chat.desk.take(before)
        chat.desk.take(before)

    yield "lento"
    del FLOWS["slow"], COMMANDS["lento"]


def test_a_change_against_an_older_version_is_told(case: Case, pablo: Talker, slow_command: str) -> None:
    """Nothing breaks: the official is told, with a way to look at it again."""
    answer = pablo.says(f"/{slow_command} {case.folio}")
    assert "Alguien cambió ese folio" in texts(answer)
    assert [choice.id for choice in answer[-1].choices] == [f"/ver {case.folio}"]
    assert [event.kind for event in case.history] == ["opened", "taken"]


def test_who_lost_the_role_hears_no_more_of_the_ticket(
    counter: Counter, case: Case, ana: Talker, pablo: Talker, petra: Talker
) -> None:
    """What the resident adds goes to the department instead."""
    pablo.says(f"/tomar {case.folio}")
    person_id = pablo.contact().person_id
    counter.run(lambda uow: uow.invitations.revoke(person_id, counter.now))
    ana.says(f"/agregar {case.folio} ya hay dos hoyos")
    ana.taps("sin foto")
    assert not pablo.collect()
    assert "ya hay dos hoyos" in texts(petra.collect())


def test_what_a_resident_adds_reaches_the_official_in_charge_only(
    case: Case, ana: Talker, pablo: Talker, petra: Talker
) -> None:
    """Photos come along."""
    pablo.says(f"/tomar {case.folio}")
    ana.says(f"/agregar {case.folio} así se ve hoy")
    ana.sends_photo()
    ana.taps("Listo")
    pushed = pablo.collect()
    assert "así se ve hoy" in texts(pushed) and len(pushed[-1].media) == 1
    assert not petra.collect()
