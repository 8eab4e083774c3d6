"""Twilio on loopback: messages, receipts, files and signed webhooks, and people on WhatsApp who write to the town."""

import asyncio
import base64
import itertools
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from tests.fakes import contracts
from tests.fakes.serving import Call, FakeServer
from tests.fakes.twilio_people import Person, TownMessage

ACCOUNT = "AC" + "5a" * 16
TOKEN = "fake0auth0token0for0tests0123456"
SENDER = "whatsapp:+14155238886"

#: What becomes of a message that was taken.
DELIVERED = ("sent", "delivered")


class FakeTwilio(FakeServer):
    """Twilio's REST API. `fake.user("+5213312345678")` is a person; `fake.violations` is what we did wrong."""

    def __init__(self, *, account: str = ACCOUNT, token: str = TOKEN, port: int = 0, is_strict: bool = True) -> None:
        super().__init__(port=port, is_strict=is_strict)
        self.account = account
        self.token = token
        self.people: dict[str, Person] = {}
        self.messages: list[TownMessage] = []
        #: Where Twilio was told to bring messages: our address as the outside world sees it.
        self.webhook_url = ""
        #: Where that is on this machine, if it is somewhere else.
        self.webhook_host: str | None = None
        #: How often Twilio tries again after an error; by itself it never does.
        self.retries = 0
        #: Receipts for what is taken, in their order.
        self.statuses: Sequence[str] = DELIVERED
        self.webhook_answers: list[int] = []
        self._media: dict[str, tuple[bytes, str]] = {}
        self._numbers = itertools.count(1)
        self._caller: aiohttp.ClientSession | None = None

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/2010-04-01/Accounts/{account}/Messages.json", self._create)
        router.add_get("/2010-04-01/Accounts/{account}/Messages.json", self._list)
        router.add_get("/2010-04-01/Accounts/{account}/Messages/{message}/Media/{media}", self._get_media)
        router.add_get("/cdn/{media}", self._get_from_cdn)

    async def close(self) -> None:
        if self._caller is not None:
            await self._caller.close()
        await super().close()

    def user(self, number: str, name: str = "Ana") -> Person:
        """A person on WhatsApp, by phone number or by an id that hides it ("MX.abc"); the same one for the same."""
        return self.people.setdefault(number, Person(self, number, name))

    def refuses(self, code: int, status: int = 400, message: str = "refused", *, times: int = 1) -> None:
        """Answer the next attempts to send with an error of Twilio's own."""
        body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}",
                "status": status}  # fmt: skip
        self.fails("create", lambda: web.json_response(body, status=status), times=times)

    def sid(self, prefix: str) -> str:
        """An id as Twilio makes them, never the same twice."""
        return f"{prefix}{next(self._numbers):032x}"

    def store_media(self, content: bytes, content_type: str) -> str:
        """A file at Twilio; its address."""
        media = self.sid("ME")
        self._media[media] = (content, content_type)
        return f"{self.api_url}/2010-04-01/Accounts/{self.account}/Messages/{self.sid('MM')}/Media/{media}"

    @property
    def api_url(self) -> str:
        """What Twilio writes into its own links."""
        return "https://api.twilio.com"

    async def call(self, url: str, fields: Mapping[str, str], *, signature: str | None = None) -> int:
        """Bring a signed form to one of our doors; what was answered."""
        signature = signature or RequestValidator(self.token).compute_signature(url, dict(fields))
        status = await self._post(url, fields, signature)
        for _ in range(self.retries):
            if 200 <= status < 300:
                break
            await asyncio.sleep(0.05)
            status = await self._post(url, fields, signature)
        self.webhook_answers.append(status)
        return status

    async def report(self, message: TownMessage, status: str, error: int | None = None) -> int | None:
        """Bring a receipt for one of our messages; None where we asked for none."""
        if message.status_callback is None:
            return None
        fields = {
            "ChannelPrefix": "whatsapp",
            "ApiVersion": "2010-04-01",
            "MessageStatus": status,
            "SmsSid": message.sid,
            "SmsStatus": status,
            "ChannelInstallSid": "XE" + "0" * 32,
            "To": message.to,
            "From": SENDER,
            "MessageSid": message.sid,
            "AccountSid": self.account,
            "ChannelToAddress": "",
        }
        if error is not None:
            fields |= {"ErrorCode": str(error), "ChannelStatusMessage": "not delivered"}
        return await self.call(message.status_callback, fields)

    # What the town calls.

    async def _create(self, request: web.Request) -> web.StreamResponse:
        pairs = parse_qsl(await request.text(), keep_blank_values=True)
        fields = dict(pairs)
        self.calls.append(Call("create", {**fields, "pairs": pairs}))
        if not self._is_authorised(request):
            return _refusal(20003, 401, "Authenticate")
        if self.is_strict:
            self._hold_to_contract(request.match_info["account"], pairs)

        async def do() -> web.Response:
            return self._take(fields, [value for name, value in pairs if name == "MediaUrl"])

        return await self.perform("create", request, do)

    async def _list(self, request: web.Request) -> web.StreamResponse:
        """The newest first, as Twilio does."""
        self.calls.append(Call("list", dict(request.query)))
        if not self._is_authorised(request):
            return _refusal(20003, 401, "Authenticate")
        if self.is_strict and (contract := contracts.twilio()):
            self.violations += contract.list_problems(request.match_info["account"], list(request.query.items()))

        async def do() -> web.Response:
            to, size = request.query.get("To"), int(request.query.get("PageSize", "50"))
            found = [self._resource(each, {}, 0) for each in reversed(self.messages) if to in {None, each.to}]
            page = {"messages": found[:size], "page": 0, "page_size": size, "next_page_uri": None,
                    "uri": request.path_qs, "first_page_uri": request.path_qs, "previous_page_uri": None,
                    "start": 0, "end": max(len(found[:size]) - 1, 0)}  # fmt: skip
            return web.json_response(page)

        return await self.perform("list", request, do)

    def _take(self, fields: Mapping[str, str], media: Sequence[str]) -> web.Response:
        if "To" not in fields:
            return _refusal(21604, 400, "A 'To' phone number is required")
        if len(fields.get("Body", "")) > 1600:
            return _refusal(21617, 400, "The concatenated message body exceeds the 1600 character limit")
        if not (fields.get("Body") or media or fields.get("ContentSid")):
            return _refusal(21619, 400, "A Media URL or Text Body or Content SID is required")
        person = self._find(fields["To"])
        if person is not None and person.has_opted_out:
            return _refusal(21610, 400, "Attempt to send to unsubscribed recipient")
        if person is None and any(each.is_reached_by(fields["To"], loosely=True) for each in self.people.values()):
            return _refusal(63003, 400, "Channel could not find To address")
        message = TownMessage(
            self.sid("MM" if media else "SM"), fields["To"], fields.get("Body", ""), fields.get("StatusCallback")
        )
        self.messages.append(message)
        self.spawn(self._deliver(message, person, media))
        resource = self._resource(message, fields, len(media))
        if self.is_strict and (contract := contracts.twilio()):
            self.violations += [f"our answer: {each}" for each in contract.message_problems(resource)]
        return web.json_response(resource, status=201)

    async def _deliver(self, message: TownMessage, person: Person | None, media: Sequence[str]) -> None:
        if person is None:
            await self.report(message, "failed", 63024)
            return
        if not person.is_window_open:
            await self.report(message, "undelivered", 63016)
            return
        async with person.line:
            for url in media:
                message.files.append(await self._collect(url))
            person.hear(message)
        for status in self.statuses:
            await self.report(message, status)

    async def _collect(self, url: str) -> tuple[str, bytes]:
        """Get a file from the town, as Twilio does before it passes it on."""
        async with self._session().get(url) as response:
            if response.status != 200:
                self.violations.append(f"MediaUrl answered {response.status}")
            return response.content_type, await response.read()

    async def _get_media(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(Call("media"))

        async def do() -> web.Response:
            if not self._is_authorised(request):
                return web.Response(status=401)
            if request.match_info["media"] not in self._media:
                return web.Response(status=404)
            # Another name of this machine is another host to whoever follows.
            port = urlsplit(self.url).port
            return web.Response(
                status=307, headers={"Location": f"http://localhost:{port}/cdn/{request.match_info['media']}"}
            )

        return await self.perform("media", request, do)

    async def _get_from_cdn(self, request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers:
            self.violations.append("the account's key was shown to another host")
        content, content_type = self._media[request.match_info["media"]]

        async def do() -> web.Response:
            return web.Response(body=content, content_type=content_type)

        return await self.perform("cdn", request, do)

    def _hold_to_contract(self, account: str, pairs: Sequence[tuple[str, str]]) -> None:
        if contract := contracts.twilio():
            self.violations += contract.create_problems(account, pairs)
        fields = dict(pairs)
        if not fields.get("To", "").startswith("whatsapp:"):
            self.violations.append("To is no WhatsApp address")
        if not (fields.get("From", "").startswith("whatsapp:") or fields.get("MessagingServiceSid")):
            self.violations.append("From is no WhatsApp address, and there is no messaging service")

    def _is_authorised(self, request: web.Request) -> bool:
        key = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        return request.headers.get("Authorization") == f"Basic {key}"

    def _find(self, to: str) -> Person | None:
        return next((person for person in self.people.values() if person.is_reached_by(to)), None)

    def _resource(self, message: TownMessage, fields: Mapping[str, str], media: int) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{self.account}/Messages/{message.sid}.json"
        now = formatdate(message.made_at, usegmt=False)
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": message.text,
            "date_created": now,
            "date_sent": None,
            "date_updated": now,
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "from": fields.get("From"),
            "messaging_service_sid": fields.get("MessagingServiceSid"),
            "num_media": str(media),
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": message.sid,
            "status": "queued",
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "to": message.to,
            "uri": uri,
        }

    async def _post(self, url: str, fields: Mapping[str, str], signature: str) -> int:
        if self.webhook_host:
            url = url.replace("://".join(urlsplit(url)[:2]), self.webhook_host)
        try:
            async with self._session().post(
                url, data=dict(fields), headers={"X-Twilio-Signature": signature}
            ) as response:
                return response.status
        except (aiohttp.ClientError, OSError):
            return 0

    def _session(self) -> aiohttp.ClientSession:
        if self._caller is None:
            self._caller = aiohttp.ClientSession()
        return self._caller


def _refusal(code: int, status: int, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message, "status": status}, status=status)
