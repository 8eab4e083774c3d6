"""Fixtures for what only PostgreSQL does: several writers at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine import Store
from tests.databases import database


@pytest.fixture
def postgres_store(tmp_path: Path) -> Iterator[Store]:
    """A new, migrated PostgreSQL database."""
    with database("postgresql", tmp_path) as opened:
        yield opened
