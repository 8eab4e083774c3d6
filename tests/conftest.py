"""Fixtures that every test may use."""

import os
from collections.abc import Iterator
from pathlib import Path

# Before anything loads numpy: its threads only get in each other's way on a small machine.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest

from storage.engine import Store
from tests import listening
from tests.databases import DIALECTS, database, database_url

listening.listen()


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


@pytest.fixture(autouse=True)
def _texts_are_declared() -> Iterator[None]:
    """Whatever a test makes the counter say was declared by who says it, and says it whole."""
    yield
    assert not (undeclared := listening.undeclared()), f"asked for and declared nowhere: {undeclared}"
    assert not (left_open := listening.left_open()), f"said with a placeholder that nobody filled: {left_open}"
