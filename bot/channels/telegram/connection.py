"""Owns how Telegram's updates come to us: asked for by long polling, or brought to our webhook. Sends no messages."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.fields import whole
from bot.channels.telegram.parse import ALLOWED_UPDATES, read, table
from bot.channels.telegram.request import AiohttpRequest, FloodWaitError
from bot.clock import Clock
from handlers.messages import IncomingMessage
from storage.engine import StorageUnavailable

#: Telegram holds a question this long while there is nothing to tell.
POLL_SECONDS: Final = 50

FIRST_WAIT_SECONDS: Final = 1.0
_LONGEST_WAIT_SECONDS: Final = 60.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram is to bring updates, and the secret that proves it is Telegram."""

    url: str
    secret: str


class Inbound:
    """What becomes of updates: read, stored, and told when done."""

    def __init__(
        self,
        receive: Callable[[IncomingMessage], Awaitable[None]],
        clock: Clock,
        stored: Callable[[object], None],
    ) -> None:
        self._receive = receive
        self._clock = clock
        self._stored = stored

    async def take(self, updates: Sequence[object]) -> None:
        """Store all updates, each chat's in their order. Raises StorageUnavailable; those already stored repeat."""
        by_chat: dict[str, list[tuple[IncomingMessage, object]]] = {}
        for update in updates:
            message = read(update, self._clock.now())
            if message is None:
                log.warning("an update could not be read; it is passed over")
            else:
                by_chat.setdefault(message.address.value, []).append((message, update))
        outcomes = await asyncio.gather(*map(self._in_order, by_chat.values()), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _in_order(self, messages: Sequence[tuple[IncomingMessage, object]]) -> None:
        for message, update in messages:
            await self._receive(message)
            self._stored(update)


class Connection:
    """Introduces the bot to Telegram, and in polling mode asks for updates until it is cancelled.

    introduced: called once, when Telegram has taken the introduction.
    troubled: told what went wrong, each time, and None when it is well again.
    """

    def __init__(
        self,
        bot: Bot,
        request: AiohttpRequest,
        inbound: Inbound,
        *,
        webhook: Webhook | None,
        introduced: Callable[[], None],
        troubled: Callable[[str | None], None],
    ) -> None:
        self._bot = bot
        self._request = request
        self._inbound = inbound
        self._webhook = webhook
        self._introduced = introduced
        self._troubled = troubled
        #: The first update that Telegram has not been told of.
        self._offset: int | None = None
        #: The bot's name in links, once Telegram has told it.
        self.username: str | None = None

    async def run(self) -> None:
        """Keep the connection. Telegram may be away for as long as it likes: only this channel waits."""
        await self._insist(self._introduce)
        self._introduced()
        while self._webhook is None:
            await self._insist(self._poll)

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        """Until it is done. Whatever goes wrong is told, and begun again after a pause: nothing ends in silence."""
        wait = FIRST_WAIT_SECONDS
        while True:
            try:
                await step()
            except Exception as error:
                self._troubled(type(error).__name__)
                wait = await pause(wait, error)
            else:
                self._troubled(None)
                return

    async def _introduce(self) -> None:
        me = await self._bot.get_me()
        self.username = me.username
        if self._webhook is None:
            # Telegram: getUpdates is refused while a webhook is set. What waits there is kept.
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            await self._bot.set_webhook(
                self._webhook.url, secret_token=self._webhook.secret, allowed_updates=list(ALLOWED_UPDATES)
            )
        log.info("telegram is connected", mode="polling" if self._webhook is None else "webhook")

    async def _poll(self) -> None:
        """One question for updates, and what they become."""
        updates = await self._ask(self._offset)
        # Telegram forgets what is below the offset we ask with: it grows only after all is stored.
        await self._inbound.take(updates)
        self._offset = _next_offset(updates, self._offset)

    async def _ask(self, offset: int | None) -> Sequence[object]:
        """One long poll, as plain JSON: one update that the library cannot read must not hold up the others."""
        query: dict[str, object] = {"timeout": POLL_SECONDS, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if offset is not None:
            query["offset"] = offset
        answer = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{urlencode(query)}",
            read_timeout=self._request.read_timeout + POLL_SECONDS,
        )
        return answer if isinstance(answer, list) else ()


async def pause(wait: float, error: BaseException) -> float:
    """Wait before the next try; how long to wait the next time."""
    match error:
        case FloodWaitError():
            wait = max(wait, error.seconds)
        case InvalidToken():
            log.error("telegram refuses the token: check TELEGRAM_TOKEN")
            wait = _LONGEST_WAIT_SECONDS
        case Conflict():
            log.error("another program asks for this bot's updates: stop it, or use TELEGRAM_MODE=webhook")
        case TelegramError() | StorageUnavailable():
            log.warning("telegram waits", reason=type(error).__name__, seconds=wait)
        case _:
            log.error("the connection to telegram broke; it is begun again", seconds=wait, exc_info=error)
    await asyncio.sleep(wait)
    return min(2 * wait, _LONGEST_WAIT_SECONDS)


def _next_offset(updates: Sequence[object], offset: int | None) -> int | None:
    ids = [update_id for update in updates if (update_id := whole(table(update).get("update_id"))) is not None]
    return max(ids) + 1 if ids else offset
