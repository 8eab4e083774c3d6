"""What was given up is counted, told once a day, and goes out when it is tried again: over the whole way out."""

from datetime import timedelta

from bot.channels.base import SendFailed
from bot.content.source import TownSource
from bot.jobs.dead_letters import DeadLetterSweeps
from handlers.dead_letter import Outcome
from handlers.messages import Address
from handlers.ticket.ticket import Role
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.rig import Rig

FLOWS = {"report": True}


def sweeps(rig: Rig, towns: TownSource) -> DeadLetterSweeps:
    return DeadLetterSweeps(towns, rig.database, rig.clock, rig.metrics, rig.outbound.wake)


async def administrator(rig: Rig) -> None:
    def invite(unit: SqlUnitOfWork) -> None:
        now = rig.clock.now()
        rosa = unit.people.arrive(Address("letters", "rosa"), language="es", now=now)
        unit.invitations.create(
            code_hash="x",
            role=Role.ADMINISTRATOR,
            department=None,
            name="Rosa",
            expires_at=now + timedelta(days=1),
            now=now,
        )
        unit.invitations.accept("x", rosa.person_id, now)

    await rig.database.run(invite)


async def test_from_the_failure_to_the_letter(rig: Rig, towns: TownSource):
    """A refused message is told, counted, tried again by a press, and arrives once."""
    rig.letters.faults["hola"] = [SendFailed("letters: 400", is_permanent=True)]
    given_up = sweeps(rig, towns)
    async with rig.running():
        await administrator(rig)
        await rig.push("hola", "y adiós")
        await rig.quiet()
        for _ in range(3):
            await given_up.look()
        await rig.quiet()
        assert rig.letters.texts("ana") == ["y adiós"]
        assert rig.measured("given_up", what="messages") == 1
        assert len(rig.letters.texts("rosa")) == 1
        (letter,) = await rig.database.run(lambda unit: unit.dead_letters.page(None, 10))
        outcome = await rig.database.run(lambda unit: unit.dead_letters.retry(letter.key, rig.clock.now(), flows=FLOWS))
        assert outcome is Outcome.DONE
        await rig.quiet()
        await given_up.look()
    assert rig.letters.texts("ana") == ["y adiós", "hola"]
    assert rig.measured("given_up", what="messages") == 0


async def test_a_message_that_was_given_up_is_handled_once_it_can_be(rig: Rig, towns: TownSource):
    """Four failures, an apology; then the release that knows better."""

    def choke(_unit: object) -> None:
        raise ValueError("a bug")

    rig.trouble["raro"] = choke
    async with rig.running():
        await rig.say("raro")
        for _ in range(4):
            rig.clock.advance(minutes=15)
            await rig.sweeps.ring("retry messages")
        assert await rig.inbox() == {"dead": 1}
        await sweeps(rig, towns).look()
        assert rig.measured("given_up", what="arrivals") == 1
        rig.trouble.clear()
        (letter,) = await rig.database.run(lambda unit: unit.dead_letters.page(None, 10))
        await rig.database.run(lambda unit: unit.dead_letters.retry(letter.key, rig.clock.now(), flows=FLOWS))
        await rig.sweeps.ring("retry messages")
        await rig.quiet()
        assert rig.handled == ["raro"]
        assert await rig.inbox() == {}
    assert rig.letters.texts("ana")[-1] == "raro"


async def test_one_row_that_nobody_can_read_stops_neither_way(rig: Rig, towns: TownSource):
    """A rollback left a message that this release cannot read: its chat's later words and all others go on."""
    await_row = "UPDATE outbox SET message = '{\"words\": 1}', kind = 'broadcast'"
    async with rig.running():
        rig.letters.faults["uno"] = [SendFailed("letters: 502")]
        await rig.push("uno", "dos")
        await rig.quiet()
        await rig.database.run(lambda unit: unit._rows.command(f"{await_row} WHERE attempts > 0"))
        await rig.push("tres", chat="luis")
        rig.clock.advance(seconds=30)
        await rig.quiet()
        assert rig.letters.texts("ana") == ["dos"]
        assert rig.letters.texts("luis") == ["tres"]
        assert await rig.counts() == {"unreadable": 1}
        await sweeps(rig, towns).look()
    assert rig.measured("given_up", what="messages") == 1
