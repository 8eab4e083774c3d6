"""Telegram as a vendor: keyboards, files, menus, the webhook's door, long polling."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import Channel, Envelope, OutgoingFile, SendFailed
from bot.channels.menus import MenuCommand, Menus
from bot.channels.telegram import channel as telegram
from bot.channels.telegram import connection as telegram_connection
from bot.channels.telegram import parse as telegram_parse
from handlers.messages import Attachment, AttachmentKind, Choice, IncomingMessage, MessageKind, OutgoingMessage
from tests.channels.doors import Doors, open_doors
from tests.channels.telegram.driver import SECRET
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.telegram_people import Person

MENUS = Menus(
    ("es", "en"),
    {
        "resident": (
            MenuCommand("menu", {"es": "Menú principal", "en": "Main menu"}),
            MenuCommand("ayuda", {"es": "Ayuda", "en": "Help"}),
        ),
        "agent": (MenuCommand("cola", {"es": "Mi cola", "en": "My queue"}),),
    },
)
PHOTO = OutgoingFile(5, "image/jpeg", "foto.jpg", b"\xff\xd8 photo")
PDF = OutgoingFile(6, "application/pdf", "acta.pdf", b"%PDF-1.7")
VOICE = OutgoingFile(7, "audio/ogg", "voz.ogg", b"OggS")


class Stage:
    """A bot, its doors and one person."""

    def __init__(self, fake: FakeTelegram, doors: Doors) -> None:
        self.fake = fake
        self.doors = doors
        self.ana: Person = fake.user(4001)
        self.ana.has_started = True

    @property
    def channel(self) -> Channel:
        return self.doors.channels["telegram"]

    async def send(self, message: OutgoingMessage, *files: OutgoingFile) -> str:
        """The id of the last part."""
        self.envelope = Envelope(1, "4001", message, files)
        return [*(await self.channel.send(self.envelope)).values()][-1]

    async def post(self, body: bytes, secret: str | None = SECRET) -> aiohttp.ClientResponse:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        url = f"{self.doors.url}/hooks/telegram"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=io.BytesIO(body), headers=headers) as response,
        ):
            await response.read()
            return response


@asynccontextmanager
async def open_stage(folder: Path, fake: FakeTelegram, mode: str = "webhook") -> AsyncIterator[Stage]:
    async with open_doors(
        folder,
        menus=MENUS,
        TELEGRAM_TOKEN=TOKEN,
        TELEGRAM_API_URL=fake.url,
        TELEGRAM_MODE=mode,
        TELEGRAM_WEBHOOK_SECRET=SECRET,
    ) as doors:
        yield Stage(fake, doors)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with FakeTelegram() as fake, open_stage(tmp_path, fake) as opened:
        yield opened


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.005)


# What is sent.


async def test_short_labels_stand_side_by_side_and_controls_below(stage: Stage):
    """A menu fits on a small screen and can still be read."""
    choices = tuple(Choice(str(at), label) for at, label in enumerate(["Agua", "Luz", "Un servicio con nombre largo"]))
    controls = (Choice("/atras", "Atrás"), Choice("/cancelar", "Cancelar"))
    await stage.send(OutgoingMessage("¿Qué?", choices=choices, controls=controls))
    assert stage.ana.messages[0].rows == [["Agua", "Luz"], ["Un servicio con nombre largo"], ["Atrás", "Cancelar"]]


async def test_marks_from_one_to_five_stand_in_one_row(stage: Stage):
    """A rating looks like one."""
    await stage.send(OutgoingMessage("¿Cómo le fue?", choices=tuple(Choice(f"r:{n}", str(n)) for n in range(1, 6))))
    assert stage.ana.messages[0].rows == [["1", "2", "3", "4", "5"]]


async def test_more_choices_than_telegram_has_buttons_are_written_as_a_list(stage: Stage):
    """None is left out."""
    await stage.send(OutgoingMessage("¿Cuál?", choices=tuple(Choice(f"c{n}", f"Opción {n}") for n in range(1, 102))))
    assert "101. Opción 101" in stage.ana.messages[0].text
    assert stage.ana.messages[0].buttons == []


async def test_a_place_can_be_sent_with_one_tap(stage: Stage):
    """The phone's own keyboard offers it; what else can be said stands below."""
    await stage.send(OutgoingMessage("¿Dónde?", controls=(Choice("/cancelar", "Cancelar"),), wants_place=True))
    message = stage.ana.messages[0]
    assert message.wants_place
    assert message.keyboard == ["📍", "Cancelar"]
    await stage.ana.taps("Cancelar")
    assert stage.doors.house.received[-1].text == "Cancelar"


