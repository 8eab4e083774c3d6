"""Every flow can be held, left and read in every language."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers import flows  # noqa: F401 - registers every flow
from handlers.commands import COMMANDS
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS
from tests.handlers.counter import sample_town

ROOT = Path(__file__).resolve().parents[2]
HANDLERS = sorted((ROOT / "handlers").rglob("*.py"))
#: Methods of Chat whose first argument is a key as it stands.
_WHOLE = {"say", "words", "stop", "tell"}
#: What these methods are called on.
_SPEAKERS = {"chat", "session", "self.session"}
#: Methods whose first argument is a question of the flow.
_QUESTIONS = {"choose", "text", "place", "attachments", "confirm", "number", "review"}


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


def calls(path: Path) -> Iterator[tuple[str | None, str, str, ast.Call]]:
    """(flow, method, first argument, call) of every call on `chat` or `session` with a plain first argument."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        flow = next(
            (
                str(decorator.args[0].value)
                for decorator in node.decorator_list
                if isinstance(decorator, ast.Call)
                and isinstance(decorator.func, ast.Name)
                and decorator.func.id == "flow"
                and isinstance(decorator.args[0], ast.Constant)
            ),
            None,
        )
        for call in ast.walk(node):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and ast.unparse(call.func.value) in _SPEAKERS
                and call.args
                and isinstance(call.args[0], ast.Constant)
                and isinstance(call.args[0].value, str)
            ):
                yield flow, call.func.attr, call.args[0].value, call


def keys_used() -> Iterator[tuple[str, str]]:
    for path in HANDLERS:
        name = path.relative_to(ROOT).as_posix()
        for flow, method, argument, call in calls(path):
            prompted = any(keyword.arg == "prompt" for keyword in call.keywords)
            if method in _WHOLE and " " not in argument:
                yield name, argument
            elif method in _QUESTIONS and flow is not None and not prompted:
                yield name, f"{flow}.{argument}"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_exists_in_every_language(language: str) -> None:
    """No resident is met with a key instead of a sentence."""
    texts = sample_town().library.messages[language]
    missing = sorted({f"{key} ({name})" for name, key in keys_used() if key not in texts})
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_command_is_described(language: str) -> None:
    """Telegram's menu shows a description for each command of a flow."""
    texts = sample_town().library.messages[language]
    missing = [each.name for each in COMMANDS.values() if each.runs in FLOWS and f"command.{each.name}" not in texts]
    assert not missing, missing


def test_both_languages_say_the_same() -> None:
    """A key that one language has, the other has too."""
    messages = sample_town().library.messages
    assert sorted(messages["es"]) == sorted(messages["en"])
