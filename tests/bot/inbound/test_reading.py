"""A free question is read beside the transaction, and handled in it; nobody else waits for it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from bot.inbound import readers
from bot.inbound.handling import RETRY_AFTER
from faq.understanding import Found, Understanding, Want, Wanted
from handlers.town.reading import SHORT
from storage.engine import StorageUnavailable, Store
from tests.bot.replica import Replica
from tests.small_town import ARTICLES, write_article, write_small_town

QUESTION = "¿Cómo saco mi acta de nacimiento?"
ANSWER = "En el Registro Civil"
_read = Understanding.read


class Listening:
    """In the place of the search: where it was asked what; it does not answer until it may."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.was_asked = threading.Event()
        self.before: Callable[[], None] = lambda: None

    def __call__(self, understanding: Understanding, want: Wanted) -> Found:
        if not isinstance(want, Want) or want.language is None:
            return _read(understanding, want)
        text = want.text
        self.heard.append((threading.current_thread().name.split("-")[0].split("_")[0], text))
        self.was_asked.set()
        assert self.may_answer.wait(30)
        self.before()
        return _read(understanding, want)


@pytest.fixture
async def replica(store: Store, tmp_path: Path) -> AsyncIterator[Replica]:
    async with Replica.opened(store, write_small_town(tmp_path / "content")) as opened:
        await opened.says("ana", "menu")
        await opened.says("luis", "menu")
        yield opened


@pytest.fixture
def search(replica: Replica, monkeypatch: pytest.MonkeyPatch) -> Listening:
    listening = Listening()
    # A function, so that it becomes a method.
    monkeypatch.setattr(Understanding, "read", lambda *given: listening(*given))  # noqa: PLW0108
    return listening


async def test_a_question_is_read_outside_the_transaction_and_once(replica: Replica, search: Listening):
    assert ANSWER in await replica.says("ana", QUESTION)
    assert search.heard == [("reader", QUESTION)]


async def test_what_answers_a_form_is_not_read(replica: Replica, search: Listening):
    """Commands, numbers, places and stories cost nothing beside what they cost before."""
    for said in ("/reportar VIA-BACHE", "calle Hidalgo 5", "Hay un hoyo enorme desde hace un mes", "sin foto", "1"):
        await replica.says("ana", said)
    assert search.heard == []


async def test_a_question_in_passing_is_read_outside_as_well(replica: Replica, search: Listening):
    """In the middle of a form."""
    await replica.says("ana", "/reportar VIA-BACHE")
    assert ANSWER in await replica.says("ana", QUESTION)
    assert search.heard == [("reader", QUESTION)]


async def test_nobody_waits_for_the_question_of_another(replica: Replica, search: Listening):
    search.may_answer.clear()
    asked = asyncio.create_task(replica.says("ana", QUESTION))
    await asyncio.to_thread(search.was_asked.wait, 10)
    async with asyncio.timeout(10):
        assert await replica.says("luis", "menu")
    assert not asked.done()
    search.may_answer.set()
    assert ANSWER in await asked


async def test_the_next_message_of_the_chat_does_not_overtake_it(replica: Replica, search: Listening):
    """The question opened no form yet: what comes after it is heard after its answer."""
    search.may_answer.clear()
    asked = asyncio.create_task(replica.says("ana", QUESTION))
    await asyncio.to_thread(search.was_asked.wait, 10)
    # It would be handled at once, if nothing were before it.
    then = asyncio.create_task(replica.reception.receive(replica.message("ana", text="/reportar VIA-BACHE")))
    await asyncio.sleep(0.05)
    assert not then.done()
    search.may_answer.set()
    answer = await asked
    await then
    told = answer + await replica.collect("ana")
    assert told.index(ANSWER) < told.index("Bache")


async def test_content_that_changed_meanwhile_is_what_is_answered_by(replica: Replica, search: Listening):
    """Read by the old one, decided by the new one: so it is read again, outside as well."""

    def change() -> None:
        if len(search.heard) == 1:
            write_article(replica.folder, "acta", ARTICLES["acta"].replace("Registro Civil", "módulo nuevo"))
            replica.towns.reload()

    search.before = change
    assert "módulo nuevo" in await replica.says("ana", QUESTION)
    assert search.heard == [("reader", QUESTION)] * 2


