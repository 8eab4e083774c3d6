"""WhatsApp through Twilio: signatures, receipts, spellings of a number, files, and what errors mean."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from bot.channels.base import Envelope, OutgoingFile, SendFailed
from bot.channels.twilio import client as whatsapp_client
from bot.channels.whatsapp.channel import WhatsAppChannel
from handlers.messages import Attachment, AttachmentKind, Choice, OutgoingMessage
from tests.channels.doors import Doors, open_doors
from tests.channels.fixtures import payload
from tests.fakes.twilio import ACCOUNT, SENDER, TOKEN, FakeTwilio
from tests.fakes.twilio_people import Person

ADDRESS = "whatsapp:+523312345678"
PHOTO = OutgoingFile(5, "image/jpeg", "foto.jpg", b"\xff\xd8 photo")
VOICE = OutgoingFile(7, "audio/ogg", "voz.ogg", b"OggS")


class Stage:
    """A number on WhatsApp, its doors and one person."""

    def __init__(self, fake: FakeTwilio, doors: Doors) -> None:
        self.fake = fake
        self.doors = doors
        fake.webhook_url = f"{doors.url}/hooks/whatsapp"
        self.ana: Person = fake.user("+5213312345678")
        self.ana.is_window_open = True

    @property
    def channel(self) -> WhatsAppChannel:
        channel = self.doors.channels["whatsapp"]
        assert isinstance(channel, WhatsAppChannel)
        return channel

    async def send(self, message: OutgoingMessage, *files: OutgoingFile, to: str = ADDRESS) -> str:
        """The id of the last part."""
        return [*(await self.channel.send(Envelope(1, to, message, files))).values()][-1]

    async def post(
        self, body: bytes, signature: str | None, path: str = "/hooks/whatsapp"
    ) -> tuple[int, aiohttp.typedefs.LooseHeaders, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if signature is not None:
            headers["X-Twilio-Signature"] = signature
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.doors.url}{path}", data=io.BytesIO(body), headers=headers) as response,
        ):
            return response.status, dict(response.headers), await response.text()


@asynccontextmanager
async def open_stage(folder: Path, fake: FakeTwilio, **environ: str) -> AsyncIterator[Stage]:
    environ = {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_WHATSAPP_FROM": SENDER,
        "TWILIO_API_URL": fake.url,
        **environ,
    }
    async with open_doors(folder, **environ) as doors:
        yield Stage(fake, doors)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with FakeTwilio() as fake, open_stage(tmp_path, fake) as opened:
        yield opened


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


# The doors.


async def test_a_message_is_answered_with_no_words(stage: Stage):
    """What we have to say goes out by itself, with a receipt."""
    fields = payload("twilio", "text")
    url = stage.fake.webhook_url
    signature = RequestValidator(TOKEN).compute_signature(url, fields)
    status, headers, text = await stage.post(urlencode(fields).encode(), signature)
    assert (status, text) == (200, '<?xml version="1.0" encoding="UTF-8"?><Response></Response>')
    assert headers["Content-Type"].startswith("text/xml")
    assert stage.doors.house.received[-1].text == "Hay un bache en la calle Hidalgo"


@pytest.mark.parametrize("signature", [None, "", "wrong", "ñ"])
@pytest.mark.parametrize("path", ["/hooks/whatsapp", "/hooks/whatsapp/status"])
async def test_a_forged_call_leaves_no_trace_but_a_number(stage: Stage, path: str, signature: str | None):
    """Whoever does not know the account's token is not Twilio."""
    status, _, _ = await stage.post(urlencode(payload("twilio", "text")).encode(), signature, path)
    assert status == 403
    assert (stage.doors.house.received, stage.doors.house.receipts) == ([], [])
    assert stage.doors.counted("webhooks_forged", channel="whatsapp") == 1


async def test_a_changed_field_breaks_the_signature(stage: Stage):
    """Nobody puts other words into a resident's mouth on the way."""
    fields = payload("twilio", "text")
    signature = RequestValidator(TOKEN).compute_signature(stage.fake.webhook_url, fields)
    status, _, _ = await stage.post(urlencode({**fields, "Body": "otra cosa"}).encode(), signature)
    assert status == 403


async def test_the_address_that_twilio_was_given_is_what_counts(tmp_path: Path):
    """Behind a proxy the server sees another one, and a Host header proves nothing."""
    public = "https://ventanilla.example.org"
    async with FakeTwilio() as fake, open_stage(tmp_path, fake, PUBLIC_URL=public) as stage:
        fake.webhook_url = f"{public}/hooks/whatsapp"
        fake.webhook_host = stage.doors.url
        assert await stage.ana.says("hola") == 200
        fake.webhook_url = f"{stage.doors.url}/hooks/whatsapp"
        assert await stage.ana.says("hola") == 403


