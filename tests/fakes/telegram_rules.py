"""What the Bot API takes and what it refuses, and in which words."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from aiohttp import web


class RefusedError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


async def parameters(request: web.Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields of a call, wherever they stand, and its uploads by name."""
    params = dict(request.query)
    files: dict[str, tuple[str, bytes]] = {}
    if request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, str):
                params[name] = value
            else:
                assert isinstance(value, web.FileField)
                files[name] = (value.filename, value.file.read())
                value.file.close()
    return params, files


def refusal(refused: RefusedError) -> web.Response:
    """An error as the Bot API answers it."""
    body: dict[str, Any] = {"ok": False, "error_code": refused.status, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.status)


def check_markup(markup: Mapping[str, Any]) -> None:
    """Raises RefusedError for a keyboard that Telegram does not show."""
    buttons = [button for row in markup.get("inline_keyboard", ()) for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in markup.get("inline_keyboard", ())):
        raise RefusedError(400, "Bad Request: too many buttons")
    for button in buttons:
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
        if not button.get("text", "").strip():
            raise RefusedError(400, "Bad Request: BUTTON_TEXT_EMPTY")


class _Html(HTMLParser):
    """Telegram's few tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "tg-spoiler", "blockquote"}:
            raise RefusedError(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            raise RefusedError(400, "Bad Request: can't parse entities: Unmatched end tag")

    def handle_data(self, data: str) -> None:
        self.text += data

    def read(self, html: str) -> str:
        self.feed(html)
        self.close()
        if self._open:
            raise RefusedError(400, "Bad Request: can't parse entities: Can't find end tag")
        return self.text


def read_html(html: str) -> str:
    """The text that a reader sees. Raises RefusedError where Telegram cannot read the markup."""
    return _Html().read(html)
