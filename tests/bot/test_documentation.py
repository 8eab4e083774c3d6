"""Every setting, command and route stands in a document, under the name it has."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route

from bot import compose
from bot.app import Life, build_app
from bot.cli.main import make_parser
from handlers.commands import COMMANDS
from tests.harness import ROOT, read
from tests.tools.write_docs import chat_table, retention_table, settings_table

DOCS = ROOT / "docs"
_FILE = re.compile(r"`((?:bot|handlers|faq|storage|tests|docs)/[\w/.*-]+)`")


def commands(parser: argparse.ArgumentParser, path: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield path.strip(), parser
    for name, each in (item for group in groups for item in group.choices.items()):
        yield from commands(each, f"{path} {name}")


#: Two counters that have every door between them: the demo, and one with all vendors.
_DEMO = {"DEMO": "on"}
_VENDORS = {
    "PUBLIC_URL": "https://ventanilla.example.mx", "TELEGRAM_TOKEN": "123456:ABC-DEF", "TELEGRAM_MODE": "webhook",
    "TELEGRAM_WEBHOOK_SECRET": "secret", "TWILIO_ACCOUNT_SID": f"AC{'0' * 32}", "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_WHATSAPP_FROM": "+14155238886",
}  # fmt: skip


def routes(folder: Path, content: Path) -> list[tuple[str, str]]:
    found = []
    for environ in (_DEMO, _VENDORS):
        services = compose.build(read(folder, CONTENT_DIR=str(content), **environ))
        found += [route for route in build_app(services, Life(services)).routes if isinstance(route, Route)]
    return [(method, route.path) for route in found for method in sorted(route.methods or ()) if method != "HEAD"]


def test_every_setting_is_documented():
    """The table is made from the settings themselves, so that it cannot fall behind."""
    assert settings_table() in (DOCS / "settings.md").read_text(encoding="utf-8")


def test_every_command_of_the_chat_is_documented():
    """From the commands themselves: python -m tests.tools.write_docs writes the table anew."""
    assert chat_table() in (DOCS / "commands.md").read_text(encoding="utf-8")


def test_what_is_kept_and_for_how_long_is_documented():
    """From the rules themselves."""
    assert retention_table() in (DOCS / "retention.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "parser"), list(commands(make_parser())), ids=lambda each: str(each)[:20])
def test_every_command_and_option_is_documented(name: str, parser: argparse.ArgumentParser):
    rows = [
        row for row in (DOCS / "commands.md").read_text(encoding="utf-8").splitlines() if row.startswith(f"| `{name}")
    ]
    assert len(rows) == 1, name
    for action in parser._actions:
        for option in action.option_strings:
            assert option in {"-h", "--help"} or option in rows[0]


def test_every_command_explains_itself():
    """--help of each command reads like a sentence, not like a list of names."""
    for name, parser in commands(make_parser()):
        assert parser.description and len(parser.description) > 30, name
        for action in parser._actions:
            assert action.help, (name, action.dest)


def test_every_route_is_documented(content: Path, tmp_path: Path):
    documented = "\n".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))
    found = routes(tmp_path, content)
    assert ("POST", "/hooks/telegram") in found
    assert ("GET", "/readyz") in found
    assert [each for each in found if f"`{each[0]} {each[1]}`" not in documented] == []


def test_every_file_that_a_document_names_is_there():
    """Files move; who is sent to one that is gone is lost at the first step."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    named = {
        (page.relative_to(ROOT).as_posix(), path)
        for page in pages
        for path in _FILE.findall(page.read_text(encoding="utf-8"))
    }
    assert len(named) > 30
    assert [each for each in sorted(named) if not list(ROOT.glob(each[1].rstrip("/")))] == []


@pytest.mark.parametrize("name", ["README.md", "README.es.md"])
def test_what_the_first_page_names_is_there(name: str):
    """Whoever follows it, in either language, finds every page, every make target and every command."""
    text = (ROOT / name).read_text(encoding="utf-8")
    pages = re.findall(r"\]\(([^)#:]+)\)", text)
    targets = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    typed = re.findall(r"`/([a-z]+)`", text)
    run = re.findall(r"python -m bot ([a-z]+(?: [a-z]+)?)", text)
    known = {path for path, _ in commands(make_parser())}
    assert "docs/dependencies.md" in pages and {"cola", "responder"} <= set(typed) and "staff invite" in run
    assert [page for page in pages if not (ROOT / page).is_file()] == []
    assert {"run", "test", "check", "bench"} <= set(targets)
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
    assert [command for command in typed if command not in COMMANDS] == []
    assert [command for command in run if command not in known] == []


def test_the_first_page_says_the_same_in_both_languages():
    """The same commands, pages and settings, in the same order of sections."""
    english, spanish = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.es.md"))
    for pattern in (
        r"`(/[a-z]+)`",
        r"\]\((docs/[^)]+)\)",
        r"`([A-Z_*]{6,})`",
        r"(?m)(?:^|`)make ([a-z]+)",
        r"python -m bot ([a-z]+)",
    ):
        assert set(re.findall(pattern, english)) == set(re.findall(pattern, spanish)), pattern
    assert english.count("\n## ") == spanish.count("\n## ")
