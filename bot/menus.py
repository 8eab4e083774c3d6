"""Owns the menus of commands as the town words them, and gives officials theirs anew when the town changes.

Knows no vendor: a channel without menus does nothing.
"""

from collections.abc import Callable, Set
from datetime import datetime

from bot.channels.menus import MenuCommand, Menus
from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.queue import DatabaseQueue
from handlers import commands
from handlers.commands import Command
from handlers.messages import OutgoingMessage
from handlers.town.town import Town
from storage.unit_of_work import SqlUnitOfWork


def menus_of(town: Town) -> Menus:
    """The menu of each role, in every language of the town."""
    return Menus(
        town.languages,
        {role: tuple(_described(town, each) for each in listed) for role, listed in commands.menus().items()},
    )


class OfficialsMenus:
    """Officials have menus of their own in their chats, which no menu for everybody replaces."""

    def __init__(self, towns: TownSource, database: DatabaseQueue, clock: Clock, wake: Callable[[], None]) -> None:
        self._towns = towns
        self._database = database
        self._clock = clock
        self._wake = wake
        self._given = menus_of(towns.current)

    async def town_changed(self) -> None:
        """Put what is new into the outbox, once for all replicas.

        Raises StorageUnavailable; the next change makes up for it.
        """
        menus = menus_of(self._towns.current)
        roles = {
            role
            for role in menus.by_role
            if role != commands.RESIDENT and menus.digest(role) != self._given.digest(role)
        }
        now = self._clock.now()
        if roles:
            await self._database.run(lambda unit: _put(unit, menus, roles, now))
            self._wake()
        self._given = menus


def _put(unit: SqlUnitOfWork, menus: Menus, roles: Set[str], now: datetime) -> None:
    """Into the chat in which each official wrote last."""
    for official in unit.people.officials():
        contact = unit.people.contact_of(official.person_id)
        role = official.role.value
        if contact is None or contact.unreachable_at is not None or role not in roles:
            continue
        # Replicas notice a change within moments; the minute lets a menu come back that was there before.
        key = f"menu:{contact.address_id}:{menus.digest(role)}:{now:%Y%m%d%H%M}"
        menu = OutgoingMessage("", command_menu=role)
        unit.outbox.put(contact.address_id, menu, now=now, dedupe_key=key)


def _described(town: Town, command: Command) -> MenuCommand:
    words = {language: town.words(f"command.{command.name}", language) for language in town.languages}
    return MenuCommand(command.name, words)
