"""Everything that a town keeps is in a backup, comes back from it, and is counted; or nothing is."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.attachments.store import FileStore
from storage.engine import open_store
from storage.errors import BackupRefused, OthersAlive
from storage.schema import metadata
from tests.bot.backup.conftest import PDF, Place
from tests.databases import database
from tests.fakes.s3 import s3
from tests.harness import MONDAY
from tests.storage import filler
from tests.storage.filler import ROWS
from tests.storage.releases import HEAD, bring_to

#: What is the same whatever the database is tried on one.
on_one_database = pytest.mark.parametrize("dialect", ["sqlite"])


async def test_all_of_a_town_comes_back(kept: Place, elsewhere: Place, tmp_path: Path) -> None:
    """Rows, files that rows name, content; and a backup of the restored town has the same manifest."""
    taken = await kept.back_up(tmp_path / "first")
    assert taken.contents.revision == HEAD
    assert set(metadata.tables) <= set(taken.contents.rows)
    for name, rows in kept.rows().items():
        assert taken.contents.rows[name] == len(rows), name
    assert all(taken.contents.rows[name] for name in metadata.tables)
    assert [part.path for part in taken.attachments] == sorted(kept.keys)
    assert [part.path for part in taken.content or ()] == ["city.yaml", "es/a b.md"]

    done = await elsewhere.restore(tmp_path / "first", sends_waiting=True)

    assert (done.manifest, done.doubted, done.content) == (taken, 0, "put")
    assert elsewhere.rows() == kept.rows()
    assert {await elsewhere.files.read(key) for key in kept.keys} == {
        PDF + words for words in (b"stored", b"pending", b"uploaded")
    }
    assert (elsewhere.content / "es" / "a b.md").read_text(encoding="utf-8") == "¿Cuándo?"
    again = await elsewhere.back_up(tmp_path / "second")
    assert (again.contents, again.attachments, again.content) == (taken.contents, taken.attachments, taken.content)
    elsewhere.store.migrate()


async def test_what_waited_to_be_sent_is_not_sent_again(town: Place, elsewhere: Place, tmp_path: Path) -> None:
    """The first instance may have sent it after the backup: nothing is sent twice on purpose."""
    waiting = [row["id"] for row in town.rows()["outbox"] if row["state"] in {"pending", "sending"}]
    assert waiting
    await town.back_up(tmp_path / "backup")
    done = await elsewhere.restore(tmp_path / "backup")

    assert done.doubted == len(waiting)
    found = {row["id"]: row for row in elsewhere.rows()["outbox"]}
    channels = {row["channel"] for row in found.values()}
    for row_id in waiting:
        assert found[row_id]["state"] == "uncertain"
        assert "restored from a backup" in found[row_id]["error"]
        assert found[row_id]["settled_at"] is not None
    assert {row["state"] for row in found.values()} == {"uncertain", "failed", "live"}
    with elsewhere.store.transaction() as transaction:
        assert transaction.unit.claims.claim("restored", MONDAY.replace(year=2030), dict.fromkeys(channels, 100)) == ()


async def test_the_backup_changes_nothing(kept: Place, tmp_path: Path) -> None:
    was = kept.rows()
    await kept.back_up(tmp_path / "backup")
    assert kept.rows() == was


@on_one_database
async def test_it_is_readable_by_its_owner_only(kept: Place, tmp_path: Path) -> None:
    await kept.back_up(tmp_path / "deep" / "backup")
    found = [tmp_path / "deep" / "backup", *(tmp_path / "deep" / "backup").rglob("*")]
    assert len([path for path in found if path.is_file()]) == 7
    for path in found:
        if path.is_file() or path == found[0]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert list((tmp_path / "deep").iterdir()) == [tmp_path / "deep" / "backup"]


@on_one_database
async def test_an_empty_folder_may_be_there_already(town: Place, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    await town.back_up(tmp_path / "backup")
    with pytest.raises(BackupRefused, match="not an empty folder"):
        await town.back_up(tmp_path / "backup")
    with pytest.raises(BackupRefused, match="not an empty folder"):
        await town.back_up(tmp_path / "backup" / "manifest.json")


async def test_a_backup_that_fails_leaves_nothing(kept: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle of the attachments: the store is away."""

    async def away(key: str) -> bytes:
        raise TimeoutError(key)

    monkeypatch.setattr(kept.files, "read", away)
    (tmp_path / "backups").mkdir()
    with pytest.raises(TimeoutError):
        await kept.back_up(tmp_path / "backups" / "monday")
    assert list((tmp_path / "backups").iterdir()) == []


