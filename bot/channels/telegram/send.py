"""Owns how a message is said on Telegram: text, buttons and files as calls of the Bot API. Knows no outbox."""

import json
from collections.abc import Callable
from functools import partial
from typing import Final, TypedDict, cast

import structlog
from telegram import Bot, LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.request import RequestData

from bot.channels.base import Envelope, OutgoingFile
from bot.channels.parts import Part, file_part, text_part
from bot.channels.rendering import has_marks, length, numbered_list, plain, split
from bot.channels.telegram.errors import failure, is_bad_markup
from bot.channels.telegram.keyboards import Keyboard, fits, keyboard
from bot.channels.telegram.markup import html
from bot.channels.telegram.parse import message_id_of
from bot.channels.telegram.request import AiohttpRequest, Form
from handlers.messages import OutgoingMessage

#: Telegram: a text holds 4096 characters once its marks are read, a caption 1024.
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024

#: Telegram: photos of up to 10 MB.
_PHOTO_BYTES: Final = 10 * 1024 * 1024
_PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})
_VOICE_TYPE: Final = "audio/ogg"

_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True).to_json()

log = structlog.get_logger(__name__)


class _WithWords(TypedDict):
    """What photos, voices and documents are sent with alike."""

    caption: str | None
    parse_mode: str
    api_kwargs: dict[str, object]


class Speaker:
    """Says messages through a bot. Everything here raises SendFailed."""

    def __init__(self, bot: Bot, request: AiohttpRequest, place_label: Callable[[], str]) -> None:
        self._bot = bot
        self._request = request
        self._place_label = place_label

    def parts(self, envelope: Envelope) -> list[Part]:
        """Files first, so that the words and their buttons stand last, where the reader looks."""
        chat_id = int(envelope.to)
        text, markup = self._words(envelope.message)
        if len(envelope.files) == 1 and length(text) <= CAPTION_LIMIT and not envelope.sent:
            file = envelope.files[0]
            return [file_part(file.media_id, partial(self._file_with_words, chat_id, file, text, markup))]
        texts = split(text, TEXT_LIMIT)
        send_file = self._file if texts else partial(self._file_with_words, text="", markup=None)
        files = [file_part(file.media_id, partial(send_file, chat_id, file)) for file in envelope.files]
        markups = [*[None for _ in texts[:-1]], markup]
        words = [
            text_part(number, partial(self._text, chat_id, each, below))
            for number, (each, below) in enumerate(zip(texts, markups, strict=False), 1)
        ]
        return [*files, *words]

    def _words(self, message: OutgoingMessage) -> tuple[str, Keyboard | None]:
        if fits(message):
            return message.text, keyboard(message, self._place_label)
        listed = numbered_list((*message.choices, *message.controls), lettered=message.lettered)
        return f"{message.text}\n\n{listed}", None

    async def _text(self, chat_id: int, text: str, markup: Keyboard | None) -> str:
        try:
            return await self._say(chat_id, text, markup)
        except TelegramError as error:
            raise failure(error) from error

    async def _say(self, chat_id: int, text: str, markup: Keyboard | None) -> str:
        fields = {"chat_id": str(chat_id), "link_preview_options": _NO_PREVIEW}
        if markup is not None:
            fields["reply_markup"] = json.dumps(markup)
        if not has_marks(text):
            return await self._send_message(**fields, text=text)
        try:
            return await self._send_message(**fields, text=html(text), parse_mode=ParseMode.HTML)
        except BadRequest as error:
            if not is_bad_markup(error):
                raise
            log.error("telegram could not read our markup; sent without it")
            return await self._send_message(**fields, text=plain(text))

    async def _send_message(self, **fields: str) -> str:
        """What Bot.send_message does, without making an object of each field and of the answer.

        Measured: a quarter of its time, and it is the call that is made all day.
        """
        form = cast(RequestData, Form(**fields))
        sent = await self._request.post(f"{self._bot.base_url}/sendMessage", form)
        message_id = sent.get("message_id") if isinstance(sent, dict) else None
        return message_id_of(fields["chat_id"], message_id)

    async def _file_with_words(self, chat_id: int, file: OutgoingFile, text: str, markup: Keyboard | None) -> str:
        """The file under its caption, or the words alone if Telegram refuses the file."""
        try:
            return _id(await self._show(chat_id, file, text, markup))
        except BadRequest as error:
            refusal = failure(error)
            if refusal.is_unreachable or not text:
                raise refusal from error
            log.warning("telegram refuses a file; the words go without it", media_id=file.media_id)
            return await self._text(chat_id, text, markup)
        except TelegramError as error:
            raise failure(error) from error

    async def _file(self, chat_id: int, file: OutgoingFile) -> str:
        """A file before words. One that Telegram refuses is left out: the words matter more."""
        try:
            return _id(await self._show(chat_id, file, "", None))
        except BadRequest as error:
            refusal = failure(error)
            if refusal.is_unreachable:
                raise refusal from error
            log.warning("telegram refuses a file; the words go without it", media_id=file.media_id)
            return ""
        except TelegramError as error:
            raise failure(error) from error

    async def _show(self, chat_id: int, file: OutgoingFile, text: str, markup: Keyboard | None) -> Message:
        """The file as what it is; as a document where Telegram (or the reader's settings) refuses that."""
        with_words = _WithWords(
            caption=html(text) or None,
            parse_mode=ParseMode.HTML,
            api_kwargs={"reply_markup": markup} if markup else {},
        )
        try:
            if file.content_type in _PHOTO_TYPES and len(file.content) <= _PHOTO_BYTES:
                return await self._bot.send_photo(chat_id, file.content, filename=file.name, **with_words)
            if file.content_type == _VOICE_TYPE:
                return await self._bot.send_voice(chat_id, file.content, filename=file.name, **with_words)
        except BadRequest as error:
            if failure(error).is_unreachable:
                raise
        return await self._bot.send_document(chat_id, file.content, filename=file.name, **with_words)


def _id(message: Message) -> str:
    return message_id_of(message.chat_id, message.message_id)
