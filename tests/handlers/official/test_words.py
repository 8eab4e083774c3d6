"""The officials' texts: all there, short, and the same placeholders in both languages."""

import pytest

from faq.reading.messages import placeholders
from handlers.commands import menus
from handlers.ticket.ticket import EventKind, Role, TicketKind, TicketState
from tests.handlers.counter import sample_town

LANGUAGES = ("es", "en")
#: What the flows put together from parts, and no reader of the source can see as one key.
BUILT = [
    *(f"state.{state}" for state in TicketState),
    *(f"kind.{kind}" for kind in TicketKind),
    *(f"log.{kind}" for kind in EventKind),
    *(f"role.{role}" for role in Role),
    *(f"queue.{name}{end}" for name in ("todas", "mias", "vencidas") for end in ("", "_none")),
    *(f"queue.show_{name}" for name in ("todas", "mias", "vencidas")),
    *(f"answer.how_options.{name}" for name in ("open", "ended", "resolved", "question", "change")),
    *(
        f"notice.{key}"
        for key in ("answered", "resolved", "asked", "moved", "closed", "taken", "transferred", "followed")
    ),
    *(
        f"staff.{key}"
        for key in ("opened", "added", "withdrawn", "assigned", "reassigned", "transferred", "not_allowed")
    ),
    *(f"draft.{flow}" for flow in ("answer", "note", "state", "close", "transfer")),
    *(f"notice_state.{state}" for state in ("pending", "sending", "sent", "delivered", "read", "uncertain", "dead")),
    *(
        f"button.{command}"
        for command in ("ver", "tomar", "responder", "nota", "estado", "turnar", "cerrar", "asignar")
    ),
    *(f"button.{command}" for command in ("historia", "cola", "comandos", "menu", "folio", "agregar", "misfolios")),
    *(f"due.{when}" for when in ("today", "tomorrow", "in_hours", "in_days", "ended")),
    *(f"due.overdue_{when}" for when in ("today", "yesterday", "days")),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_built_key_has_a_text(language: str) -> None:
    """No official is met with a key instead of a sentence."""
    texts = sample_town().library.messages[language]
    assert [key for key in BUILT if key not in texts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_need_nothing_to_be_said(language: str) -> None:
    """The engine says them without knowing the ticket."""
    texts = sample_town().library.messages[language]
    assert {
        key: placeholders(text) for key, text in texts.items() if key.startswith("ticket.") and placeholders(text)
    } == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_notices_name_the_folio_and_are_short(language: str) -> None:
    """At most 400 characters beside the official's own words."""
    texts = sample_town().library.messages[language]
    for key, text in texts.items():
        if key.startswith(("notice.", "staff.opened", "staff.added", "staff.withdrawn", "staff.assigned")):
            assert "{folio}" in str(text), key
        if key.startswith(("notice.", "staff.", "ticket.")):
            assert len(str(text)) <= 400, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_of_a_menu_is_described_in_few_words(language: str) -> None:
    """Telegram shows them in one line."""
    texts = sample_town().library.messages[language]
    for role, commands in menus().items():
        assert len({each.name for each in commands}) == len(commands), role
        for each in commands:
            assert 3 <= len(str(texts[f"command.{each.name}"])) <= 60, each.name


def test_a_menu_shows_only_what_its_role_may() -> None:
    """And nothing that does not exist."""
    for role_name, commands in menus().items():
        role = None if role_name == "resident" else Role(role_name)
        for each in commands:
            assert each.role is None or (role is not None and role.includes(each.role)), (role_name, each.name)


def test_menus_stand_in_the_order_of_the_day() -> None:
    """Officials find their own work first; what residents come for most leads their list."""
    resident = [
        "menu",
        "preguntar",
        "reportar",
        "solicitar",
        "queja",
        "misfolios",
        "folio",
        "idioma",
        "privacidad",
        "ayuda",
        "cancelar",
    ]
    agent = [
        "cola",
        "ver",
        "responder",
        "tomar",
        "nota",
        "estado",
        "turnar",
        "cerrar",
        "buscar",
        "historia",
        "comandos",
    ]
    assert {role: [each.name for each in commands] for role, commands in menus().items()} == {
        "resident": resident,
        "agent": [*agent, *resident],
        "supervisor": [*agent, "asignar", *resident],
        "administrator": [*agent, "asignar", "personal", "faq", "preguntas", "fallos", *resident],
    }
