"""Owns the Telegram channel: what is sent there, and its files. Knows no ticket and no wording."""

import asyncio
import hmac
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from typing import Final

import structlog
from telegram import Bot, BotCommandScopeChat
from telegram.error import BadRequest, TelegramError

from bot.channels import Wiring
from bot.channels.base import Envelope, Features, SendFailed
from bot.channels.downloads import BYTES_AT_MOST, SECONDS, pieces, too_large
from bot.channels.parts import send_parts
from bot.channels.telegram.connection import Command, Connection, Inbound, Webhook, set_commands
from bot.channels.telegram.errors import failure
from bot.channels.telegram.keyboards import MAX_BUTTONS
from bot.channels.telegram.parse import CHANNEL, parse, tapped_query
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.send import TEXT_LIMIT, Speaker
from bot.http import FAILURES, timeout
from handlers.messages import Attachment, IncomingMessage

#: Telegram: about one message a second to a chat and 30 in all; short bursts pass.
FEATURES: Final = Features(text_limit=TEXT_LIMIT, max_buttons=MAX_BUTTONS, per_chat_rate=1.0, overall_rate=30.0)

#: Time for one answer: long, because a message whose answer we did not wait for may be said twice.
_ANSWER_SECONDS: Final = 15.0

#: The role whose menu everybody has; in its chats there is nothing to set.
_EVERYBODY: Final = "resident"

log = structlog.get_logger(__name__)


class TelegramChannel:
    """The town's bot on Telegram."""

    name = CHANNEL
    features = FEATURES

    def __init__(self, wiring: Wiring) -> None:
        settings = wiring.settings
        token = settings.telegram_token or ""
        self._http = wiring.http
        request = AiohttpRequest(wiring.http, _ANSWER_SECONDS)
        self._bot = Bot(
            token,
            base_url=f"{settings.telegram_api_url}/bot",
            base_file_url=f"{settings.telegram_api_url}/file/bot",
            request=request,
            get_updates_request=request,
        )
        self._secret = settings.telegram_webhook_secret
        self._menus: Mapping[str, Sequence[Command]] = wiring.menus
        self._speaker = Speaker(self._bot, request, wiring.place_label)
        is_webhook = settings.telegram_mode == "webhook" and self._secret is not None
        self._connection = Connection(
            self._bot,
            request,
            Inbound(wiring.receive, wiring.clock, self.acknowledge),
            webhook=Webhook(f"{settings.public_url}/hooks/telegram", self._secret or "") if is_webhook else None,
            commands=self._menus.get(_EVERYBODY, ()),
        )
        self._clock = wiring.clock
        #: The connection and the answers to taps that are under way.
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def username(self) -> str | None:
        """The bot's name in links to it, without "@"; None until Telegram has told it."""
        return self._connection.username

    async def start(self) -> None:
        """Begin to connect; a Telegram that cannot be reached delays this channel only."""
        self._spawn(self._connection.run(), "telegram")

    async def stop(self) -> None:
        """End at once: what was not stored is not confirmed either, and Telegram tells it again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def is_genuine(self, secret: str) -> bool:
        """Whether a webhook call carries the secret that only Telegram was told."""
        return self._secret is not None and hmac.compare_digest(secret.encode(), self._secret.encode())

    def read(self, update: object) -> IncomingMessage | None:
        """The message in an update; None where there is no chat to record it under."""
        return parse(update, self._clock.now())

    def acknowledge(self, update: object) -> None:
        """Take the clock off a tapped button. Only for what is stored, and of no consequence if it fails."""
        query_id = tapped_query(update)
        if query_id is not None:
            self._spawn(self._answer(query_id), "telegram-tap")

    async def send(self, envelope: Envelope) -> str:
        """Send a message, or set the chat's command menu. See Channel."""
        role = envelope.message.command_menu
        if role is not None:
            await self._set_menu(role, int(envelope.to))
            return f"menu:{envelope.outbox_id}"
        return await send_parts(self._speaker.parts(envelope))

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The attachment's bytes. See Channel."""
        url = await self._link(attachment)
        try:
            async with self._http.session.get(url, timeout=timeout(SECONDS), allow_redirects=False) as response:
                # Telegram: a link is good for an hour or more; a new one is asked for with each try.
                if response.status != 200:
                    raise SendFailed(f"telegram: the file's server answered {response.status}")
                async for piece in pieces(response):
                    yield piece
        except FAILURES as error:
            raise SendFailed(f"telegram: the file did not arrive ({type(error).__name__})") from None

    async def _set_menu(self, role: str, chat_id: int) -> None:
        try:
            commands = () if role == _EVERYBODY else self._menus.get(role, ())
            if commands:
                await set_commands(self._bot, commands, chat_id)
            else:
                scope = BotCommandScopeChat(chat_id)
                await self._bot.delete_my_commands(scope=scope)
                await self._bot.delete_my_commands(scope=scope, language_code="en")
        except TelegramError as error:
            raise failure(error) from error

    async def _link(self, attachment: Attachment) -> str:
        if (attachment.size or 0) > BYTES_AT_MOST:
            raise too_large()
        try:
            file = await self._bot.get_file(attachment.source)
        except BadRequest as error:
            refusal = failure(error)
            # Telegram: this one refusal may pass.
            may_pass = "temporarily unavailable" in refusal.reason
            raise SendFailed(refusal.reason, is_permanent=not may_pass) from error
        except TelegramError as error:
            raise failure(error) from error
        if not file.file_path or not file.file_path.startswith(self._bot.base_file_url):
            raise SendFailed("telegram: no link to the file (a local Bot API server?)", is_permanent=True)
        return file.file_path

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            # Too old after a wait, or Telegram is away: the clock on the button goes away by itself.
            log.debug("a tap was not answered", reason=type(error).__name__)

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
