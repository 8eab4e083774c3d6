"""Owns the Telegram channel: what is sent there, and its files. Knows no ticket and no wording."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from typing import Final

import structlog
from starlette.routing import BaseRoute
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.channels.base import Channel, Envelope, Features, SendFailed
from bot.channels.downloads import BYTES_AT_MOST, SECONDS, pieces, too_large
from bot.channels.kind import Wiring
from bot.channels.parts import send_parts
from bot.channels.telegram import links
from bot.channels.telegram.connection import Connection, Inbound, Webhook
from bot.channels.telegram.errors import failure
from bot.channels.telegram.menus import TownMenus
from bot.channels.telegram.parse import CHANNEL, tapped_query
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.routes import PATH, routes
from bot.channels.telegram.send import Speaker
from bot.channels.telegram.settings import TelegramSettings
from bot.http import FAILURES, timeout
from handlers.messages import Attachment
from handlers.texts import declare

declare(__name__, "web.chat.share_place")

#: Telegram: about one message a second to a chat and 30 in all; short bursts pass.
FEATURES: Final = Features(per_chat_rate=1.0, overall_rate=30.0)

#: Time for one answer: long, because a message whose answer we did not wait for may be said twice.
_ANSWER_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


class TelegramChannel(Channel):
    """The town's bot on Telegram."""

    name = CHANNEL
    features = FEATURES

    def __init__(self, settings: TelegramSettings, wiring: Wiring) -> None:
        self._wiring = wiring
        self._http = wiring.http
        self._secret = settings.webhook_secret
        request = AiohttpRequest(wiring.http, _ANSWER_SECONDS)
        self._bot = Bot(
            settings.token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=request,
            get_updates_request=request,
        )
        self._speaker = Speaker(self._bot, request, self._place_label)
        self._menus = TownMenus(self._bot, wiring.menus)
        is_webhook = settings.is_webhook and self._secret is not None
        self._connection = Connection(
            self._bot,
            request,
            Inbound(wiring.reception.receive, wiring.clock, self._acknowledge),
            webhook=Webhook(f"{wiring.public_url}{PATH}", self._secret or "") if is_webhook else None,
            introduced=self._give_menus,
            troubled=self._note_trouble,
        )
        self._trouble: str | None = None
        #: The connection, menus on their way, and the answers to taps.
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def link(self) -> str | None:
        """Opens the bot, once Telegram has told its name. See Channel."""
        username = self._connection.username
        return links.link(username) if username else None

    @property
    def trouble(self) -> str | None:
        """What went wrong with Telegram last, until it goes well again. See Channel."""
        return self._trouble

    def invitation_link(self, code: str) -> str | None:
        """Opens the bot and uses the code. See Channel."""
        username = self._connection.username
        return links.invitation_link(username, code) if username else None

    def routes(self) -> Sequence[BaseRoute]:
        """The door for updates. See Channel."""
        return routes(self._wiring, self._secret, self._acknowledge)

    async def start(self) -> None:
        """Begin to connect; a Telegram that cannot be reached delays this channel only."""
        self._spawn(self._connection.run(), "telegram")

    async def stop(self) -> None:
        """End at once: what was not stored is not confirmed either, and Telegram tells it again."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def town_changed(self) -> None:
        """Show everybody the new menu. See Channel."""
        # Before the bot is introduced there is no menu to be replaced.
        if self._connection.username:
            self._give_menus()

    async def send(self, envelope: Envelope) -> Mapping[str, str]:
        """Send a message, or set the chat's command menu. See Channel."""
        role = envelope.message.command_menu
        if role is not None:
            await self._give_menu(role, int(envelope.to))
            return {"menu": f"menu:{envelope.outbox_id}"}
        return await send_parts(self._speaker.parts(envelope), envelope.sent)

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

    async def _give_menu(self, role: str, chat_id: int) -> None:
        try:
            await self._menus.give_chat(role, chat_id)
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

    def _place_label(self) -> str:
        """The button that sends one's location; Telegram does not tell us whose phone it is on."""
        town = self._wiring.town()
        return town.words("web.chat.share_place", town.languages[0])

    def _give_menus(self) -> None:
        # A menu is a help, and no reason to keep people waiting.
        self._spawn(self._menus.give_everybody(), "telegram-menus")

    def _acknowledge(self, update: object) -> None:
        """Take the clock off a tapped button. Only for what is stored, and of no consequence if it fails."""
        query_id = tapped_query(update)
        if query_id is not None:
            self._spawn(self._answer(query_id), "telegram-tap")

    async def _answer(self, query_id: str) -> None:
        try:
            await self._bot.answer_callback_query(query_id)
        except TelegramError as error:
            # Too old after a wait, or Telegram is away: the clock on the button goes away by itself.
            log.debug("a tap was not answered", reason=type(error).__name__)

    def _note_trouble(self, what: str | None) -> None:
        self._trouble = what
        self._wiring.metrics.troubled.labels(self.name).set(0 if what is None else 1)
        if what is not None:
            self._wiring.metrics.channel_failures.labels(self.name).inc()

    def _spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a piece of work for telegram failed", what=task.get_name(), exc_info=error)
