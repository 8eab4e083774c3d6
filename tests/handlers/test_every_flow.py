"""Whatever flow somebody is in, one word leads out of it, in either language."""

import pytest

from handlers import flows  # noqa: F401 - registers every flow
from handlers.commands import COMMANDS
from handlers.conversation.flow import FLOWS
from tests.handlers.counter import Counter, texts

OPENERS = sorted({each.name for each in COMMANDS.values() if each.runs in FLOWS})


@pytest.mark.parametrize("word", ["cancelar", "cancel"])
@pytest.mark.parametrize("command", OPENERS)
def test_one_word_leads_out(counter: Counter, command: str, word: str) -> None:
    """Nothing is left waiting but the menu, and the person is told where they are."""
    lupe = counter.official("lupe", role="administrator")
    address_id = lupe.contact().address_id
    assert texts(lupe.says(f"/{command}")), "a command is answered"
    assert texts(lupe.says(word))
    conversation = counter.run(lambda uow: uow.conversations.get(address_id))
    assert conversation is None or conversation.flow in {None, "menu"}


@pytest.mark.parametrize("command", OPENERS)
def test_every_flow_speaks_english(counter: Counter, command: str) -> None:
    """The same commands, for those whose chat is in English."""
    bob = counter.official("bob", role="administrator")
    bob.says("/idioma")
    bob.taps("English")
    answer = texts(bob.says(f"/{command}"))
    assert answer
    assert not {"¿", "¡"} & set(answer), answer