async def test_empty_and_doubled_fields_are_part_of_the_signature(stage: Stage):
    """Twilio may add fields at any time, and signs the empty ones too."""
    pairs = [*payload("twilio", "location").items(), ("New", "b"), ("New", "a"), ("Empty", "")]

    class Multi(dict[str, str]):
        def getall(self, name: str) -> list[str]:
            return [value for each, value in pairs if each == name]

    signature = RequestValidator(TOKEN).compute_signature(stage.fake.webhook_url, Multi(pairs))
    assert (await stage.post(urlencode(pairs).encode(), signature))[0] == 200
    assert stage.doors.house.received[-1].place is not None


async def test_a_call_for_another_account_is_refused(stage: Stage):
    """Even if somebody there knows our token."""
    fields = {**payload("twilio", "text"), "AccountSid": "AC" + "0" * 32}
    signature = RequestValidator(TOKEN).compute_signature(stage.fake.webhook_url, fields)
    assert (await stage.post(urlencode(fields).encode(), signature))[0] == 403


async def test_a_genuine_call_that_cannot_be_read_is_counted(stage: Stage):
    """There is nobody to answer."""
    fields = {"AccountSid": ACCOUNT, "Body": "hola"}
    assert await stage.fake.call(stage.fake.webhook_url, fields) == 200
    assert stage.doors.counted("messages_received", channel="whatsapp", outcome="refused") == 1


async def test_a_call_of_two_megabytes_is_not_read(stage: Stage):
    """No message is that long."""
    assert (await stage.post(b"x" * (2 << 20), "x"))[0] == 413


async def test_twilio_hears_that_the_database_is_away(stage: Stage):
    """Set up to try again, it brings the message once more."""
    stage.doors.house.is_away = True
    assert await stage.ana.says("hola") == 503
    stage.doors.house.is_away = False
    assert await stage.ana.repeats() == 200
    assert [message.text for message in stage.doors.house.received] == ["hola"]


# Receipts.


async def test_receipts_are_recorded(stage: Stage):
    """An official sees whether the answer was delivered and read."""
    sid = await stage.send(OutgoingMessage("hola"))
    (message,) = await stage.ana.reads()
    await eventually(lambda: len(stage.doors.house.receipts) == 2)
    await stage.ana.sees(message)
    assert stage.doors.house.receipts == [
        ("whatsapp", sid, "sent", None),
        ("whatsapp", sid, "delivered", None),
        ("whatsapp", sid, "read", None),
    ]


async def test_a_message_outside_the_window_is_told_by_its_receipt(stage: Stage):
    """Twilio takes it, and says later that it did not arrive."""
    stage.ana.is_window_open = False
    sid = await stage.send(OutgoingMessage("hola"))
    await eventually(lambda: stage.doors.house.receipts == [("whatsapp", sid, "failed", "63016")])


async def test_a_receipt_waits_for_the_database(stage: Stage):
    """It is no less a fact than a message."""
    stage.doors.house.is_away = True
    assert await stage.fake.call(f"{stage.doors.url}/hooks/whatsapp/status", payload("twilio", "status_read")) == 503
    stage.doors.house.is_away = False
    assert await stage.fake.call(f"{stage.doors.url}/hooks/whatsapp/status", payload("twilio", "status_read")) == 204


# What is sent.


async def test_choices_are_a_numbered_list(stage: Stage):
    """Outside templates WhatsApp has no buttons; a number or the label does as well."""
    choices = (Choice("a", "Fuga de agua"), Choice("b", "Bache"))
    await stage.send(OutgoingMessage("**¿Qué falla?**", choices=choices, controls=(Choice("/cancelar", "Cancelar"),)))
    (message,) = await stage.ana.reads()
    assert message.text == "*¿Qué falla?*\n\n1. Fuga de agua\n2. Bache\n\n_Cancelar_"


async def test_people_are_written_to_under_the_spelling_they_wrote_with(stage: Stage):
    """WhatsApp kept the 1 of old Mexican mobile numbers for some."""
    await stage.ana.says("hola")
    await stage.send(OutgoingMessage("hola"))
    assert stage.fake.calls_of("create")[-1]["To"] == "whatsapp:+5213312345678"


async def test_the_other_spelling_is_tried_where_nobody_is_found(stage: Stage):
    """After a restart nobody has written yet."""
    stage.ana.takes_any_spelling = False
    await stage.send(OutgoingMessage("uno"))
    await stage.send(OutgoingMessage("dos"))
    assert [message.text for message in await stage.ana.reads(2)] == ["uno", "dos"]
    assert [call["To"][:14] for call in stage.fake.calls_of("create")] == [
        "whatsapp:+5233", "whatsapp:+5213", "whatsapp:+5213",
    ]  # fmt: skip


