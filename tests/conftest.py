"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

# Before anything loads numpy: its threads only get in each other's way on a small machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from storage.engine import Store
from tests.databases import DIALECTS, database, database_url


@pytest.fixture(params=DIALECTS)
def dialect(request: pytest.FixtureRequest) -> str:
    """Every test that wants a database runs on each kind."""
    return str(request.param)


@pytest.fixture
def store(dialect: str, tmp_path: Path) -> Iterator[Store]:
    """A new, migrated database."""
    with database(dialect, tmp_path) as opened:
        yield opened


@pytest.fixture
def store_url(dialect: str, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a new, migrated database."""
    with database_url(dialect, tmp_path) as url:
        yield url
