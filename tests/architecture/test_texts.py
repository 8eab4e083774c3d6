"""Texts are a contract: what is asked for is declared, what is declared has words, and no words are left over."""

import ast
import subprocess
import sys
from collections.abc import Callable, Mapping

import pytest

from bot.cli.faq import needed_texts
from bot.web import texts as web_texts
from faq.reading.shipped import shipped_texts
from handlers.commands import COMMANDS
from handlers.conversation.flow import FLOWS
from handlers.texts import Declaration, declarations, declare, needed, under
from tests.architecture.asking import asked_in
from tests.architecture.source import modules

NEEDED = needed_texts()
GROUPS = frozenset(key.partition(".")[0] for key in (*NEEDED, *shipped_texts()["es"]))
PACKAGES = ("handlers.", "bot.")

#: Where a question's text is made of the names of a flow and a question: who asks the question declares it.
ENGINE = {"handlers.conversation.chat": ("f'{self.flow}.{key}'", "_options.{each}'", "_label'")}
#: Words that nobody says, and why they are there.
NOT_SAID = {f"command.{name}": "docs/commands.md lists the commands that no menu shows" for name in COMMANDS}


def passes() -> Mapping[str, Callable[[str], str]]:
    return {name: key_of for each in declarations().values() for name, key_of in each.passes.items()}


def undeclared(place: str, tree: ast.Module, all_declared: Mapping[str, Declaration]) -> list[str]:
    """What a module asks for and does not declare, with what to do."""
    own = all_declared[place].all() if place in all_declared else frozenset()
    givers = frozenset().union(*(each.all() for each in all_declared.values() if each.passes))
    return [
        f"{place}, line {each.line}: declare {each.written}"
        for each in asked_in(place, tree, GROUPS, passes())
        if not each.is_among(own)
        and not (each.is_passed and each.is_among(givers))
        and not any(end in each.written for end in ENGINE.get(place, ()))
    ]


def test_every_text_is_declared_by_the_module_that_asks_for_it() -> None:
    """Keys as they stand, choices between keys, and keys put together: each is declared beside the code."""
    found = [
        line
        for place, tree in modules().items()
        if place.startswith(PACKAGES)
        for line in undeclared(place, tree, declarations())
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "asking",
    [
        'chat.say("report.filed")',
        'chat.say("report.filed" if chat else "unsupported")',
        'chat.words({1: "due.today"}.get(n, "report.filed"))',
        'raise Refused("ticket.cannot_add")',
        'key = "report.filed"\n    chat.tell(key, {})',
        'chat.text("story", prompt="report.story")',
        'chat.words(f"state.{ticket.state}")',
        'label = f"event.{event.kind}_said"',
        'chat.text("story")',
        'chat.choose("about", ["service"])',
        'button(chat, "search")',
        'Told("answered", {})',
        'notices.to_officials(ticket, event, "seen", actor=chat.person)',
        'town.means(text, "perhaps")',
        'chat.go("menu", lead="language.switched")',
    ],
)
def test_a_text_that_nobody_declares_is_noticed(asking: str) -> None:
    """The test itself can fail, for every way in which code asks."""
    tree = ast.parse(f'@flow("complaint")\ndef complaint(chat):\n    """It asks."""\n    {asking}\n')
    assert undeclared("handlers.resident.new", tree, {})


def test_what_is_declared_is_not_asked_for_twice() -> None:
    """A declared key, and a family, satisfy the test."""
    tree = ast.parse('chat.say("report.filed")\nchat.words(f"state.{ticket.state}")\n')
    known = {"handlers.resident.new": Declaration(("report.filed", lambda: under("state", "open closed")), {})}
    assert undeclared("handlers.resident.new", tree, known) == []


@pytest.mark.parametrize("language", sorted(shipped_texts()))
def test_every_text_that_can_be_asked_for_comes_with_the_program(language: str) -> None:
    """No resident and no official is met with a key instead of a sentence, in Spanish or in English."""
    missing = [f"{key} ({', '.join(places)})" for key, places in NEEDED.items() if key not in shipped_texts()[language]]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", sorted(shipped_texts()))
def test_no_text_is_there_for_nobody(language: str) -> None:
    """Who translates the counter translates nothing that is never said."""
    assert [key for key in shipped_texts()[language] if key not in NEEDED and key not in NOT_SAID] == []


def test_every_form_has_a_name_for_its_draft() -> None:
    """A form that was put aside can be named, so that no sweep ever stops over it."""
    forms = [name for name, flow in FLOWS.items() if flow.is_form]
    assert len(forms) > 5
    assert not [name for name in forms if f"draft.{name}" not in NEEDED]


def test_a_text_tells_who_asks_for_it() -> None:
    """The place is what an administrator is told of where a text is missing."""
    assert NEEDED["report.filed"] == ("handlers.resident.report",)
    assert NEEDED["web.home.title"] == ("bot.web.pages",)
    assert len(NEEDED["state.received"]) > 3
    assert needed() == NEEDED


def test_a_module_declares_once() -> None:
    """Two lists of one module would hide each other's mistakes."""
    with pytest.raises(ValueError, match="twice"):
        declare("handlers.resident.report", "report.more")


def test_the_command_line_knows_every_text_of_every_room() -> None:
    """Nothing is called unknown only because its room was not opened yet."""
    code = (
        "import importlib, pkgutil, bot, handlers\n"
        "from bot.cli.faq import needed_texts\n"
        "told = set(needed_texts())\n"
        "for package in (bot, handlers):\n"
        "    for each in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        each.name.endswith('__main__') or importlib.import_module(each.name)\n"
        "from handlers.texts import needed\n"
        "print(sorted(set(needed()) - told))\n"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert said.stdout.strip() == "[]"


def test_a_page_cannot_ask_in_a_way_that_nobody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key put together in a template or a script is listed with what may come of it."""
    monkeypatch.setattr(web_texts, "BUILT", {})
    with pytest.raises(web_texts.UnknownText, match=r"chat\.html: \"phone\.\" \+ phones\[0\]"):
        web_texts.page_texts.__wrapped__()
