"""The sample town without its articles: nothing here asks for them, and so it starts at once. The rig."""

import shutil
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.content.source import TownSource
from bot.settings import settings
from storage.engine import Store
from tests.bot.rig import Rig


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "content"
    shutil.copytree(
        settings.read({}).content_dir, folder, ignore=shutil.ignore_patterns("articles", "conversations.yaml")
    )
    return folder


@pytest.fixture(scope="session")
def towns(content: Path) -> TownSource:
    return TownSource(content, SystemClock())


@pytest.fixture
def rig(store: Store, towns: TownSource, tmp_path: Path) -> Rig:
    return Rig(store, towns, tmp_path)
