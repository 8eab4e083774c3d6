"""Telegram on loopback: the Bot API with its state, webhooks and long polls, and people who write to the bot."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes import contracts
from tests.fakes.serving import Call, FakeServer
from tests.fakes.telegram_people import BOT, BotMessage, Person
from tests.fakes.telegram_rules import RefusedError, check_markup, parameters, read_html, refusal

TOKEN = "7000000001:AAFakeTokenForTests_0123456789abcdefg"

_SENDING = {"sendMessage", "sendPhoto", "sendDocument", "sendVoice", "sendLocation"}


@dataclass(slots=True)
class Pending:
    """An update that the bot has not confirmed yet."""

    update: dict[str, Any]
    #: The queue it waits in: Telegram keeps the order within a chat.
    chat_id: int
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)


class FakeTelegram(FakeServer):
    """The Bot API. `fake.user(id)` is a person; `fake.violations` is what we did wrong."""

    def __init__(self, *, token: str = TOKEN, port: int = 0, is_strict: bool = True) -> None:
        super().__init__(port=port, is_strict=is_strict)
        self.token = token
        self.people: dict[int, Person] = {}
        self.messages: list[BotMessage] = []
        self.webhook: dict[str, Any] = {}
        self.files: dict[str, bytes] = {}
        #: Commands by (chat id or None for everybody, language or "").
        self.commands: dict[tuple[int | None, str], list[str]] = {}
        self.answered_taps: list[str] = []
        #: How often the webhook was called and what it answered.
        self.webhook_answers: list[int] = []
        self._pending: dict[int, Pending] = {}
        self._news = asyncio.Condition()
        self._queues: dict[int, asyncio.Queue[Pending]] = {}
        self._next_update_id = 500_000_000
        self._next_message_id = 100
        self._caller: aiohttp.ClientSession | None = None
        self._methods: Mapping[str, Callable[[Mapping[str, str]], Awaitable[object]]] = {
            "getMe": self._get_me,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
            "getUpdates": self._get_updates,
            "answerCallbackQuery": self._answer_callback_query,
            "setMyCommands": self._set_my_commands,
            "deleteMyCommands": self._delete_my_commands,
            "getFile": self._get_file,
        }

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_route("*", "/bot{token}/{method}", self._answer)
        router.add_get("/file/bot{token}/{path:.+}", self._download)

    async def close(self) -> None:
        if self._caller is not None:
            await self._caller.close()
        await super().close()

    def user(self, user_id: int, name: str = "Ana", language: str | None = "es") -> Person:
        """A person with a Telegram account; the same one for the same number."""
        return self.people.setdefault(user_id, Person(self, user_id, name, language))

    def refuses(self, method: str | None, status: int, description: str, *, times: int = 1, **parameters: int) -> None:
        """Answer the next calls with an error of Telegram's own."""
        self.fails(method, lambda: refusal(RefusedError(status, description, **parameters)), times=times)

    def too_many_requests(self, method: str | None = "sendMessage", *, retry_after: int = 1, times: int = 1) -> None:
        """Flood control."""
        self.refuses(method, 429, f"Too Many Requests: retry after {retry_after}", times=times, retry_after=retry_after)

    async def publish(self, chat_id: int, update: Mapping[str, Any], *, update_id: int | None = None) -> Pending:
        """Something happened that the bot is to know."""
        if update_id is None:
            update_id = self._next_update_id
            self._next_update_id += 1
        pending = Pending({"update_id": update_id, **update}, chat_id)
        if self.is_strict and (contract := contracts.telegram()):
            # Our own updates are held to the contract as well.
            self.violations += contract.value_problems(pending.update, "Update", "our update")
        self._pending[update_id] = pending
        self._enqueue(pending)
        async with self._news:
            self._news.notify_all()
        return pending

    async def repeat(self, update: Mapping[str, Any]) -> int:
        """Bring an update once more, as Telegram does when an answer got lost; the webhook's status."""
        return await self._call_webhook(update)

    def store_file(self, content: bytes) -> str:
        """A file on Telegram's servers; its file_id."""
        file_id = f"file{len(self.files):06}-fake"
        self.files[file_id] = content
        return file_id

    def next_message_id(self) -> int:
        """Telegram numbers messages of all sides together."""
        self._next_message_id += 1
        return self._next_message_id

    def is_allowed(self, update: Mapping[str, Any]) -> bool:
        """Whether the bot asked for this kind of update."""
        allowed = self.webhook.get("allowed_updates")
        return not allowed or any(kind in update for kind in allowed)

    # What the bot calls.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params, files = await parameters(request)
        self.calls.append(Call(method, {**params, **{name: content for name, (_, content) in files.items()}}))
        if request.match_info["token"] != self.token:
            return refusal(RefusedError(401, "Unauthorized"))
        if self.is_strict and (contract := contracts.telegram()):
            self.violations += contract.call_problems(method, params, list(files))
        return await self.perform(method, request, lambda: self._do(method, params, files))

    async def _do(self, method: str, params: dict[str, str], files: dict[str, tuple[str, bytes]]) -> web.Response:
        try:
            if method in _SENDING:
                result = self._sent(method, params, files)
            elif method in self._methods:
                result = await self._methods[method](params)
            else:
                raise RefusedError(404, "Not Found: method not found")
        except RefusedError as refused:
            return refusal(refused)
        return web.json_response({"ok": True, "result": result})

    async def _get_me(self, _: Mapping[str, str]) -> object:
        return BOT

    async def _set_webhook(self, params: Mapping[str, str]) -> object:
        self.webhook = {name: params[name] for name in ("url", "secret_token") if name in params}
        if "allowed_updates" in params:
            self.webhook["allowed_updates"] = json.loads(params["allowed_updates"])
        for pending in self._pending.values():
            self._enqueue(pending)
        return True

    async def _delete_webhook(self, _: Mapping[str, str]) -> object:
        self.webhook = {}
        return True

    async def _get_webhook_info(self, _: Mapping[str, str]) -> object:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }

    async def _get_updates(self, params: Mapping[str, str]) -> object:
        if self.webhook.get("url"):
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        offset = int(params.get("offset", 0))
        for update_id in [each for each in self._pending if each < offset]:
            self._pending.pop(update_id).confirmed.set()
        until = time.monotonic() + float(params.get("timeout", 0))
        while not (found := [each.update for each in self._pending.values()]):
            left = until - time.monotonic()
            if left <= 0:
                break
            try:
                async with asyncio.timeout(left), self._news:
                    await self._news.wait()
            except TimeoutError:
                break
        return found[: int(params.get("limit", 100))]

    async def _answer_callback_query(self, params: Mapping[str, str]) -> object:
        self.answered_taps.append(params["callback_query_id"])
        return True

    async def _set_my_commands(self, params: Mapping[str, str]) -> object:
        commands = [each["command"] for each in json.loads(params["commands"])]
        self.commands[self._scope(params)] = commands
        return True

    async def _delete_my_commands(self, params: Mapping[str, str]) -> object:
        self.commands.pop(self._scope(params), None)
        return True

    async def _get_file(self, params: Mapping[str, str]) -> object:
        content = self.files.get(params["file_id"])
        if content is None:
            raise RefusedError(400, "Bad Request: invalid file_id")
        if len(content) > 20 << 20:
            raise RefusedError(400, "Bad Request: file is too big")
        path = f"documents/{params['file_id']}"
        return {
            "file_id": params["file_id"],
            "file_unique_id": f"u{params['file_id']}",
            "file_size": len(content),
            "file_path": path,
        }

    def _scope(self, params: Mapping[str, str]) -> tuple[int | None, str]:
        scope = json.loads(params.get("scope", "{}"))
        chat_id = scope.get("chat_id")
        if chat_id is not None:
            self._person(chat_id)
        return (int(chat_id) if chat_id is not None else None), params.get("language_code", "")

    def _person(self, chat_id: object) -> Person:
        person = self.people.get(int(str(chat_id)))
        if person is None or not person.has_started:
            raise RefusedError(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return person

    def _sent(self, method: str, params: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> object:
        person = self._person(params["chat_id"])
        caption = params.get("text", params.get("caption", ""))
        text = read_html(caption) if params.get("parse_mode") == "HTML" else caption
        limit = 4096 if method == "sendMessage" else 1024
        if len(text.encode("utf-16-le")) // 2 > limit:
            raise RefusedError(
                400, "Bad Request: message is too long" if limit == 4096 else "Bad Request: caption too long"
            )
        if method == "sendMessage" and not text.strip():
            raise RefusedError(400, "Bad Request: message text is empty")
        markup = json.loads(params.get("reply_markup", "{}"))
        check_markup(markup)
        file = next(iter(files.values()), None)
        message = BotMessage(self.next_message_id(), person.id, method, text, caption, markup, file)
        self.messages.append(message)
        person.hear(message)
        result: dict[str, Any] = {
            "message_id": message.id,
            "from": BOT,
            "chat": person.chat,
            "date": int(time.time()),
        }
        if text:
            result["text" if method == "sendMessage" else "caption"] = text
        return result

    async def _download(self, request: web.Request) -> web.StreamResponse:
        content = self.files.get(request.match_info["path"].removeprefix("documents/"))
        if request.match_info["token"] != self.token or content is None:
            return web.Response(status=404)

        async def whole() -> web.Response:
            return web.Response(body=content)

        return await self.perform("download", request, whole)

    # What Telegram does by itself.

    def _enqueue(self, pending: Pending) -> None:
        if not self.webhook.get("url"):
            return
        if pending.chat_id not in self._queues:
            self._queues[pending.chat_id] = asyncio.Queue()
            self.spawn(self._deliver(self._queues[pending.chat_id]))
        self._queues[pending.chat_id].put_nowait(pending)

    async def _deliver(self, queue: asyncio.Queue[Pending]) -> None:
        """One update after the other, each until it is acknowledged: nothing passes a refused one."""
        while True:
            pending = await queue.get()
            pause = 0.02
            while pending.update["update_id"] in self._pending and self.webhook.get("url"):
                if 200 <= await self._call_webhook(pending.update) < 300:
                    self._pending.pop(pending.update["update_id"], None)
                    pending.confirmed.set()
                    break
                await asyncio.sleep(pause)
                pause = min(2 * pause, 1.0)

    async def _call_webhook(self, update: Mapping[str, Any]) -> int:
        if self._caller is None:
            self._caller = aiohttp.ClientSession()
        headers = {}
        if "secret_token" in self.webhook:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        try:
            async with self._caller.post(self.webhook["url"], json=update, headers=headers) as response:
                status = response.status
        except (aiohttp.ClientError, OSError):
            status = 0
        self.webhook_answers.append(status)
        return status
