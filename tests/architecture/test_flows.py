"""Every flow can be held, left and read in every language."""

import pytest

from faq.reading.shipped import shipped_texts
from handlers import flows  # noqa: F401 - registers every flow
from handlers.commands import COMMANDS
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS


def test_every_command_leads_to_its_flow() -> None:
    """A command that menus show exists, and belongs to one flow."""
    for name, flow in FLOWS.items():
        assert flow.name == name
    steering = {value for name, value in vars(controls).items() if name.isupper()}
    assert not [each.name for each in COMMANDS.values() if each.runs not in FLOWS and each.runs not in steering]
    assert not [
        each.name for each in COMMANDS.values() if each.runs in FLOWS and each.role is not FLOWS[each.runs].role
    ]


def test_every_script_says_what_it_holds() -> None:
    """The next person reads the docstring first."""
    assert [name for name, flow in FLOWS.items() if not flow.script.__doc__] == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_command_is_described(language: str) -> None:
    """Telegram's menu shows a description for each command of a flow."""
    texts = shipped_texts()[language]
    missing = [each.name for each in COMMANDS.values() if each.runs in FLOWS and f"command.{each.name}" not in texts]
    assert not missing, missing


def test_both_languages_say_the_same() -> None:
    """A key that one language has, the other has too."""
    messages = shipped_texts()
    assert sorted(messages["es"]) == sorted(messages["en"])
