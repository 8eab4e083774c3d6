"""The dead letters, from the command line, beside a counter that runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import settings
from storage.engine import Store, open_store
from tests.storage.samples import NOW, add_ticket, arrive, claim, message, say


@pytest.fixture
def counter(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The database of a running counter, which the command line is to share."""
    for setting in settings.DOCUMENTED:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DATABASE_URL", store_url)
    running = open_store(store_url)
    running.migrate()
    yield running
    running.close()


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["dead", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def give_up(store: Store, *words: str, unsure: bool = False, sender: str = "ana") -> list[str]:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, sender), *words)
    keys: list[str] = []
    while rows := claim(store):
        with store.transaction() as transaction:
            for row in rows:
                if unsure:
                    transaction.unit.delivery.uncertain(row.id, NOW, None, "timed out")
                else:
                    transaction.unit.delivery.dead(row.id, NOW, "telegram: 400")
        keys += [f"m{row.id}" for row in rows]
    return keys


def test_nothing_is_said_where_there_is_nothing(counter: Store, capsys: pytest.CaptureFixture[str]):
    assert run("list", capsys=capsys) == (0, "Nothing was given up.\n", "")
    assert run("retry", "--all", capsys=capsys) == (0, "0 are tried again.\n", "")


def test_the_list_says_why_and_nothing_of_what_was_said(counter: Store, capsys: pytest.CaptureFixture[str]):
    (key,) = give_up(counter, "vivo en Hidalgo 5")
    with counter.transaction() as transaction:
        transaction.unit.inbox.record_failure(message("7", text="vivo en Juárez 9"), "ValueError at x.py:1", NOW, None)
    code, out, _ = run("list", capsys=capsys)
    assert code == 0
    head, sent, came = out.splitlines()
    assert head.split() == ["ID", "what", "why", "channel", "about", "since", "tries", "error"]
    assert sent.split()[:4] == [key, "reply", "unsent", "telegram"]
    assert came.split()[1:3] == ["arrival", "unhandled"]
    assert not re.search("Hidalgo|Juárez", out)


def test_one_is_tried_again_once(counter: Store, capsys: pytest.CaptureFixture[str]):
    key, other = give_up(counter, "uno", "dos")
    assert run("retry", key, capsys=capsys) == (0, f"{key} is tried again.\n", "")
    code, _, err = run("retry", key, capsys=capsys)
    assert (code, "not there any more" in err) == (1, True)
    _, out, _ = run("list", capsys=capsys)
    assert other in out and key not in out.split()


def test_all_are_tried_again_but_what_may_have_arrived(counter: Store, capsys: pytest.CaptureFixture[str]):
    give_up(counter, "uno", "dos")
    (unsure,) = give_up(counter, "tres", unsure=True, sender="beto")
    code, out, err = run("retry", "--all", capsys=capsys)
    assert (code, out) == (1, "2 are tried again.\n")
    assert "1: may have arrived" in err
    code, _, err = run("retry", unsure, capsys=capsys)
    assert (code, "--even-if-arrived" in err) == (1, True)
    assert run("retry", unsure, "--even-if-arrived", capsys=capsys)[0] == 0


def test_one_is_dropped_and_a_trace_stays(counter: Store, capsys: pytest.CaptureFixture[str]):
    with counter.transaction() as transaction:
        add_ticket(transaction.unit, arrive(transaction.unit))
    (key,) = give_up(counter, "vivo en Hidalgo 5")
    assert run("drop", key, capsys=capsys) == (0, f"{key} is dropped.\n", "")
    assert run("drop", key, capsys=capsys)[0] == 1
    with counter._connect() as connection:
        held, state, error = connection.exec_driver_sql("SELECT message, state, error FROM outbox").one()
    assert "Hidalgo" not in held
    assert (state, error) == ("dropped", "dropped by the command line; was dead: telegram: 400")


@pytest.mark.parametrize("arguments", [["retry"], ["retry", "m1", "--all"]])
def test_it_says_what_it_wants(counter: Store, arguments: list[str], capsys: pytest.CaptureFixture[str]):
    code, _, err = run(*arguments, capsys=capsys)
    assert code == 2
    assert "--all" in err


def test_half_a_command_explains_itself(capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys=capsys)
    assert code == 0
    assert "retry" in out