async def test_somebody_with_a_hidden_number_is_answered(stage: Stage):
    """The id that stands for the number is used as it came."""
    beto = stage.fake.user("MX.1a2b3C4d5e6F", "Beto")
    await beto.says("hola")
    address = stage.doors.house.received[-1].address.value
    await stage.send(OutgoingMessage("buenas tardes"), to=address)
    assert [message.text for message in await beto.reads()] == ["buenas tardes"]


async def test_a_photo_goes_out_as_a_link_with_its_caption(tmp_path: Path):
    """Twilio fetches it from us."""
    async with FakeTwilio() as fake, serving(PHOTO.content) as shop, open_stage(tmp_path, fake) as stage:
        stage.doors.shop.url_of_all = shop
        await stage.send(OutgoingMessage("Mire", media=(5,)), PHOTO)
        (message,) = await stage.ana.reads()
    assert (message.text, message.files) == ("Mire", [("image/jpeg", PHOTO.content)])


async def test_a_voice_goes_before_its_words(tmp_path: Path):
    """WhatsApp shows no caption below a voice."""
    async with FakeTwilio() as fake, serving(VOICE.content) as shop, open_stage(tmp_path, fake) as stage:
        stage.doors.shop.url_of_all = shop
        await stage.send(OutgoingMessage("Escuche", media=(7,)), VOICE)
        first, second = await stage.ana.reads(2)
    assert (len(first.files), first.text) == (1, "")
    assert (len(second.files), second.text) == (0, "Escuche")


async def test_without_a_public_address_words_go_without_files_and_receipts(tmp_path: Path):
    """Twilio could reach neither."""
    async with FakeTwilio() as fake, open_stage(tmp_path, fake, PUBLIC_URL="http://town.example.org") as stage:
        await stage.send(OutgoingMessage("Mire", media=(5,)), PHOTO)
        (message,) = await stage.ana.reads()
    assert (message.text, message.files, message.status_callback) == ("Mire", [], None)


async def test_a_messaging_service_can_send(tmp_path: Path):
    """Towns with several numbers have one."""
    service = "MG" + "5a" * 16
    async with FakeTwilio() as fake:
        environ = {"TWILIO_WHATSAPP_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": service}
        async with open_stage(tmp_path, fake, **environ) as stage:
            await stage.send(OutgoingMessage("hola"))
        (call,) = fake.calls_of("create")
    assert call["MessagingServiceSid"] == service
    assert "From" not in call


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [
        (21610, 400, {"is_permanent": True, "is_unreachable": True}),
        (63014, 400, {"is_permanent": True, "is_unreachable": True}),
        (63015, 400, {"is_permanent": True, "is_unreachable": True}),
        (63016, 400, {"is_permanent": True}),
        (63021, 400, {"is_permanent": True}),
        (21656, 400, {"is_permanent": True}),
        (20429, 429, {}),
        (63018, 429, {}),
        (21611, 429, {}),
        (63012, 500, {}),
        (63005, 400, {}),
        (63007, 400, {"retry_after_seconds": 300}),
        (20003, 401, {"retry_after_seconds": 300}),
        (20404, 404, {"retry_after_seconds": 300}),
        (20500, 500, {"is_uncertain": True}),
        (20503, 503, {}),
    ],
)
async def test_what_an_error_of_twilio_means(stage: Stage, code: int, status: int, wanted: dict[str, object]):
    """What is known to be unsent is tried again, what may have been sent is not, and who opted out is left alone."""
    stage.fake.refuses(code, status, f"no: {ADDRESS}")
    with pytest.raises(SendFailed) as raised:
        await stage.send(OutgoingMessage("hola"))
    names = ("is_permanent", "is_unreachable", "is_uncertain", "retry_after_seconds")
    assert {name: getattr(raised.value, name) for name in names if getattr(raised.value, name)} == wanted
    assert "3312345678" not in raised.value.reason


async def test_errors_in_the_newer_form_are_understood(stage: Stage):
    """Twilio has two forms of telling one."""
    body = {"type": "x", "title": "Too many", "status": 429, "code": 20429}
    stage.fake.fails("create", lambda: web.json_response(body, status=429))
    with pytest.raises(SendFailed) as raised:
        await stage.send(OutgoingMessage("hola"))
    assert not raised.value.is_permanent
    assert not raised.value.is_uncertain


async def test_an_answer_that_is_no_json_is_uncertain(stage: Stage):
    """Somebody on the way answered for Twilio."""
    stage.fake.fails("create", lambda: web.Response(status=201, text="<html>"))
    with pytest.raises(SendFailed) as raised:
        await stage.send(OutgoingMessage("hola"))
    assert raised.value.is_uncertain


