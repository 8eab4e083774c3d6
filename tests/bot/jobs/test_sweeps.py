"""One piece of a batch that cannot be done holds up nobody else's."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.database.pieces import one_by_one
from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, flow
from handlers.messages import Address, OutgoingMessage
from handlers.ports import Conversation
from handlers.town.town import Town
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Rig
from tests.storage.samples import NOW


@pytest.fixture
def wordless(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A form that cannot be said to be waiting."""
    words = Town.words

    def failing(town: Town, key: str, *args: Any, **params: Any) -> str:
        if key == "draft.wordless":
            raise ValueError(key)
        return words(town, key, *args, **params)

    monkeypatch.setattr(Town, "words", failing)

    @flow("wordless", is_form=True)
    def script(chat: Chat) -> None:
        """Never run."""

    yield "wordless"
    del FLOWS["wordless"]


async def test_a_form_that_cannot_be_put_aside_does_not_hold_up_the_town(rig: Rig, wordless: str) -> None:
    """The others hear that theirs waits; it is left quietly, and not tried again for ever."""

    def begin(unit: SqlUnitOfWork, chat: str, form: str) -> None:
        contact = unit.people.arrive(Address("letters", chat), language="es", now=rig.clock.now())
        journal: Any = {"story": {"answer": "un bache"}}
        unit.conversations.put(Conversation(contact.address_id, form, journal, "place", (), rig.clock.now()))

    async with rig.running():
        await rig.database.run(lambda unit: begin(unit, "odd", wordless))
        await rig.database.run(lambda unit: begin(unit, "ana", "report"))
        rig.clock.advance(days=2)
        await rig.sweeps.ring("expire conversations")
        await rig.quiet()
        assert [to for to, _ in rig.letters.arrived] == ["ana"]
        assert rig.measured("sweeps_total", sweep="expire conversations", outcome="done") == 1
        left = await rig.database.run(lambda unit: unit.conversations.expired(rig.clock.now(), 10))
    assert left == ()


def test_a_piece_that_fails_is_undone_and_noted_and_the_others_stay(store: Store) -> None:
    """Also when writing down that it failed fails."""

    def put(unit: SqlUnitOfWork, piece: str) -> None:
        contact = unit.people.arrive(Address("webchat", piece), language="es", now=NOW)
        unit.outbox.put(contact.address_id, OutgoingMessage(piece), now=NOW)
        if piece in {"bad", "worse"}:
            raise ValueError(piece)

    def note(piece: str) -> None:
        noted.append(piece)
        if piece == "worse":
            raise ValueError(piece)

    noted: list[str] = []
    with store.transaction() as transaction:
        unit = transaction.unit
        pieces = ["one", "bad", "two", "worse", "three"]
        done = one_by_one(unit, pieces, lambda each: put(unit, each), what="pieces", failed=note)
    assert (done, noted) == (3, ["bad", "worse"])
    with store.transaction() as transaction:
        rows = transaction.unit.claims.claim("test", NOW, {"webchat": 10})
    assert sorted(row.message.text for row in rows) == ["one", "three", "two"]
