"""Column types that mean the same on SQLite and on PostgreSQL. Knows no tables."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, ColumnElement, DateTime, Dialect, Integer, Text, bindparam, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from handlers.ports import Json

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode

#: A row's number. SQLite numbers rows by itself only if the type is called INTEGER.
Key: Final = BigInteger().with_variant(Integer, "sqlite")


class Unreadable:
    """Stands in a row for what a column holds and cannot be: whoever reads the row sets it apart, and no other."""


UNREADABLE: Final = Unreadable()


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, exact to the microsecond; on SQLite the microseconds since 1970."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite has no type for instants that knows of zones."""
        return BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises ValueError for a naive instant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware: give it a time zone")
        return (value - _EPOCH) // _MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware UTC, whatever the session's zone."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _EPOCH + timedelta(microseconds=value)
        instant: datetime = value
        return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


class database_now(ColumnElement[datetime]):  # noqa: N801 - reads as SQL does
    """The present instant by the database's own clock: the same for every process that uses it, whatever theirs say."""

    inherit_cache = True
    type = Instant()


@compiles(database_now, "sqlite")
def _now_on_sqlite(_element: database_now, _compiler: SQLCompiler, **_: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(database_now)
def _now(_element: database_now, _compiler: SQLCompiler, **_: Any) -> str:
    return "clock_timestamp()"


class before_now(ColumnElement[datetime]):  # noqa: N801 - reads as SQL does
    """So many seconds before `database_now`."""

    inherit_cache = False
    type = Instant()

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


@compiles(before_now, "sqlite")
def _before_on_sqlite(element: before_now, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"({compiler.process(database_now(), **kwargs)} - {round(element.seconds * 1_000_000)})"


@compiles(before_now)
def _before(element: before_now, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"({compiler.process(database_now(), **kwargs)} - interval '{element.seconds} seconds')"


class Words(TypeDecorator[str]):
    """Text that somebody else wrote: what a database cannot hold is taken out instead of refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """PostgreSQL refuses NUL; both refuse halves of surrogate pairs."""
        if value is None or (value.isascii() and "\x00" not in value):
            return value
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


class JsonText(TypeDecorator[Json]):
    """JSON as text: the keys keep their order, and every character survives, escaped."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Json, dialect: Dialect) -> str | None:
        """None is SQL's NULL."""
        return None if value is None else _encode(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Json:
        """Objects come back as dicts in the order of their keys."""
        return None if value is None else json.loads(value)


def one_of(column: ColumnElement[Any], words: Iterable[str]) -> ColumnElement[bool]:
    """`column` is one of a few words, which are part of the statement."""
    return column.in_([literal(word) for word in words])


class SearchWords(UserDefinedType[str]):
    """Words in the language of the database's own search: FTS5's on SQLite, a tsquery on PostgreSQL."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Never a column's."""
        return "tsquery"


class _Numbers(TypeDecorator[Sequence[int]]):
    """A list of numbers as one parameter, so that a statement is the same for any length."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else ARRAY(BigInteger)

    def process_bind_param(self, value: Sequence[int] | None, dialect: Dialect) -> Any:
        numbers = list(value or ())
        return json.dumps(numbers) if dialect.name == "sqlite" else numbers


class among(ColumnElement[bool]):  # noqa: N801 - reads as SQL does
    """`column` is one of the numbers in the list parameter `name`."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.numbers = bindparam(name, type_=_Numbers())


@compiles(among, "sqlite")
def _among_on_sqlite(element: among, compiler: SQLCompiler, **kwargs: Any) -> str:
    column, numbers = compiler.process(element.column, **kwargs), compiler.process(element.numbers, **kwargs)
    return f"{column} IN (SELECT value FROM json_each({numbers}))"  # noqa: S608 - compiled parts, no values


@compiles(among)
def _among(element: among, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"{compiler.process(element.column, **kwargs)} = ANY({compiler.process(element.numbers, **kwargs)})"