async def test_no_answer_in_time_is_uncertain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Twilio's own client would have waited for five minutes."""
    monkeypatch.setattr(whatsapp_client, "CALL_SECONDS", 0.3)
    async with FakeTwilio() as fake, open_stage(tmp_path, fake) as stage:
        fake.hangs("create", seconds=5)
        with pytest.raises(SendFailed) as raised:
            await stage.send(OutgoingMessage("hola"))
    assert raised.value.is_uncertain


# What is fetched.


async def fetched(stage: Stage, url: str) -> bytes:
    attachment = Attachment(AttachmentKind.PHOTO, url)
    return b"".join([piece async for piece in stage.channel.fetch(attachment)])


async def test_a_file_is_fetched_without_showing_our_key_to_others(stage: Stage):
    """Twilio keeps files on other servers; the fake raises if they see the key."""
    url = stage.fake.store_media(b"y" * 200_000, "image/jpeg")
    assert await fetched(stage, url) == b"y" * 200_000


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/2010-04-01/Accounts/{account}/Messages/MM1/Media/ME1",
        "https://api.twilio.com.evil.example.org/2010-04-01/Accounts/{account}/x",
        "https://api.twilio.com@evil.example.org/2010-04-01/Accounts/{account}/x",
        "https://api.twilio.com/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages/MM1/Media/ME1",
        "https://api.twilio.com/2010-04-01/Accounts/{account}/../../x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://[::1",
        "",
    ],
)
async def test_our_key_goes_to_twilio_alone(stage: Stage, url: str):
    """A webhook tells where a file is; nobody makes us ask anywhere else."""
    with pytest.raises(SendFailed) as raised:
        await fetched(stage, url.format(account=ACCOUNT))
    assert raised.value.is_permanent
    assert stage.fake.calls_of("media") == []


async def test_a_file_that_is_not_there_yet_is_asked_for_again(stage: Stage):
    """Twilio announces files a moment before they can be had."""
    url = stage.fake.store_media(b"photo", "image/jpeg")
    stage.fake.fails("media", lambda: web.Response(status=404))
    with pytest.raises(SendFailed) as raised:
        await fetched(stage, url)
    assert not raised.value.is_permanent
    assert await fetched(stage, url) == b"photo"


async def test_a_file_of_more_than_twenty_megabytes_is_not_taken(stage: Stage):
    """Whatever its server says about its size."""
    url = stage.fake.store_media(b"y" * ((20 << 20) + 1), "video/mp4")
    with pytest.raises(SendFailed) as raised:
        await fetched(stage, url)
    assert raised.value.is_permanent


async def test_a_download_that_breaks_off_is_tried_again_later(stage: Stage):
    """Half a photo is no photo."""
    url = stage.fake.store_media(b"photo", "image/jpeg")
    stage.fake.breaks_off("cdn", times=2)
    with pytest.raises(SendFailed) as raised:
        await fetched(stage, url)
    assert not raised.value.is_permanent


@asynccontextmanager
async def serving(content: bytes) -> AsyncIterator[str]:
    """A server that has one file."""

    async def give(_: web.Request) -> web.Response:
        return web.Response(body=content, content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/file", give)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/file"
    finally:
        await runner.cleanup()


async def test_twilio_is_asked_what_became_of_a_message_that_may_have_arrived(stage: Stage):
    """Same words, same person, made since then: the newest of them last; what was said to others is not ours."""
    since = datetime.now(UTC)
    luis = stage.fake.user("+523399999999")
    luis.is_window_open = True
    sent = await stage.send(OutgoingMessage("Listo"))
    await stage.send(OutgoingMessage("Otra cosa"))
    await stage.send(OutgoingMessage("Listo"), to="whatsapp:+523399999999")
    envelope = Envelope(1, ADDRESS, OutgoingMessage("Listo"))
    assert await stage.channel.look_up(envelope, since) == [sent]
    again = await stage.send(OutgoingMessage("Listo"))
    assert await stage.channel.look_up(envelope, since) == [sent, again]
    assert await stage.channel.look_up(envelope, since + timedelta(hours=1)) == []
    assert await stage.channel.look_up(Envelope(1, ADDRESS, OutgoingMessage("Nunca")), since) == []


async def test_a_message_in_several_parts_is_not_asked_for(stage: Stage):
    long = Envelope(1, ADDRESS, OutgoingMessage("palabra " * 400))
    assert await stage.channel.look_up(long, datetime.now(UTC)) is None


async def test_a_twilio_that_cannot_be_asked_says_so(stage: Stage):
    stage.fake.breaks_off("list", times=5)
    with pytest.raises(SendFailed):
        await stage.channel.look_up(Envelope(1, ADDRESS, OutgoingMessage("Listo")), datetime.now(UTC))