async def test_what_was_deleted_meanwhile_is_named(kept: Place, elsewhere: Place, tmp_path: Path) -> None:
    """A form that ran out between the rows and the files."""
    await kept.files.delete(kept.keys[0])
    taken = await kept.back_up(tmp_path / "backup")
    assert taken.missing == (kept.keys[0],)
    assert (await elsewhere.restore(tmp_path / "backup")).manifest.missing == (kept.keys[0],)


async def test_a_place_that_is_in_use_is_left_alone(kept: Place, tmp_path: Path) -> None:
    await kept.back_up(tmp_path / "backup")
    was = kept.rows()
    with pytest.raises(BackupRefused, match="empty"):
        await kept.restore(tmp_path / "backup")
    assert kept.rows() == was
    assert await kept.files.has(kept.keys[0])


@on_one_database
async def test_a_store_with_somebody_elses_files_is_left_alone(kept: Place, elsewhere: Place, tmp_path: Path) -> None:
    await kept.back_up(tmp_path / "backup")
    stored = await elsewhere.files.save(PDF)
    with pytest.raises(BackupRefused, match="files of another instance"):
        await elsewhere.restore(tmp_path / "backup")
    assert await elsewhere.files.keys() == {stored.key}


@on_one_database
async def test_a_restore_that_was_cut_off_can_be_run_again(kept: Place, elsewhere: Place, tmp_path: Path) -> None:
    """Killed after the first files."""
    taken = await kept.back_up(tmp_path / "backup")
    await elsewhere.files.put(taken.attachments[0].path, b"half")
    (elsewhere.content / "city.yaml").write_text("name: Tala", encoding="utf-8")
    done = await elsewhere.restore(tmp_path / "backup")
    assert done.content == "put"
    again = await elsewhere.back_up(tmp_path / "again")
    assert again.attachments == taken.attachments
    assert again.content == taken.content


@on_one_database
async def test_a_content_folder_with_files_of_its_own_stays(town: Place, elsewhere: Place, tmp_path: Path) -> None:
    """Often it comes from somewhere else, such as a repository."""
    await town.back_up(tmp_path / "backup")
    (elsewhere.content / "city.yaml").write_text("name: Ameca", encoding="utf-8")
    assert (await elsewhere.restore(tmp_path / "backup")).content == "other"
    assert [path.name for path in elsewhere.content.iterdir()] == ["city.yaml"]
    assert (elsewhere.content / "city.yaml").read_text(encoding="utf-8") == "name: Ameca"


