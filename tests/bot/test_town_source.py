"""The current town: swapped whole when its files are sound, kept when they are not."""

import shutil
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.town_source import TownSource
from faq.errors import ContentErrors


def test_a_sound_folder_replaces_the_town_and_a_broken_one_does_not(content: Path, tmp_path: Path):
    """An administrator's slip at noon does not close the counter."""
    folder = tmp_path / "content"
    shutil.copytree(content, folder)
    source = TownSource(folder, SystemClock())
    first = source.current
    city = folder / "city.yaml"
    text = city.read_text(encoding="utf-8")

    city.write_text(text.replace("Poncitlán", "Ocotlán"), encoding="utf-8")
    source.reload()
    assert first.city.name == "Poncitlán"
    assert source.current.city.name == "Ocotlán"

    city.write_text("name: [", encoding="utf-8")
    with pytest.raises(ContentErrors):
        source.reload()
    assert source.current.city.name == "Ocotlán"
