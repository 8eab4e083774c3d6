"""The counter of a small town, with an administrator, and a stand-in for the edge that writes the files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from faq.reading.library import load
from handlers.admin.news import News
from handlers.content_change import ChangeState
from handlers.town.town import Town
from storage.engine import Store
from tests.handlers.counter import Counter, Talker
from tests.small_town import write_small_town


class Folder:
    """The files, and the town that is read from them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def town(self) -> Town:
        return Town(load(self.path, today=date(2026, 11, 23)), model="none")

    def text(self, file: str) -> str | None:
        path = self.path / file
        return path.read_text(encoding="utf-8") if path.exists() else None

    def apply(self, counter: Counter) -> list[str]:
        """What the edge does with pending changes, in short; the paths."""
        changes = counter.run(lambda uow: uow.content_changes.unseen(10**9))
        for change in changes:
            assert self.text(change.path) == change.previous_text
            if change.text is None:
                (self.path / change.path).unlink()
            else:
                (self.path / change.path).write_text(change.text, encoding="utf-8")
        counter.town = self.town()
        for change in changes:
            counter.run(
                lambda uow, c=change: uow.content_changes.settle(c.id, ChangeState.LIVE, reason=None, now=counter.now)
            )
            counter.run(lambda uow, c=change: News(uow, counter.town, counter.now).live(c))
        return [change.path for change in changes]


@pytest.fixture(scope="session")
def small_town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = write_small_town(tmp_path_factory.mktemp("town") / "content")
    return Folder(folder).town()


@pytest.fixture
def counter(store: Store, small_town: Town) -> Counter:
    return Counter(store, small_town)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    yield Folder(write_small_town(tmp_path / "content"))


@pytest.fixture
def rosa(counter: Counter) -> Talker:
    """An administrator."""
    return counter.official("Rosa", "administrator")


@pytest.fixture
def ana(counter: Counter) -> Talker:
    """A resident who has been here before."""
    ana = counter.person("ana")
    ana.says("/menu")
    return ana
