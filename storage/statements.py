"""Runs Core statements at the driver's speed: compiled once for each dialect, never again. Knows no tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import Connection, Delete, Dialect, Float, Insert, Select, Update
from sqlalchemy.sql.dml import ReturningDelete, ReturningInsert, ReturningUpdate
from sqlalchemy.sql.type_api import TypeEngine

from storage.errors import StorageUnavailable, translated
from storage.types import UNREADABLE

Row = Sequence[Any]
_Processor = Callable[[Any], Any]
_Construct = (
    Select[*tuple[Any, ...]]
    | Insert
    | Update
    | Delete
    | ReturningInsert[Any]
    | ReturningUpdate[Any]
    | ReturningDelete[Any]
)


class _Compiled(NamedTuple):
    """A statement as one driver wants it."""

    sql: str
    #: By the key of the placeholder (its position or its name): the parameter's name, and what converts its value.
    slots: tuple[tuple[Any, str, _Processor | None], ...]
    #: The values of all placeholders: those that the statement itself holds, and gaps for the others.
    template: list[Any] | dict[str, Any]
    #: Columns that need converting.
    columns: tuple[tuple[int, _Processor], ...]

    def values(self, given: Mapping[str, Any]) -> Any:
        """What the driver takes beside the SQL. Raises KeyError where a value is missing."""
        values: Any = self.template.copy()
        for key, name, convert in self.slots:
            values[key] = given[name] if convert is None else convert(given[name])
        return values

    def converted(self, rows: list[Row]) -> list[Row]:
        """Rows as the product wants them."""
        if not self.columns:
            return rows
        return [self._converted(row) for row in rows]

    def _converted(self, row: Row) -> Row:
        cells = list(row)
        for index, convert in self.columns:
            try:
                cells[index] = convert(cells[index])
            except (ValueError, TypeError, OverflowError, RecursionError):
                # One broken cell must not cost the other rows.
                cells[index] = UNREADABLE
        return cells


class Statement:
    """A Core construct that remembers how it compiles; make it once, at the top of a module.

    Its parameters are the construct's named bindparams; all of them must be given.
    """

    __slots__ = ("_by_dialect", "_construct")

    def __init__(self, construct: _Construct) -> None:
        self._construct: Final = construct
        self._by_dialect: dict[str, _Compiled] = {}

    def on(self, dialect: Dialect) -> _Compiled:
        """The statement in the dialect's words."""
        compiled = self._by_dialect.get(dialect.name)
        if compiled is None:
            compiled = self._by_dialect[dialect.name] = self._compile(dialect)
        return compiled

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled = self._construct.compile(dialect=dialect)
        if "__[POSTCOMPILE" in str(compiled):
            raise TypeError("a parameter whose SQL depends on its value cannot be compiled once: see one_of and among")
        is_positional = compiled.positional
        names = list(compiled.positiontup or ()) if is_positional else list(compiled.params)
        keys = range(len(names)) if is_positional else names
        converters = {name: _binder(compiled.binds[name].type, dialect) for name in names}
        held = {name: _held(value, converters[name]) for name, value in compiled.params.items()}
        return _Compiled(
            sql=str(compiled),
            slots=tuple(
                (key, name, converters[name])
                for key, name in zip(keys, names, strict=True)
                if compiled.binds[name].required
            ),
            template=[held[name] for name in names] if is_positional else held,
            columns=_result_converters(self._construct, dialect),
        )


def _held(value: Any, convert: _Processor | None) -> Any:
    return value if value is None or convert is None else convert(value)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _result_converters(construct: _Construct, dialect: Dialect) -> tuple[tuple[int, _Processor], ...]:
    described = (
        construct.column_descriptions if isinstance(construct, Select) else construct.returning_column_descriptions
    )
    found = ((index, _reader(column["type"], dialect)) for index, column in enumerate(described))
    return tuple((index, convert) for index, convert in found if convert is not None)


def _reader(kind: Any, dialect: Dialect) -> _Processor | None:
    if isinstance(kind, Float):
        # Both drivers give floats; psycopg's converter would have to be told the column's type by the server.
        return None
    impl: TypeEngine[Any] = kind.dialect_impl(dialect)
    return impl.result_processor(dialect, None)


class Rows:
    """Runs statements inside one transaction. One thread at a time."""

    __slots__ = ("_connection", "_cursor", "_dialect", "_driver", "_error", "is_sqlite")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect
        self._driver = cast(ModuleType, self._dialect.loaded_dbapi)
        self._error: type[Exception] = self._driver.Error
        self._cursor = connection.connection.cursor()
        self.is_sqlite = self._dialect.name == "sqlite"

    def all(self, statement: Statement, **values: Any) -> list[Row]:
        """Every row that the statement returns."""
        compiled = statement.on(self._dialect)
        try:
            self._cursor.execute(compiled.sql, compiled.values(values))
            # All of them, always: SQLite ends a statement only when its last row is read.
            rows = self._cursor.fetchall()
        except self._error as error:
            raise self._failure(error) from None
        return compiled.converted(cast(list[Row], rows))

    def first(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def only(self, statement: Statement, **values: Any) -> Row:
        """The first row. Raises LookupError if there is none."""
        rows = self.all(statement, **values)
        if not rows:
            raise LookupError("there is no such row")
        return rows[0]

    def value(self, statement: Statement, **values: Any) -> Any:
        """The first column of the first row, or None."""
        rows = self.all(statement, **values)
        return rows[0][0] if rows else None

    def tally(self, statement: Statement) -> dict[str, int]:
        """The rows as pairs: what was counted, and how many."""
        return {str(key): int(count) for key, count in self.all(statement)}

    def run(self, statement: Statement, **values: Any) -> int:
        """How many rows the statement touched."""
        compiled = statement.on(self._dialect)
        try:
            self._cursor.execute(compiled.sql, compiled.values(values))
        except self._error as error:
            raise self._failure(error) from None
        return self._cursor.rowcount

    def many(self, statement: Statement, given: Iterable[Mapping[str, Any]]) -> None:
        """Run the statement for each set of values, in one go."""
        compiled = statement.on(self._dialect)
        try:
            self._cursor.executemany(compiled.sql, [compiled.values(values) for values in given])
        except self._error as error:
            raise self._failure(error) from None

    def command(self, sql: str) -> None:
        """A command without values: savepoints."""
        try:
            self._cursor.execute(sql)
        except self._error as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> Exception:
        failure = translated(error, self._driver)
        if isinstance(failure, StorageUnavailable) and self._is_lost(error):
            self._connection.invalidate()
        return failure

    def _is_lost(self, error: Exception) -> bool:
        if self._connection.invalidated:
            return False
        return self._dialect.is_disconnect(cast(Any, error), self._connection.connection, cast(Any, self._cursor))