async def test_the_place_button_goes_away_with_the_next_plain_message(stage: Stage):
    """Nobody is offered to send their location where nobody asked."""
    await stage.send(OutgoingMessage("¿Dónde?", wants_place=True))
    await stage.send(OutgoingMessage("Gracias"))
    assert stage.ana.messages[-1].markup == {"remove_keyboard": True}


async def test_what_stands_out_is_bold_and_the_rest_is_left_alone(stage: Stage):
    """A resident's own signs never break a message."""
    await stage.send(OutgoingMessage("Folio **R-7Q2** <b>no</b> & ya"))
    assert stage.ana.messages[0].markup_text == "Folio <b>R-7Q2</b> &lt;b&gt;no&lt;/b&gt; &amp; ya"
    assert stage.ana.messages[0].text == "Folio R-7Q2 <b>no</b> & ya"


async def test_markup_that_telegram_cannot_read_is_sent_as_plain_text(stage: Stage):
    """The words matter more than the bold type."""
    stage.fake.refuses("sendMessage", 400, "Bad Request: can't parse entities: something new")
    await stage.send(OutgoingMessage("Folio **R-7Q2**"))
    assert [message.text for message in stage.ana.messages] == ["Folio R-7Q2"]


async def test_one_photo_carries_the_words_and_the_buttons(stage: Stage):
    """One message instead of two."""
    await stage.send(OutgoingMessage("**Bache** en Hidalgo", choices=(Choice("x", "Tomar"),), media=(5,)), PHOTO)
    (message,) = stage.ana.messages
    assert (message.method, message.file) == ("sendPhoto", ("foto.jpg", PHOTO.content))
    assert (message.text, message.buttons) == ("Bache en Hidalgo", ["Tomar"])


async def test_several_files_come_before_the_words(stage: Stage):
    """The buttons stand where the reader ends."""
    provider_id = await stage.send(OutgoingMessage("Tres archivos", media=(5, 6, 7)), PHOTO, PDF, VOICE)
    assert [message.method for message in stage.ana.messages] == [
        "sendPhoto", "sendDocument", "sendVoice", "sendMessage",
    ]  # fmt: skip
    assert provider_id == f"4001:{stage.ana.messages[-1].id}"


