"""What a database holds, in numbers. Knows no way to copy it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import column, func, or_, select, table, text

from storage.schema import media, upload
from storage.statements import Rows, Statement
from storage.types import one_of

#: Alembic's own table; what is in it is said by `Contents.revision`.
REVISION_TABLE: Final = "alembic_version"

_REVISION: Final = Statement(select(column("version_num")).select_from(table(REVISION_TABLE)))
#: Without virtual tables and what they keep behind themselves: those follow from the others.
_SQLITE_TABLES: Final = Statement(
    select(column("name"))
    .select_from(text("pragma_table_list"))
    .where(text("type = 'table' AND schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"))
)
_POSTGRESQL_TABLES: Final = Statement(
    select(column("tablename")).select_from(text("pg_tables")).where(text("schemaname = current_schema()"))
)
#: A copy that is stored, and an upload that is in the store before it is copied: its source is its key.
_FILES: Final = Statement(
    select(func.coalesce(media.c.key, media.c.source))
    .where(or_(media.c.key.is_not(None), one_of(media.c.state, ["pending", "copying"])))
    .distinct()
)
#: In the store already, and named by no message yet.
_UPLOADS: Final = Statement(select(upload.c.key))


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds at one instant."""

    revision: str
    #: How many, by table.
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, all at one instant."""

    contents: Contents
    #: What rows name in the store of attachments; of those not yet copied from a vendor it is the vendor's name.
    files: Sequence[str]


def contents_of(rows: Rows) -> Contents | None:
    """What is there now, in the transaction of `rows`; None where there are no tables of ours."""
    names = table_names(rows)
    if REVISION_TABLE not in names:
        return None
    counts = {name: int(rows.value(_count(name))) for name in names if name != REVISION_TABLE}
    return Contents(str(rows.value(_REVISION)), counts)


def files_of(rows: Rows) -> Sequence[str]:
    """What rows name in the store of attachments."""
    found = rows.all(_FILES)
    # A revision of before knows no uploads.
    if upload.name in table_names(rows):
        found += rows.all(_UPLOADS)
    return sorted({str(name) for (name,) in found})


def table_names(rows: Rows) -> Sequence[str]:
    """Every table, in the order of their names."""
    return sorted(str(name) for (name,) in rows.all(_SQLITE_TABLES if rows.is_sqlite else _POSTGRESQL_TABLES))


def differences(wanted: Contents, found: Contents | None) -> Iterator[str]:
    """In what two are not the same, a sentence's part each."""
    if found is None:
        yield "no tables"
        return
    if wanted.revision != found.revision:
        yield f"revision {found.revision} instead of {wanted.revision}"
    for name in sorted(wanted.rows.keys() | found.rows.keys()):
        if wanted.rows.get(name) != found.rows.get(name):
            yield f"{name}: {found.rows.get(name, 'no')} rows instead of {wanted.rows.get(name, 'none')}"


def _count(name: str) -> Statement:
    return Statement(select(func.count()).select_from(table(name)))