async def test_content_that_never_stops_changing_is_read_inside_at_last(replica: Replica, search: Listening):
    search.before = replica.towns.reload
    assert ANSWER in await replica.says("ana", QUESTION)
    assert [where for where, _ in search.heard] == ["reader"] * 4 + ["database"]


async def test_a_long_text_is_not_searched_for_danger_inside(
    replica: Replica, search: Listening, monkeypatch: pytest.MonkeyPatch
):
    """Looking for it costs by the length."""
    where: list[str] = []
    find = Understanding.emergency

    def noting(understanding: Understanding, text: str) -> object:
        where.append(threading.current_thread().name.split("-")[0].split("_")[0])
        return find(understanding, text)

    monkeypatch.setattr(Understanding, "emergency", noting)
    await replica.says("ana", "/reportar VIA-BACHE")
    await replica.says("ana", "calle Hidalgo 5")
    where.clear()
    await replica.says("ana", "El bache crece cada día. " * (SHORT // 20))
    assert where == ["reader"]


async def test_what_people_asked_in_vain_is_put_together_outside(
    replica: Replica, search: Listening, monkeypatch: pytest.MonkeyPatch
):
    """It takes the square of their number; also when one group was dealt with, and the rest is shown again."""
    where: list[str] = []
    put_together = Understanding.group

    def noting(understanding: Understanding, texts: Sequence[str]) -> object:
        where.append(threading.current_thread().name.split("-")[0].split("_")[0])
        return put_together(understanding, texts)

    for number, animal in enumerate(("perrito", "gato", "perico", "hámster", "tortuga", "conejo", "burro")):
        await replica.says(f"person {number}", f"¿Dónde adopto un {animal} rescatado?")
    monkeypatch.setattr(Understanding, "group", noting)
    await replica.administrator("rosa")
    assert "rescatado" in await replica.says("rosa", "/preguntas")
    assert where == ["reader"]


async def test_what_cannot_be_read_is_kept_and_tried_again(replica: Replica, search: Listening):
    """As any message that cannot be handled; it is not read inside, where it would do more harm."""

    def fail() -> None:
        raise ValueError(QUESTION)

    search.before = fail
    assert await replica.says("ana", QUESTION) == ""
    assert search.heard == [("reader", QUESTION)]
    search.before = lambda: None
    replica.clock.advance(seconds=RETRY_AFTER[0].total_seconds() + 1)
    assert await replica.reception.retry()
    assert ANSWER in await replica.collect("ana")
    assert [where for where, _ in search.heard] == ["reader"] * 2


async def test_too_much_to_read_is_refused_and_nothing_of_it_stored(
    replica: Replica, search: Listening, monkeypatch: pytest.MonkeyPatch
):
    """The vendor sends it again; who asks nothing is served meanwhile."""
    monkeypatch.setattr(replica.readers, "_waiting_at_most", 1)
    search.may_answer.clear()
    asked = asyncio.create_task(replica.says("ana", QUESTION))
    await asyncio.to_thread(search.was_asked.wait, 10)
    refused = replica.message("luis", text=QUESTION)
    with pytest.raises(StorageUnavailable):
        await replica.reception.receive(refused)
    assert await replica.says("luis", "menu")
    search.may_answer.set()
    await asked
    await replica.reception.receive(refused)
    assert ANSWER in await replica.collect("luis")


async def test_a_question_whose_sender_hung_up_is_answered_all_the_same(replica: Replica, search: Listening):
    search.may_answer.clear()
    asked = asyncio.create_task(replica.reception.receive(replica.message("ana", text=QUESTION)))
    await asyncio.to_thread(search.was_asked.wait, 10)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    search.may_answer.set()
    then = await replica.says("ana", "menu")
    assert ANSWER in then


def test_what_is_to_be_read_does_not_show_in_a_log():
    assert QUESTION not in repr(Want(QUESTION, "es"))


def test_waiting_is_bounded():
    assert readers.WAITING_AT_MOST * 0.01 < 15, "as long as the least patient vendor waits"
