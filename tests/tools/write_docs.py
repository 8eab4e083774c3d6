"""Writes the parts of the documentation that are made from the code: settings, and the commands of the chat.

Run: python -m tests.tools.write_docs
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.settings.settings import DOCUMENTED
from handlers import flows  # noqa: F401 - registers every flow and its command
from handlers.commands import COMMANDS, Command
from handlers.ticket.ticket import Role
from tests.handlers.counter import sample_town

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"

_WHO: Final = {
    None: "everybody",
    Role.AGENT: "officials",
    Role.SUPERVISOR: "supervisors",
    Role.ADMINISTRATOR: "administrators",
}


def settings_table() -> str:
    """The table in docs/settings.md."""
    rows = [f"| `{each.name}` | {each.default} | {each.meaning} |" for each in DOCUMENTED]
    return "\n".join(["| setting | where it is not set | what it means |", "|---|---|---|", *rows])


def chat_table() -> str:
    """The table of commands of the chat in docs/commands.md."""
    texts = sample_town().library.messages["en"]
    rows = [
        f"| `/{each.name}` | {_aliases(each)} | {_WHO[each.role]} | {texts[f'command.{each.name}']} |"
        for each in _in_order()
        if f"command.{each.name}" in texts
    ]
    return "\n".join(["| in the chat | also | who | what it does |", "|---|---|---|---|", *rows])


def written_anew(page: str, table: str) -> str:
    """The page with the table in the place of the one that begins alike."""
    head = re.escape(table.partition("\n")[0])
    return re.sub(rf"{head}\n(?:\|.*\n?)+", lambda _: f"{table}\n", page)


def _in_order() -> Iterator[Command]:
    """Everybody's first, then each role's, as the menus list them; what no menu lists after it."""
    for role in (None, *Role):
        own = {each.name: each for each in COMMANDS.values() if each.role is role}
        yield from sorted(own.values(), key=lambda each: (each.place is None, each.place or 0, each.name))


def _aliases(command: Command) -> str:
    return " ".join(f"`/{name}`" for name in command.names[1:])


def main() -> None:
    """Write both pages."""
    for name, table in (("settings.md", settings_table()), ("commands.md", chat_table())):
        page = DOCS / name
        page.write_text(written_anew(page.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main()