async def test_a_photo_that_telegram_refuses_is_sent_as_a_document(stage: Stage):
    """A panorama is too long for a photo, and still evidence."""
    stage.fake.refuses("sendPhoto", 400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    await stage.send(OutgoingMessage("Mire", media=(5,)), PHOTO)
    assert [message.method for message in stage.ana.messages] == ["sendDocument"]


async def test_words_arrive_even_if_their_file_does_not(stage: Stage):
    """An answer is not lost with its picture."""
    stage.fake.refuses("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
    stage.fake.refuses("sendDocument", 400, "Bad Request: file must be non-empty")
    await stage.send(OutgoingMessage("Su reporte fue atendido", media=(5,)), PHOTO)
    assert [message.text for message in stage.ana.messages] == ["Su reporte fue atendido"]


async def test_a_later_part_that_is_held_up_is_tried_again_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """The first half is not said twice because the second had to wait."""
    monkeypatch.setattr("bot.channels.parts._LONGEST_WAIT_SECONDS", 0.01)
    long = OutgoingMessage("palabra " * 1000)
    real = stage.fake.calls_of
    sending = asyncio.create_task(stage.send(long))
    while not real("sendMessage"):
        await asyncio.sleep(0)
    stage.fake.too_many_requests(retry_after=3)
    await sending
    assert len(stage.ana.messages) == 2


async def test_what_went_out_before_a_failure_is_known(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Delivery must not start again from the first part as if nothing had been said."""
    monkeypatch.setattr("bot.channels.parts._LONGEST_WAIT_SECONDS", 0.01)
    sending = asyncio.create_task(stage.send(OutgoingMessage("palabra " * 1000)))
    while not stage.fake.calls_of("sendMessage"):
        await asyncio.sleep(0)
    stage.fake.refuses("sendMessage", 502, "Bad Gateway", times=3)
    with pytest.raises(SendFailed) as raised:
        await sending
    assert not raised.value.is_uncertain
    (first,) = stage.ana.messages
    assert stage.envelope.sent == {"text:1": f"4001:{first.id}"}
    await stage.channel.send(stage.envelope)
    assert len(stage.ana.messages) == 2
    assert list(stage.envelope.sent) == ["text:1", "text:2"]


async def test_a_file_that_went_out_is_no_caption_at_the_next_try(stage: Stage):
    """The other file cannot be read any more: the words follow by themselves."""
    envelope = Envelope(1, "4001", OutgoingMessage("Mire", media=(5, 6)), (PHOTO,), {"file:5": "4001:77"})
    assert list(await stage.channel.send(envelope)) == ["file:5", "text:1"]
    assert [message.method for message in stage.ana.messages] == ["sendMessage"]


@pytest.mark.parametrize(
    ("status", "description", "wanted"),
    [
        (429, "Too Many Requests: retry after 7", {"retry_after_seconds": 7}),
        (403, "Forbidden: bot was blocked by the user", {"is_permanent": True, "is_unreachable": True}),
        (403, "Forbidden: user is deactivated", {"is_permanent": True, "is_unreachable": True}),
        (400, "Bad Request: chat not found", {"is_permanent": True, "is_unreachable": True}),
        (400, "Bad Request: PEER_ID_INVALID", {"is_permanent": True, "is_unreachable": True}),
        (400, "Bad Request: message is too long", {"is_permanent": True}),
        (401, "Unauthorized", {"retry_after_seconds": 300}),
        (404, "Not Found", {"retry_after_seconds": 300}),
        (409, "Conflict: terminated by other getUpdates request", {"retry_after_seconds": 300}),
        (500, "Internal Server Error", {}),
        (502, "Bad Gateway", {}),
        (504, "Gateway Timeout", {"is_uncertain": True}),
    ],
)
async def test_what_a_refusal_means(stage: Stage, status: int, description: str, wanted: dict[str, object]):
    """What is known to be unsent is tried again, what may have arrived is not, and the blocked are left alone."""
    parameters = {"retry_after": 7} if status == 429 else {}
    stage.fake.refuses("sendMessage", status, description, **parameters)
    with pytest.raises(SendFailed) as raised:
        await stage.send(OutgoingMessage("hola"))
    names = ("is_permanent", "is_unreachable", "is_uncertain", "retry_after_seconds")
    found = {name: getattr(raised.value, name) for name in names if getattr(raised.value, name)}
    assert found == wanted
    assert TOKEN not in raised.value.reason


async def test_a_group_that_moved_got_nothing(stage: Stage):
    """It is known to be unsent."""
    stage.fake.refuses("sendMessage", 400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1002000000001)
    with pytest.raises(SendFailed) as raised:
        await stage.send(OutgoingMessage("hola"))
    assert not raised.value.is_uncertain


async def test_no_answer_in_time_is_uncertain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Telegram may have sent it, and has no key against sending twice."""
    monkeypatch.setattr(telegram, "_ANSWER_SECONDS", 0.3)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake) as stage:
        await stage.ana.says("hola")
        fake.hangs("sendMessage", seconds=5)
        with pytest.raises(SendFailed) as raised:
            await stage.send(OutgoingMessage("hola"))
    assert raised.value.is_uncertain
    assert len(stage.ana.messages) == 1


async def test_an_official_sees_the_commands_of_their_role(stage: Stage):
    """The menu follows the role, in both languages, and goes with it."""
    assert await stage.send(OutgoingMessage("", command_menu="agent")) == "menu:1"
    assert stage.fake.commands[4001, ""] == stage.fake.commands[4001, "en"] == ["cola"]
    await stage.send(OutgoingMessage("", command_menu="resident"))
    assert (4001, "") not in stage.fake.commands
    assert stage.ana.messages == []


async def test_everybody_sees_the_residents_commands(stage: Stage):
    """Set once, when the bot connects."""
    await eventually(lambda: (None, "en") in stage.fake.commands)
    assert stage.fake.commands[None, ""] == ["menu", "ayuda"]
    english = [json.loads(call["commands"]) for call in stage.fake.calls_of("setMyCommands") if "language_code" in call]
    assert english[0][0]["description"] == "Main menu"


# What is fetched.


async def test_a_file_of_more_than_twenty_megabytes_is_not_asked_for(stage: Stage):
    """Telegram gives bots nothing larger, and our store takes nothing larger."""
    large = Attachment(AttachmentKind.VIDEO, "file1", size=21 << 20)
    with pytest.raises(SendFailed) as raised:
        [piece async for piece in stage.channel.fetch(large)]
    assert raised.value.is_permanent
    assert stage.fake.calls_of("getFile") == []


@pytest.mark.parametrize(
    ("description", "is_permanent"),
    [
        ("Bad Request: file is too big", True),
        ("Bad Request: wrong file_id or the file is temporarily unavailable", False),
        ("Bad Request: invalid file_id", True),
    ],
)
async def test_a_file_that_telegram_does_not_give(stage: Stage, description: str, is_permanent: bool):
    """What may pass is asked for again later."""
    stage.fake.refuses("getFile", 400, description)
    with pytest.raises(SendFailed) as raised:
        [piece async for piece in stage.channel.fetch(Attachment(AttachmentKind.PHOTO, "file1"))]
    assert raised.value.is_permanent is is_permanent


async def test_a_link_that_has_run_out_is_asked_for_again(stage: Stage):
    """Links are good for an hour; the file itself stays."""
    attachment = Attachment(AttachmentKind.PHOTO, stage.fake.store_file(b"x" * 200_000))
    stage.fake.fails("download", lambda: aiohttp.web.Response(status=404))
    with pytest.raises(SendFailed) as raised:
        [piece async for piece in stage.channel.fetch(attachment)]
    assert not raised.value.is_permanent
    assert b"".join([piece async for piece in stage.channel.fetch(attachment)]) == b"x" * 200_000


# The door.


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "ñ"])
async def test_a_forged_call_leaves_no_trace_but_a_number(stage: Stage, secret: str | None):
    """Whoever does not know the secret is not Telegram."""
    body = json.dumps({"update_id": 1, "message": {"chat": {"id": 4001, "type": "private"}, "text": "x"}}).encode()
    assert (await stage.post(body, secret)).status == 403
    assert stage.doors.house.received == []
    assert stage.doors.counted("webhooks_forged", channel="telegram") == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 50_000, b"\xff\xfe", b'{"update_id": 1}'])
