"""What is kept, what for and how long is told of every column that can hold words."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Integer, MetaData, Table, Text

from storage.retention import HELD, RULES, Term
from storage.schema import metadata
from storage.types import Instant, JsonText, Words
from tests.handlers.counter import sample_town

CITY = sample_town().city
RULE = {rule.name: rule for rule in RULES}
#: Numbers, moments and yes or no. Any other type, a new one too, can hold words or say where somebody is.
_SAYS_NOTHING = (BigInteger, Integer, Boolean, Instant)


def untold(tables: MetaData) -> set[str]:
    """Columns that can hold words and of which nobody says how long they are kept; and those that are told in vain."""
    there = {
        f"{table.name}.{column.name}"
        for table in tables.tables.values()
        for column in table.columns
        if not isinstance(column.type, _SAYS_NOTHING)
    }
    told = Counter(f"{held.table}.{column}" for held in HELD for column in held.columns.split())
    return there ^ {name for name, times in told.items() if times == 1}


def test_every_column_that_can_hold_words_has_a_rule() -> None:
    """Add it to HELD in storage/retention.py: what it holds, why, and until when."""
    assert untold(metadata) == set()


@pytest.mark.parametrize("kind", [Words, JsonText, Text])
def test_a_new_table_and_a_new_column_would_be_seen(kind: type) -> None:
    tables = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(tables)
    Table("rumour", tables, Column("id", Integer, primary_key=True), Column("said", kind))
    tables.tables["person"].append_column(Column("nickname", kind))
    assert untold(tables) == {"rumour.said", "person.nickname"}


def test_every_rule_is_told_where_it_applies() -> None:
    named = {(name, held.table) for held in HELD if isinstance(held.until, tuple) for name in held.until}
    assert named == {(rule.name, rule.table.name) for rule in RULES}
    assert len(RULE) == len(RULES)
    for held in HELD:
        assert held.what and held.why and held.until


def test_what_a_rule_empties_is_what_is_told() -> None:
    """A rule that empties columns is told beside those; one that deletes rows, beside every column of the table."""
    for rule in RULES:
        told = {column for held in HELD if rule.name in held.until for column in held.columns.split()}
        has_words = {each.name for each in rule.table.columns if not isinstance(each.type, _SAYS_NOTHING)}
        assert told == (set(rule.blanks) or has_words), rule.name


@pytest.mark.parametrize(
    ("term", "days"),
    [
        (Term(days=3), 3),
        (Term(plus=("drafts_kept_for", "conversation_expires_after")), 7.5),
        (Term(days=1, plus=("drafts_kept_for",)), 8),
        (Term(days=30, at_most="texts_kept_for"), 30),
        (Term(days=180, at_most="texts_kept_for"), 90),
        (Term(days=180, at_least="texts_kept_for"), 180),
        (Term(days=30, at_least="texts_kept_for"), 90),
    ],
)
def test_a_term_adds_up(term: Term, days: float) -> None:
    assert term.lasts(CITY) == timedelta(days=days)
