"""The statements of a release, written down so that later releases can run them: what is kept, and how it reads.

Each statement is a paragraph: its name, its parameters in order with the kind of each (or the value that the statement
itself holds), and its SQL.
"""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, Float, Integer, Text
from sqlalchemy.types import NullType, TypeEngine

import storage
from storage import ticket_counts, ticket_queries, tickets
from storage.engine import open_store
from storage.statements import Statement
from storage.types import Instant, JsonText, SearchWords, Words, _Numbers

HOME = Path(__file__).resolve().parents[1] / "fixtures" / "statements"

#: Statements that a function makes. A new function that makes one belongs here.
MADE: Mapping[str, Statement] = {
    "ticket_queries.later of the town hall": ticket_queries.later(False, False, False),
    "ticket_queries.later of a department": ticket_queries.later(True, False, False),
    "ticket_queries.later of an official what is overdue": ticket_queries.later(True, True, True),
    "ticket_queries.same_day of a department": ticket_queries.same_day(True, False, False),
    "ticket_queries.same_day of an official what is overdue": ticket_queries.same_day(False, True, True),
    "ticket_counts.kept of an official": ticket_counts.kept(True, True, True),
    "ticket_counts.kept of the town hall": ticket_counts.kept(False, False, True),
    "ticket_counts.overdue of an official": ticket_counts.overdue(True, True),
    "ticket_counts.overdue of the town hall": ticket_counts.overdue(False, False),
    "tickets.change_of what most acts change": tickets.change_of("state", "is_open", "updated_at"),
    "tickets.change_of what a transfer changes": tickets.change_of("department", "assignee_person_id", "updated_at"),
}

#: NullType stands in LIMIT.
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Instant, "instant"), (JsonText, "json"), (Words, "words"), (SearchWords, "search"), (_Numbers, "numbers"),
    (Boolean, "flag"), (Float, "fraction"), (BigInteger, "number"), (Integer, "number"), (Text, "words"),
    (NullType, "number"),
)  # fmt: skip

#: What only the other database reads.
_OF_OTHERS: Mapping[str, Sequence[str]] = {
    "sqlite": (" pg_", " @@ "),
    "postgresql": (" MATCH ", "ticket_search_pending", "(ticket_search, rank)", "total_changes"),
}

_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    #: None where the statement itself holds the value.
    kind: str | None
    held: Any = None

    def __str__(self) -> str:
        return f"{self.name} = {json.dumps(self.held)}" if self.kind is None else f"{self.name}: {self.kind}"


@dataclass(frozen=True, slots=True)
class Kept:
    name: str
    parameters: tuple[Parameter, ...]
    sql: str

    def __str__(self) -> str:
        return "\n".join([f"-- {self.name}", *(f"-- {each}" for each in self.parameters), f"{self.sql};"])

    def values(self, dialect: str, number: int) -> Any:
        """Made-up values, as the driver takes them; numbers are `number`, which is a row of every table."""
        made = [
            (each.name, each.held if each.kind is None else _made(each, dialect, number)) for each in self.parameters
        ]
        return tuple(value for _, value in made) if dialect == "sqlite" else dict(made)


def now(dialect: str) -> list[Kept]:
    """Every statement that storage has at present."""
    url = "sqlite:///none.db" if dialect == "sqlite" else "postgresql://none/none"
    spoken = open_store(url)._engine.dialect
    found = [_kept(name, statement, spoken) for name, statement in statements()]
    others = _OF_OTHERS[dialect]
    return [each for each in found if not any(word in each.sql for word in others)]


def statements() -> Iterator[tuple[str, Statement]]:
    """By module and name."""
    for module in modules():
        name = module.__name__.removeprefix("storage.")
        for each, held in vars(module).items():
            if isinstance(held, Statement):
                yield f"{name}.{each}", held
            elif isinstance(held, Mapping):
                yield from (
                    (f"{name}.{each} {key}", value) for key, value in held.items() if isinstance(value, Statement)
                )
    yield from MADE.items()


def makers() -> set[str]:
    """The functions that others call for a statement."""
    return {
        f"{module.__name__.removeprefix('storage.')}.{name}"
        for module in modules()
        for name, held in vars(module).items()
        if inspect.isfunction(held) and not name.startswith("_") and held.__annotations__.get("return") is Statement
    }


def modules() -> list[ModuleType]:
    """Every module of storage that works while a later release may have changed the tables.

    A migration and a backup do not: each knows the tables of the release that runs it, and asks which they are.
    """
    found = pkgutil.walk_packages(storage.__path__, "storage.")
    apart = (".migrations.", ".backup.")
    names = sorted(each.name for each in found if not each.ispkg and not any(part in each.name for part in apart))
    return [importlib.import_module(name) for name in names]


def written(kept: Sequence[Kept]) -> str:
    """As it stands in the file."""
    return "\n\n".join(map(str, kept)) + "\n"


def read(revision: str, dialect: str) -> list[Kept]:
    """What is kept of a release. Raises FileNotFoundError where nothing is."""
    text = (HOME / revision / f"{dialect}.sql").read_text(encoding="utf-8")
    return [_read(paragraph) for paragraph in text.strip().split("\n\n")]


def _read(paragraph: str) -> Kept:
    lines = paragraph.split("\n")
    notes = [line.removeprefix("-- ") for line in lines if line.startswith("-- ")]
    sql = "\n".join(lines[len(notes) :]).removesuffix(";")
    return Kept(notes[0], tuple(map(_read_parameter, notes[1:])), sql)


def _read_parameter(note: str) -> Parameter:
    name, sign, rest = re.fullmatch(r"(\w+)(: | = )(.*)", note).groups()  # type: ignore[union-attr] # or it fails
    return Parameter(name, None, json.loads(rest)) if sign == " = " else Parameter(name, rest)


def _kept(name: str, statement: Statement, dialect: Dialect) -> Kept:
    compiled, ours = statement._construct.compile(dialect=dialect), statement.on(dialect)
    wanted = {key: str(parameter) for key, parameter, _ in ours.slots}
    positions = (
        list(enumerate(compiled.positiontup or ())) if compiled.positional else [(n, n) for n in compiled.params]
    )
    parameters = [
        Parameter(str(each), _kind(compiled.binds[each].type))
        if position in wanted
        else Parameter(str(each), None, ours.template[position])  # type: ignore[index] # a list or a dict, as the keys are
        for position, each in positions
    ]
    return Kept(name, tuple(parameters), "\n".join(line.rstrip() for line in ours.sql.split("\n")))


def _kind(of: TypeEngine[Any]) -> str:
    return next(kind for each, kind in _KINDS if isinstance(of, each))


def _made(parameter: Parameter, dialect: str, number: int) -> Any:
    is_sqlite = dialect == "sqlite"
    match parameter.kind:
        case "instant":
            return int(_NOON.timestamp() * 1_000_000) if is_sqlite else _NOON
        case "numbers":
            return f"[{number}]" if is_sqlite else [number]
        case "json":
            return "{}"
        case "search":
            return '"words" *' if is_sqlite else "'words'"
        case "flag":
            return True
        case "fraction":
            return float(number)
        case "number":
            return number
    return f"{parameter.name} {number}"