async def test_a_call_that_cannot_be_read_is_acknowledged_and_counted(stage: Stage, body: bytes):
    """Refused, it would come again and again, and nothing else of its chat would pass."""
    assert (await stage.post(body)).status == 200
    assert stage.doors.counted("messages_received", channel="telegram", outcome="refused") == 1
    assert stage.doors.house.received == []


async def test_a_call_of_two_megabytes_is_not_read(stage: Stage):
    """No update is that long."""
    assert (await stage.post(b"x" * (2 << 20))).status == 413


async def test_telegram_comes_again_when_the_database_was_away(stage: Stage):
    """A message that could not be stored is not lost, and comes before what was written after it."""
    await stage.ana.says("uno")
    stage.doors.house.is_away = True
    response = await stage.post(json.dumps(stage.ana.last_update).encode())
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    await stage.ana.says("dos", wait=False)
    await stage.ana.says("tres", wait=False)
    await asyncio.sleep(0.1)
    stage.doors.house.is_away = False
    await stage.ana.says("cuatro")
    assert [message.text for message in stage.doors.house.received] == ["uno", "dos", "tres", "cuatro"]


async def test_a_tap_is_answered_once_it_is_stored(stage: Stage):
    """The clock on the button stops when the tap is safe, not before."""
    await stage.send(OutgoingMessage("¿Sí?", choices=(Choice("y", "Sí"),)))
    answered_before: list[int] = []
    stage.doors.house.on_receive = lambda _: answered_before.append(len(stage.fake.answered_taps))
    await stage.ana.taps("Sí")
    await eventually(lambda: bool(stage.fake.answered_taps))
    assert answered_before == [0]


