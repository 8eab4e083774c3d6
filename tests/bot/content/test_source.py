"""The town is swapped while the counter runs, whole, and only for a sound one."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SystemClock
from bot.content.source import TownSource
from bot.database.looks import Looks
from bot.database.queue import DatabaseQueue
from bot.jobs.content import ContentSweeps
from bot.metrics import Metrics
from faq.reading.errors import ContentErrors
from storage.engine import Store
from tests.bot.replica import Replica
from tests.small_town import ARTICLES, write_article, write_small_town


@pytest.fixture
async def replica(store: Store, tmp_path: Path) -> AsyncIterator[Replica]:
    async with Replica.opened(store, write_small_town(tmp_path / "content")) as opened:
        yield opened


async def test_a_changed_file_is_noticed_and_answered_by(replica: Replica):
    write_article(replica.folder, "acta", ARTICLES["acta"].replace("en el momento", "al día siguiente"))
    await replica.look()
    assert "al día siguiente" in await replica.says("ana", "¿Cómo saco mi acta de nacimiento?")


async def test_a_new_file_and_a_removed_one_are_noticed(replica: Replica):
    write_article(
        replica.folder, "museo", ARTICLES["acta"].replace("id: acta", "id: museo").replace("Acta de", "Museo y")
    )
    (replica.folder / "es/articles/alberca.md").unlink()
    await replica.look()
    assert set(replica.towns.current.library.articles["es"]) == {"predial", "acta", "museo"}


async def test_a_file_that_is_still_being_written_is_waited_for(replica: Replica):
    """The first look sees the change, the second that it has settled."""
    before = replica.towns.current
    write_article(replica.folder, "acta", ARTICLES["acta"].replace("en el momento", "mañana"))
    await replica.sweeps.look()
    assert replica.towns.current is before
    write_article(replica.folder, "acta", ARTICLES["acta"].replace("en el momento", "pasado mañana"))
    await replica.sweeps.look()
    assert replica.towns.current is before
    await replica.sweeps.look()
    assert "pasado mañana" in replica.towns.current.library.articles["es"]["acta"].body


async def test_nothing_is_read_where_nothing_changed(replica: Replica):
    before = replica.towns.current
    write_article(replica.folder, ".acta.md.swp", "an editor's own file")
    await replica.look()
    assert replica.towns.current is before


async def test_a_broken_file_leaves_the_old_town_and_administrators_are_told_once(replica: Replica):
    await replica.administrator("rosa")
    write_article(replica.folder, "acta", ARTICLES["acta"].replace("theme: TRC", "theme: NADA"))
    await replica.look()
    assert "Registro Civil" in await replica.says("ana", "¿Cómo saco mi acta de nacimiento?")
    told = await replica.collect("rosa")
    assert "1 error" in told
    assert "es/articles/acta.md:7: theme NADA" in told
    os.utime(replica.folder / "es/articles/acta.md")
    await replica.look()
    assert await replica.collect("rosa") == ""
    write_article(replica.folder, "acta", ARTICLES["acta"])
    await replica.look()
    assert "ya están bien" in await replica.collect("rosa")


async def test_another_mistake_is_told_again(replica: Replica):
    await replica.administrator("rosa")
    for mistake in ("theme: NADA", "office: ninguna"):
        write_article(replica.folder, "acta", ARTICLES["acta"].replace("theme: TRC", mistake))
        await replica.look()
        assert mistake.replace(":", "") in await replica.collect("rosa")


async def test_what_could_not_be_told_is_told_when_the_database_answers(replica: Replica):
    await replica.administrator("rosa")
    write_article(replica.folder, "acta", "no front matter")
    run, replica.database.run = replica.database.run, replica.fails
    await replica.sweeps.watch.look()
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await replica.sweeps.watch.look()
    replica.database.run = run
    await replica.look()
    assert "2 errores" in await replica.collect("rosa")


def test_the_first_town_must_be_sound(tmp_path: Path):
    folder = write_small_town(tmp_path / "content")
    write_article(folder, "acta", "---\nid: acta\n---\n")
    with pytest.raises(ContentErrors, match=r"title is missing"):
        TownSource(folder, SystemClock(), model="none")


def test_the_parts_fit(store: Store, tmp_path: Path):
    """The sweeps that compose wires."""
    towns = TownSource(write_small_town(tmp_path / "content"), SystemClock(), model="none")
    database, looks = DatabaseQueue(store, Metrics()), Looks(store, lambda: True)
    names = [sweep.name for sweep in ContentSweeps(towns, database, looks, SystemClock(), lambda: None).all]
    assert names == ["content", "expired answers", "weekly digest"]
