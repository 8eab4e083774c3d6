"""Owns the menus of commands as Telegram keeps them: one list for everybody, one for each further language, and those
of single chats. Knows neither which commands there are nor who has which role.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat
from telegram.error import BadRequest, TelegramError

from bot.channels.menus import EVERYBODY, Menus
from bot.channels.telegram.connection import FIRST_WAIT_SECONDS, pause

#: Telegram: a list can be for a language of two letters (ISO 639-1); whoever speaks another one sees the first list.
_LETTERS: Final = 2

log = structlog.get_logger(__name__)


class TownMenus:
    """Tells Telegram the town's menus as they are now."""

    def __init__(self, bot: Bot, now: Callable[[], Menus]) -> None:
        self._bot = bot
        self._now = now
        #: What everybody was last given; None before the first time.
        self._given: Menus | None = None
        self._turn = asyncio.Lock()

    async def give_everybody(self) -> None:
        """The residents' menu, if it is another than the one that everybody has. Tries until Telegram takes it."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                async with self._turn:
                    await self._give_everybody()
            except BadRequest as error:
                log.warning("telegram refuses the menu of commands", reason=type(error).__name__)
                return
            except TelegramError as error:
                wait = await pause(wait, error)
            else:
                return

    async def _give_everybody(self) -> None:
        menus, before = self._now(), self._given
        if before is not None and _is_alike(menus, before):
            return
        await self._give(menus, EVERYBODY, None)
        for language in _codes(before) if before else ():
            if language not in menus.languages[1:]:
                await self._bot.delete_my_commands(language_code=language)
        self._given = menus

    async def give_chat(self, role: str, chat_id: int) -> None:
        """A role's menu in one chat; without one of its own, the chat shows everybody's. Raises TelegramError."""
        menus, scope = self._now(), BotCommandScopeChat(chat_id)
        if role != EVERYBODY and menus.of(role):
            await self._give(menus, role, scope)
            return
        for language in (None, *_codes(menus)):
            await self._bot.delete_my_commands(scope=scope, language_code=language)

    async def _give(self, menus: Menus, role: str, scope: BotCommandScope | None) -> None:
        for code, language in ((None, menus.first), *((each, each) for each in _codes(menus))):
            commands = [BotCommand(each.name, each.descriptions[language]) for each in menus.of(role)]
            await self._bot.set_my_commands(commands, scope=scope, language_code=code)


def _codes(menus: Menus) -> Sequence[str]:
    """The further languages that Telegram keeps a list for."""
    return [each for each in menus.languages[1:] if len(each) == _LETTERS]


def _is_alike(menus: Menus, others: Menus) -> bool:
    return menus.languages == others.languages and menus.of(EVERYBODY) == others.of(EVERYBODY)