def flipped(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


@on_one_database
@pytest.mark.parametrize("damage", [flipped, cut, Path.unlink])
@pytest.mark.parametrize("part", ["database.*", "attachments/*/*", "content/es/*", "manifest.json"])
async def test_a_damaged_backup_is_found_out_before_anything_is_done(
    kept: Place, elsewhere: Place, tmp_path: Path, part: str, damage: Callable[[Path], None]
) -> None:
    await kept.back_up(tmp_path / "backup")
    file = next((tmp_path / "backup").glob(part))
    if (part, damage) == ("manifest.json", flipped):
        # Some letters of a manifest may change without harm; not one of a checksum.
        file.write_text(file.read_text().replace('"sha256": "', '"sha256": "x'))
    elif (part, damage) == ("manifest.json", cut):
        file.write_text(file.read_text()[:-3])
    else:
        damage(file)
    with pytest.raises(BackupRefused):
        await elsewhere.restore(tmp_path / "backup")
    await nothing_is_at(elsewhere)


async def nothing_is_at(place: Place) -> None:
    """As before the restore: nothing is half there."""
    assert await place.files.keys() == frozenset()
    assert list(place.content.rglob("*.*")) == []
    with place.store.connection() as connection:
        assert connection.dialect.get_table_names(connection) == []


async def test_what_does_not_add_up_is_taken_back(kept: Place, elsewhere: Place, tmp_path: Path) -> None:
    """The rows are there, and one is missing: an instance of which nobody knows what it lacks is none."""
    await kept.back_up(tmp_path / "backup")
    manifest = tmp_path / "backup" / "manifest.json"
    said = json.loads(manifest.read_text())
    said["rows"]["ticket"] += 1
    manifest.write_text(json.dumps(said))
    with pytest.raises(BackupRefused, match=f"ticket: {ROWS} rows instead of {ROWS + 1}"):
        await elsewhere.restore(tmp_path / "backup")
    await nothing_is_at(elsewhere)


@on_one_database
@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("format", 2, "later release"),
        ("revision", "9999", "later release"),
        ("dialect", "other", "DATABASE_URL names"),
        ("content", [{"path": "../out", "size": 1, "sha256": "x"}], "broken"),
        ("content", [{"path": "/etc/out", "size": 1, "sha256": "x"}], "broken"),
        ("attachments", 3, "broken"),
    ],
)
async def test_a_backup_that_does_not_fit_is_refused(
    town: Place, elsewhere: Place, tmp_path: Path, key: str, value: object, says: str
) -> None:
    await town.back_up(tmp_path / "backup")
    manifest = tmp_path / "backup" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), key: value}))
    with pytest.raises(BackupRefused, match=says):
        await elsewhere.restore(tmp_path / "backup")
    await nothing_is_at(elsewhere)


@on_one_database
async def test_a_folder_that_is_no_backup_is_told(elsewhere: Place, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(BackupRefused, match="is no backup"):
            await elsewhere.restore(folder)


async def test_a_database_without_tables_is_no_town(elsewhere: Place, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match=r"no database|no tables"):
        await elsewhere.back_up(tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


async def test_nothing_is_restored_under_somebody_who_is_there(town: Place, elsewhere: Place, tmp_path: Path) -> None:
    """A counter that is just about to make its tables."""
    await town.back_up(tmp_path / "backup")
    waiting = open_store(elsewhere.store.url.render_as_string(hide_password=False))
    waiting._presence.enter()
    with pytest.raises(OthersAlive):
        await elsewhere.restore(tmp_path / "backup")
    waiting.close()
    await elsewhere.restore(tmp_path / "backup")


async def test_a_backup_of_an_older_revision_is_restored_and_then_migrated(
    elsewhere: Place, dialect: str, tmp_path: Path
) -> None:
    """The backup that is taken before an update is the one that is needed after it."""
    (tmp_path / "old").mkdir()
    with database(dialect, tmp_path / "old", migrated=False) as store:
        bring_to(store, "0001")
        with store._connect() as connection:
            filler.fill(connection)
            connection.commit()
        old = Place(store, elsewhere.files, elsewhere.content)
        taken = await old.back_up(tmp_path / "backup")
    assert taken.contents.revision == "0001"
    await elsewhere.restore(tmp_path / "backup")
    elsewhere.store.migrate()
    assert (await elsewhere.back_up(tmp_path / "again")).contents.revision == HEAD


@on_one_database
async def test_attachments_on_s3_are_in_it_and_come_back(
    kept: Place, elsewhere: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a folder to S3, and from there to another folder of the bucket."""
    for name, value in s3().environ.items():
        monkeypatch.setenv(name, value)
    taken = await kept.back_up(tmp_path / "backup")
    elsewhere.files = FileStore(s3().new_folder())
    await elsewhere.restore(tmp_path / "backup")
    assert (await elsewhere.back_up(tmp_path / "again")).attachments == taken.attachments
