"""What an administrator changes in the chat lands in the files of every replica, and never over somebody's hand."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.content.folder import MARK, ContentFiles, UnsafePath
from storage.engine import Store
from tests.bot.replica import Replica
from tests.databases import database
from tests.small_town import write_small_town

PREDIAL = "es/articles/predial.md"


@pytest.fixture
async def replica(store: Store, tmp_path: Path) -> AsyncIterator[Replica]:
    async with Replica.opened(store, write_small_town(tmp_path / "content")) as opened:
        await opened.administrator("rosa")
        yield opened


async def set_cost(replica: Replica, words: str) -> str:
    """Rosa changes what it costs, up to the last tap."""
    await replica.says("rosa", "/faq editar predial")
    await replica.taps("rosa", "Costo")
    await replica.says("rosa", words)
    return await replica.taps("rosa", "Poner en línea")


async def add_museum(replica: Replica) -> None:
    await replica.says("rosa", "/faq nueva")
    for words in ("Museo", "a qué hora abre el museo", "El museo abre de martes a domingo."):
        await replica.says("rosa", words)
    for _ in range(2):
        await replica.taps("rosa", "Ninguno")
    await replica.taps("rosa", "Poner en línea")


def text(replica: Replica, path: str = PREDIAL) -> str:
    return (replica.folder / path).read_text(encoding="utf-8")


async def test_an_answer_added_from_the_chat_is_found_by_the_next_resident(replica: Replica):
    await add_museum(replica)
    await replica.sweeps.look()
    assert "Ya está en línea «Museo»" in await replica.collect("rosa")
    assert "martes a domingo" in await replica.says("ana", "¿a qué hora abre el museo?")
    assert "id: museo" in text(replica, "es/articles/museo.md")


async def test_a_change_is_carried_out_and_told_once(replica: Replica):
    assert "En unos segundos" in await set_cost(replica, "Cien pesos")
    for _ in range(3):
        await replica.sweeps.look()
    assert "cost: Cien pesos" in text(replica)
    told = await replica.collect("rosa")
    assert told.count("Ya está en línea") == 1
    assert not [path.name for path in replica.folder.rglob("*.new")]


async def test_a_hand_in_the_file_is_not_overwritten(replica: Replica):
    """Somebody edited the file after the administrator began, and before it was carried out."""
    await set_cost(replica, "Cien pesos")
    by_hand = text(replica).replace("Tesorería", "caja")
    (replica.folder / PREDIAL).write_text(by_hand, encoding="utf-8")
    await replica.look()
    assert text(replica) == by_hand
    assert "alguien cambió el archivo" in await replica.collect("rosa")
    assert "caja" in await replica.says("ana", "¿Dónde pago el predial?")
    await set_cost(replica, "Doscientos pesos")
    await replica.look()
    assert "cost: Doscientos pesos" in text(replica)
    assert "caja" in text(replica)


async def test_files_that_would_be_unsound_are_put_back(replica: Replica):
    """Sound when it was written, but another file came to need it meanwhile."""
    await replica.says("rosa", "/faq retirar alberca")
    await replica.says("rosa", "sí")
    path = replica.folder / "es/articles/acta.md"
    path.write_text(path.read_text(encoding="utf-8").replace("theme: TRC", "related: [alberca]"), encoding="utf-8")
    await replica.look()
    told = await replica.collect("rosa")
    assert "quedarían con errores" in told
    assert (replica.folder / "es/articles/alberca.md").exists()
    assert replica.sweeps.watch.broken is None


async def test_a_change_waits_while_other_files_are_broken(replica: Replica):
    """It is written, and goes live with them."""
    broken = replica.folder / "es/articles/acta.md"
    sound = broken.read_text(encoding="utf-8")
    broken.write_text("broken", encoding="utf-8")
    await replica.look()
    await set_cost(replica, "Cien pesos")
    await replica.look()
    assert "Ya está en línea" not in await replica.collect("rosa")
    broken.write_text(sound, encoding="utf-8")
    await replica.look()
    await replica.look()
    assert "Ya está en línea" in await replica.collect("rosa")
    assert "Cien pesos" in await replica.says("ana", "¿Dónde pago el predial?")


async def test_a_folder_that_cannot_be_written_to_is_told(replica: Replica, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object) -> None:
        raise PermissionError(13, "read-only")

    before = text(replica)
    await set_cost(replica, "Cien pesos")
    monkeypatch.setattr("bot.content.folder._replace", refuse)
    await replica.look()
    assert "no deja escribir" in await replica.collect("rosa")
    assert text(replica) == before


async def test_where_the_folder_is_a_repository_the_change_is_a_commit(replica: Replica):
    """Without anybody's name: the role and a number."""
    git(replica.folder, "init", "--quiet")
    git(replica.folder, "add", "--all")
    git(replica.folder, "-c", "user.name=x", "-c", "user.email=x", "commit", "--quiet", "--message=first")
    (replica.folder / "other.txt").write_text("somebody's own work", encoding="utf-8")
    await set_cost(replica, "Cien pesos")
    await replica.look()
    log = git(replica.folder, "log", "-1", "--stat", "--format=%an <%ae>%n%B")
    assert log.startswith("Ventanilla <noreply>\nEdited es/articles/predial.md from the chat")
    assert "administrator" in log
    assert "rosa" not in log.lower()
    assert "1 file changed" in log
    assert "other.txt" in git(replica.folder, "status", "--short")


