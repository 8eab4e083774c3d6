"""Writes the parts of the documentation that are made from the code: settings, commands of the chat, what is kept.

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
from storage.retention import HELD, RULES, Held, Rule, Term
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


def retention_table() -> str:
    """The table in docs/retention.md."""
    rows = [f"| {_columns(each)} | {each.what} | {each.why} | {_until(each)} |" for each in HELD]
    return "\n".join(["| columns | what it is | what for | until |", "|---|---|---|---|", *rows])


def _columns(held: Held) -> str:
    return f"`{held.table}`: {', '.join(f'`{name}`' for name in held.columns.split())}"


def _until(held: Held) -> str:
    if isinstance(held.until, str):
        return held.until
    rules = [rule for rule in RULES if rule.name in held.until]
    return "; ".join(f"{_end(rule)} {_term(rule.term)} after `{rule.since.name}` ({rule.name})" for rule in rules)


def _end(rule: Rule) -> str:
    return "emptied" if rule.blanks else "deleted"


def _term(term: Term) -> str:
    days = [f"{term.days} {'day' if term.days == 1 else 'days'}"] if term.days else []
    said = " and ".join([*days, *(f"`{name}`" for name in term.plus)])
    said += f", at most `{term.at_most}`," if term.at_most else ""
    return said + (f", at least `{term.at_least}`," if term.at_least else "")


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
    """Write the pages."""
    tables = {"settings.md": settings_table(), "commands.md": chat_table(), "retention.md": retention_table()}
    for name, table in tables.items():
        page = DOCS / name
        page.write_text(written_anew(page.read_text(encoding="utf-8"), table), encoding="utf-8")


if __name__ == "__main__":
    main()