async def test_a_tap_that_is_too_old_to_be_answered_is_still_taken(stage: Stage):
    """Answering it is a courtesy."""
    stage.fake.refuses("answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired")
    await stage.send(OutgoingMessage("¿Sí?", choices=(Choice("y", "Sí"),)))
    await stage.ana.taps("Sí")
    assert stage.doors.house.received[-1].choice == "y"


async def test_who_blocks_the_bot_is_known(stage: Stage):
    """Nobody is written to who does not want it."""
    await stage.ana.blocks()
    await stage.ana.unblocks()
    kinds = [message.kind for message in stage.doors.house.received]
    assert kinds == [MessageKind.BLOCKED, MessageKind.UNBLOCKED]


# The connection.


async def test_the_webhook_is_set_with_its_secret_and_only_what_we_read(stage: Stage):
    """Telegram is asked for nothing that we would throw away."""
    await stage.ana.says("hola")
    (call,) = stage.fake.calls_of("setWebhook")
    assert call["url"] == f"{stage.doors.url}/hooks/telegram"
    assert call["secret_token"] == SECRET
    assert json.loads(call["allowed_updates"]) == ["message", "edited_message", "callback_query", "my_chat_member"]


async def test_a_telegram_that_is_away_at_the_start_is_found_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The other channels do not wait for it, and nobody has to restart anything."""
    monkeypatch.setattr(telegram_connection, "FIRST_WAIT_SECONDS", 0.02)
    async with FakeTelegram() as fake:
        fake.refuses("getMe", 502, "Bad Gateway", times=2)
        fake.breaks_off("setWebhook")
        async with open_stage(tmp_path, fake) as stage:
            await stage.ana.says("hola")
            assert stage.doors.house.received[-1].text == "hola"


async def test_a_menu_that_is_not_set_keeps_nobody_waiting(tmp_path: Path):
    """It is a help, not a condition."""
    async with FakeTelegram() as fake:
        fake.refuses("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID")
        async with open_stage(tmp_path, fake, "polling") as stage:
            await stage.ana.says("hola")
            assert stage.doors.house.received[-1].text == "hola"


async def test_a_refused_token_is_not_hammered(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """It is said once, without the token."""
    async with FakeTelegram(token="1:another") as fake, open_stage(tmp_path, fake):
        await eventually(lambda: bool(fake.calls_of("getMe")))
        await asyncio.sleep(0.2)
        assert len(fake.calls_of("getMe")) == 1
    assert TOKEN not in caplog.text


async def test_polling_takes_what_waited_while_we_were_away(tmp_path: Path):
    """And removes a webhook that somebody left behind."""
    async with FakeTelegram() as fake:
        fake.webhook = {"url": "https://example.org/old"}
        ana = fake.user(4001)
        await ana.says("uno", wait=False)
        await ana.says("dos", wait=False)
        async with open_stage(tmp_path, fake, "polling") as stage:
            await ana.says("tres")
            assert [message.text for message in stage.doors.house.received] == ["uno", "dos", "tres"]
            assert fake.webhook == {}


async def test_polling_confirms_nothing_that_is_not_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What the database could not take comes again, in its order."""
    monkeypatch.setattr(telegram_connection, "FIRST_WAIT_SECONDS", 0.02)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, "polling") as stage:
        await stage.ana.says("uno")
        stage.doors.house.is_away = True
        await stage.ana.says("dos", wait=False)
        await fake.user(4002, "Beto").says("tres", wait=False)
        await asyncio.sleep(0.1)
        assert [message.text for message in stage.doors.house.received] == ["uno"]
        stage.doors.house.is_away = False
        await stage.ana.says("cuatro")
        texts = [message.text for message in stage.doors.house.received]
        assert sorted(filter(None, texts)) == ["cuatro", "dos", "tres", "uno"]
        assert [text for text in texts if text != "tres"] == ["uno", "dos", "cuatro"]


