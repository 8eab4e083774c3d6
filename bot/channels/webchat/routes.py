"""Owns the HTTP side of the web chat: what the page in the browser calls. Knows no page, no wording and no ticket."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.fields import natural
from bot.channels.kind import Wiring
from bot.channels.webchat import parse as parsing
from bot.channels.webchat.allowance import UPLOAD_BYTES_AT_MOST, Allowance, crowded, source
from bot.channels.webchat.bells import Bells
from bot.channels.webchat.parse import Malformed, provider_id
from bot.channels.webchat.uploads import Uploads
from bot.headers import SecurityHeaders
from bot.inbound.reception import key_of
from handlers.desk import invitation
from handlers.messages import Address, IncomingMessage, MessageKind, OutgoingMessage
from handlers.texts import declare
from handlers.ticket.ticket import Role
from storage.engine import StorageUnavailable
from storage.media import StoredMedia
from storage.unit_of_work import SqlUnitOfWork

declare(__name__, "web.demo.official_name")

#: How long a browser's question for mail stays open.
WAIT_SECONDS: Final = 20.0
#: For mail that another replica has put.
LOOK_SECONDS: Final = 2.0
RETRY_AFTER_SECONDS: Final = 3

_BODY_BYTES_AT_MOST: Final = 128 * 1024
_MAIL_AT_MOST: Final = 50
#: Long enough for a chat that is opened again next week; after that the page says that the picture is gone.
_PICTURES_VALID_FOR: Final = timedelta(days=7)
_DEMO_INVITATION_VALID_FOR: Final = timedelta(minutes=10)

Endpoint = Callable[[Request], Awaitable[Response]]


def routes(wiring: Wiring, bells: Bells) -> list[Route]:
    """POST and DELETE /chat/session, /chat/messages, POST /chat/attachments; in the demo /chat/demo-official too."""
    chat = _Chat(wiring, bells)
    upload_at_most = UPLOAD_BYTES_AT_MOST + _BODY_BYTES_AT_MOST
    table = [
        _route("/chat/session", chat.open, "POST"),
        _route("/chat/session", chat.forget, "DELETE"),
        _route("/chat/messages", chat.receive, "POST"),
        _route("/chat/messages", chat.mail, "GET"),
        _route("/chat/attachments", chat.upload, "POST", upload_at_most),
    ]
    return [*table, _route("/chat/demo-official", chat.demo_official, "POST")] if wiring.is_demo else table


class _Chat:
    """The endpoints over one running counter, and how often each browser may call them."""

    def __init__(self, wiring: Wiring, bells: Bells) -> None:
        self._wiring = wiring
        self._bells = bells
        #: Marks the tokens of this instance; read from the database when it is first needed.
        self._secret: str | None = None
        self._allowance = Allowance()
        self._uploads = Uploads(wiring)

    async def open(self, request: Request) -> Response:
        """A new chat: nothing is stored before it says something."""
        self._allowance.session(request)
        return _json({"token": parsing.new_token(await self._marks())}, 201)

    async def forget(self, request: Request) -> Response:
        """Forget the messages of this chat and push nothing more to it; tickets stay."""
        address = await self._address(request)
        self._allowance.forget(request, address.value)
        await self._wiring.reception.receive(
            IncomingMessage(
                address=address,
                external_id=parsing.external_id(address, secrets.token_hex(8)),
                sent_at=self._wiring.clock.now(),
                kind=MessageKind.BLOCKED,
            )
        )
        now = self._wiring.clock.now()
        await self._wiring.database.run(lambda unit: unit.mailbox.forget(address.value, now), key=key_of(address))
        return _json({"ok": True})

    async def receive(self, request: Request) -> Response:
        """Take a message in: answered once it is stored, or was stored before."""
        address = await self._address(request)
        self._allowance.message(request, address.value)
        said = parsing.read(await request.body())
        attachments = await self._uploads.named(parsing.uploads_of(said))
        message = parsing.parse(said, address, attachments, self._wiring.clock.now())
        await self._wiring.reception.receive(message)
        # A telephone's clock may be wrong: both sides of a conversation show the counter's time.
        return _json({"ok": True, "at": message.sent_at.isoformat()})

    async def upload(self, request: Request) -> Response:
        """Keep one file for a message that will name it within the hour."""
        address = await self._address(request)
        self._allowance.upload(request, address.value)
        return _json({"id": await self._uploads.keep(request)}, 201)

    async def mail(self, request: Request) -> Response:
        """What came after a message; that one and all before it have arrived. Waits until there is something."""
        address = await self._address(request)
        self._allowance.read(address.value)
        after = _number(request, "after", 0, 2**63 - 1)
        wait = _number(request, "wait", int(WAIT_SECONDS), int(WAIT_SECONDS))
        of_chat, of_source = self._allowance.polls_of_chat, self._allowance.polls_of_source
        with of_source.inside(source(request)) as is_in, of_chat.inside(address.value) as is_next:
            if not (is_in and is_next):
                raise crowded()
            return _json(await self._wait_for_mail(address, after, wait))

    async def demo_official(self, request: Request) -> Response:
        """An invitation for the official's phone of the demo."""
        self._allowance.session(request, "demo ")
        code = invitation.new(secrets.choice)
        town = self._wiring.town()
        now = self._wiring.clock.now()
        await self._wiring.database.run(
            lambda unit: unit.invitations.create(
                code_hash=invitation.hash_of(code),
                role=Role.SUPERVISOR,
                department=None,
                name=town.words("web.demo.official_name", town.languages[0]),
                expires_at=now + _DEMO_INVITATION_VALID_FOR,
                now=now,
                is_demo=True,
            )
        )
        return _json({"code": code}, 201)

    # -- parts ------------------------------------------------------------------------------------------------------

    async def _address(self, request: Request) -> Address:
        authorization = request.headers.get("authorization")
        is_token = parsing.token_of(authorization) is not None
        address = parsing.address_of(authorization, await self._marks()) if is_token else None
        if address is None:
            raise HTTPException(401, "a token of POST /chat/session is needed", {"WWW-Authenticate": "Bearer"})
        return address

    async def _marks(self) -> str:
        if self._secret is None:
            fresh = secrets.token_urlsafe(32)
            run = self._wiring.database.run
            self._secret = await run(lambda unit: unit.secrets.get_or_create("webchat_tokens", fresh))
        return self._secret

    async def _wait_for_mail(self, address: Address, after: int, wait_seconds: int) -> list[dict[str, object]]:
        loop = asyncio.get_running_loop()
        until = loop.time() + wait_seconds
        # On SQLite there is one process, which hears its own bell.
        look = LOOK_SECONDS if self._wiring.shares_database else WAIT_SECONDS
        with self._bells.listen(address.value) as bell:
            mail = await self._read_mail(address, after, acknowledge=after > 0)
            while not mail and (left := until - loop.time()) > 0 and not self._wiring.stopping.is_set():
                await self._hear(bell, min(left, look))
                if not self._wiring.stopping.is_set():
                    mail = await self._read_mail(address, after, acknowledge=False)
        return mail

    async def _hear(self, bell: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.ensure_future(each.wait()) for each in (bell, self._wiring.stopping)]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)
        # Before the mailbox is read: a ring from here on is for the next look.
        bell.clear()

    async def _read_mail(self, address: Address, after: int, *, acknowledge: bool) -> list[dict[str, object]]:
        now = self._wiring.clock.now()

        def read(unit: SqlUnitOfWork) -> tuple[Sequence[tuple[int, OutgoingMessage, datetime]], Sequence[StoredMedia]]:
            if acknowledge:
                unit.mailbox.acknowledge(address.value, after, now)
            mail = unit.mailbox.after(address.value, after, _MAIL_AT_MOST)
            if mail.unreadable:
                unit.mailbox.set_apart(mail.unreadable, now)
            ids = [media_id for _, message, _ in mail.messages for media_id in message.media]
            return mail.messages, unit.media.get(ids) if ids else ()

        # A long poll that has nothing to write down keeps no writer busy.
        run = partial(self._wiring.database.run, key=key_of(address)) if acknowledge else self._wiring.looks.run
        mail, media = await run(read)
        stored = {each.id: each for each in media if each.state == "stored"}
        return [self._shown(mailbox_id, message, at, stored) for mailbox_id, message, at in mail]

    def _shown(
        self, mailbox_id: int, message: OutgoingMessage, created_at: datetime, stored: dict[int, StoredMedia]
    ) -> dict[str, object]:
        media = [stored[each] for each in message.media if each in stored]
        return {
            "id": mailbox_id,
            "reply_id": provider_id(mailbox_id),
            "text": message.text,
            "choices": [{"id": each.id, "label": each.label} for each in message.choices],
            "controls": [{"id": each.id, "label": each.label} for each in message.controls],
            "wants_place": message.wants_place,
            "media": [
                {
                    "url": self._wiring.media_links.path(each.id, _PICTURES_VALID_FOR, shown_in=f"mail:{mailbox_id}"),
                    "type": each.content_type,
                }
                for each in media
            ],
            "created_at": created_at.isoformat(),
        }


def _route(path: str, endpoint: Endpoint, method: str, body_at_most: int = _BODY_BYTES_AT_MOST) -> Route:
    return Route(
        path,
        _in_json(endpoint),
        methods=[method],
        max_body_size=body_at_most,
        middleware=[Middleware(SecurityHeaders)],
    )


def _in_json(endpoint: Endpoint) -> Endpoint:
    """Answer what goes wrong in a form that the page understands."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Malformed as malformed:
            return _json({"error": str(malformed)}, 400)
        except ClientDisconnect:
            # It hung up, or was too slow: nobody hears this.
            return _json({"error": "the rest did not come"}, 400)
        except HTTPException as refused:
            return _json({"error": refused.detail}, refused.status_code, dict(refused.headers or {}))
        except StorageUnavailable:
            headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
            return _json({"error": "nothing can be stored just now: send it again"}, 503, headers)

    return answer


def _json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store", **(headers or {})})


def _number(request: Request, name: str, default: int, at_most: int) -> int:
    number = natural(request.query_params.get(name, str(default)), at_most)
    if number is None:
        raise Malformed(f"{name} must be a number from 0 to {at_most}")
    return number
