"""Owns the links to the town's bot, and how its name is asked for without the library. Sends nothing."""

import asyncio
from typing import Final

from bot.channels.kind import VendorAway
from bot.channels.telegram.settings import TelegramSettings
from bot.http import FAILURES, Http
from handlers.desk.invitation import LINK_MARK

#: How long Telegram may take to tell the bot's name.
_SECONDS: Final = 3.0


def link(username: str) -> str:
    """Opens the bot."""
    return f"https://t.me/{username}"


def invitation_link(username: str, code: str) -> str:
    """Opens the bot and uses the code."""
    # Telegram: a deep link's payload holds 1 to 64 of A-Z a-z 0-9 _ -.
    return f"{link(username)}?start={LINK_MARK}{code}"


async def username_of(settings: TelegramSettings) -> str:
    """The bot's name, for who has no connection. Raises VendorAway."""
    http = Http()
    try:
        async with (
            asyncio.timeout(_SECONDS),
            http.session.get(f"{settings.api_url}/bot{settings.token}/getMe") as answer,
        ):
            return str((await answer.json())["result"]["username"])
    except (*FAILURES, KeyError, TypeError, ValueError) as error:
        # No text of these errors goes on: it can hold the URL, and that holds the token.
        raise VendorAway(type(error).__name__) from None
    finally:
        await http.close()