async def test_polling_goes_on_after_what_it_cannot_read(tmp_path: Path):
    """One strange update does not stop the bot."""
    async with FakeTelegram(is_strict=False) as fake, open_stage(tmp_path, fake, "polling") as stage:
        await fake.publish(4001, {"message": "nonsense"})
        await stage.ana.says("hola")
        assert stage.doors.house.received[-1].text == "hola"


async def test_polling_goes_on_after_faults_of_telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A day of bad connections needs nobody's hand."""
    monkeypatch.setattr(telegram_connection, "FIRST_WAIT_SECONDS", 0.02)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, "polling") as stage:
        await stage.ana.says("uno")
        fake.refuses("getUpdates", 502, "Bad Gateway", times=2)
        fake.breaks_off("getUpdates")
        fake.refuses("getUpdates", 409, "Conflict: terminated by other getUpdates request")
        await stage.ana.says("dos", wait=False)
        await stage.ana.says("tres")
        assert [message.text for message in stage.doors.house.received] == ["uno", "dos", "tres"]


async def test_polling_goes_on_after_what_nobody_thought_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It never ends in silence: the failure is counted and told, and it begins again where it was."""
    monkeypatch.setattr(telegram_connection, "FIRST_WAIT_SECONDS", 0.02)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, "polling") as stage:
        await stage.ana.says("uno")
        troubles = [KeyError("nobody"), RuntimeError("thought"), ZeroDivisionError("of this")]
        seen = []

        def fails(_message: object) -> None:
            seen.append(stage.channel.trouble)
            if troubles:
                raise troubles.pop()

        stage.doors.house.on_receive = fails
        await stage.ana.says("dos", wait=False)
        await stage.ana.says("tres")
        assert [message.text for message in stage.doors.house.received] == ["uno", "dos", "tres"]
        assert seen[:4] == [None, "ZeroDivisionError", "RuntimeError", "KeyError"]
        assert stage.doors.counted("channel_failures", channel="telegram") == 3
        await eventually(lambda: stage.channel.trouble is None)


async def test_a_first_word_to_telegram_that_fails_is_said_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever it fails with."""
    monkeypatch.setattr(telegram_connection, "FIRST_WAIT_SECONDS", 0.02)
    introduce, troubles = telegram_connection.Connection._introduce, [KeyError("x"), RuntimeError("y")]

    async def fails(connection: telegram_connection.Connection) -> None:
        if troubles:
            raise troubles.pop()
        await introduce(connection)

    monkeypatch.setattr(telegram_connection.Connection, "_introduce", fails)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, "polling") as stage:
        await stage.ana.says("uno")
        assert stage.doors.house.received[-1].text == "uno"


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_an_update_that_chokes_the_reader_holds_up_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
):
    """It would come again for ever."""
    parse = telegram_parse.parse

    def chokes(update: object, now: datetime) -> IncomingMessage | None:
        if "veneno" in str(update):
            raise RecursionError
        return parse(update, now)

    monkeypatch.setattr(telegram_parse, "parse", chokes)
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, mode) as stage:
        await stage.ana.says("veneno", wait=False)
        await stage.ana.says("hola")
        assert stage.doors.house.received[-1].text == "hola"


async def test_polling_ends_at_once(tmp_path: Path):
    """A long poll does not hold up the end of the server."""
    async with FakeTelegram() as fake, open_stage(tmp_path, fake, "polling") as stage:
        await stage.ana.says("hola")
        async with asyncio.timeout(10):
            await stage.channel.stop()