async def test_git_that_fails_blocks_nothing_and_is_told(replica: Replica):
    (replica.folder / ".git").write_text("gitdir: /nowhere", encoding="utf-8")
    await set_cost(replica, "Cien pesos")
    await replica.look()
    told = await replica.collect("rosa")
    assert "Ya está en línea" in told
    assert "git no guardó" in told
    assert "cost: Cien pesos" in text(replica)


async def test_an_undone_change_gives_the_file_back_letter_by_letter(replica: Replica):
    before = text(replica)
    await set_cost(replica, "Cien pesos")
    await replica.look()
    await replica.collect("rosa")
    await replica.says("rosa", "/faq historia predial")
    await replica.taps("rosa", "Volver a antes")
    await replica.says("rosa", "sí")
    await replica.look()
    assert text(replica) == before


async def test_a_hand_that_puts_the_old_text_back_is_respected(replica: Replica):
    """What was carried out once in a folder is not carried out again."""
    before = text(replica)
    await set_cost(replica, "Cien pesos")
    await replica.look()
    (replica.folder / PREDIAL).write_text(before, encoding="utf-8")
    await replica.look()
    assert text(replica) == before


@pytest.fixture
async def replicas(tmp_path: Path) -> AsyncIterator[tuple[Replica, Replica]]:
    """Two, each with its own folder, over one PostgreSQL database."""
    with database("postgresql", tmp_path) as store:
        first, second = (write_small_town(tmp_path / name / "content") for name in ("a", "b"))
        async with Replica.opened(store, first) as one, Replica.opened(store, second) as two:
            await one.administrator("rosa")
            yield one, two


async def test_every_replica_gets_the_change_and_it_is_told_once(replicas: tuple[Replica, Replica]):
    one, two = replicas
    await add_museum(one)
    await one.look()
    await two.look()
    for replica in replicas:
        assert "martes a domingo" in await replica.says("ana", "¿a qué hora abre el museo?")
    await one.collect("rosa")
    told = "\n".join([message.text for each in replicas for message in each.received.get("rosa", [])])
    assert told.count("Ya está en línea") == 1


async def test_a_replica_that_starts_later_carries_out_all_that_its_folder_lacks(
    replicas: tuple[Replica, Replica], tmp_path: Path
):
    one, two = replicas
    await add_museum(one)
    await one.look()
    for cost in ("Cien pesos", "Doscientos pesos"):
        await set_cost(one, cost)
        await one.look()
    await one.says("rosa", "/faq retirar acta")
    await one.says("rosa", "sí")
    await one.look()
    await two.look()
    assert {path.name: path.read_text() for path in (two.folder / "es/articles").iterdir()} == {
        path.name: path.read_text() for path in (one.folder / "es/articles").iterdir()
    }
    assert two.towns.current.library.sources == one.towns.current.library.sources


async def test_a_replica_whose_file_is_another_keeps_it_and_says_so(replicas: tuple[Replica, Replica]):
    one, two = replicas
    own = text(two).replace("Tesorería", "caja")
    (two.folder / PREDIAL).write_text(own, encoding="utf-8")
    await two.look()
    await set_cost(one, "Cien pesos")
    await one.look()
    await two.look()
    assert text(two) == own
    assert "cost: Cien pesos" in text(one)
    told = await one.collect("rosa")
    assert "En uno de los servidores" in told


@pytest.mark.parametrize(
    "path",
    [
        "../x.md",
        "/etc/x.md",
        "es/../../x.md",
        "es/articles/x.yaml",
        "es//x.md",
        "es/.git/x.md",
        ".x.md",
        "es\\x.md",
        "",
    ],
)
def test_no_path_leads_out_of_the_folder(tmp_path: Path, path: str):
    files = ContentFiles(tmp_path)
    with pytest.raises(UnsafePath):
        files.write(path, "x")
    with pytest.raises(UnsafePath):
        files.read(path)


def test_no_link_leads_out_of_the_folder(tmp_path: Path):
    (tmp_path / "content").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "content" / "es").symlink_to(tmp_path / "outside")
    with pytest.raises(UnsafePath):
        ContentFiles(tmp_path / "content").write("es/x.md", "x")


def test_the_mark_belongs_to_a_database(tmp_path: Path):
    files = ContentFiles(tmp_path)
    assert files.applied("one") == 0
    files.note_applied("one", 7)
    assert (files.applied("one"), files.applied("other")) == (7, 0)
    (tmp_path / MARK).write_text("rubbish", encoding="utf-8")
    assert files.applied("one") == 0


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout
