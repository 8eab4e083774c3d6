"""The fakes themselves: what they let pass would be believed everywhere else."""

import aiohttp
import pytest

from tests.fakes import contracts
from tests.fakes.serving import ViolationError
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.fakes.twilio import ACCOUNT, SENDER, FakeTwilio
from tests.fakes.twilio import TOKEN as TWILIO_TOKEN

needs_contracts = pytest.mark.skipif(not contracts.are_here(), reason=contracts.NOTICE)


async def call(fake: FakeTelegram, method: str, **params: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{fake.url}/bot{TOKEN}/{method}", data=params) as response,
    ):
        return response.status


async def create(fake: FakeTwilio, **fields: str) -> int:
    headers = {"Authorization": aiohttp.encode_basic_auth(ACCOUNT, TWILIO_TOKEN)}
    url = f"{fake.url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    async with aiohttp.ClientSession() as session, session.post(url, data=fields, headers=headers) as response:
        return response.status


@needs_contracts
@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendMessage", {"chat_id": "1"}, "text is missing"),
        ("sendMessage", {"chat_id": "1", "text": "x", "markdown": "yes"}, "unknown parameter markdown"),
        ("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": '{"buttons": []}'}, "reply_markup"),
        ("sendMessage", {"chat_id": "1", "text": "x", "disable_notification": "perhaps"}, "not Boolean"),
        ("sendMesage", {"chat_id": "1", "text": "x"}, "no such method"),
        ("setMyCommands", {"commands": '[{"command": "a"}]'}, "description is missing"),
        ("getUpdates", {"offset": "soon"}, "not Integer"),
    ],
)
async def test_what_telegrams_contract_forbids_fails_the_test(method: str, params: dict[str, str], words: str):
    """Even where our fake would have understood it."""
    with pytest.raises(ViolationError, match=words):
        async with FakeTelegram() as fake:
            await call(fake, method, **params)


@needs_contracts
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"From": SENDER, "Body": "x"}, "To is missing"),
        ({"From": SENDER, "To": "whatsapp:+1", "Body": "x", "Urgent": "1"}, "unknown parameter Urgent"),
        ({"MessagingServiceSid": "MG1", "To": "whatsapp:+1", "Body": "x"}, "MessagingServiceSid"),
        ({"From": SENDER, "To": "+5213312345678", "Body": "x"}, "no WhatsApp address"),
        ({"To": "whatsapp:+1", "Body": "x"}, "no messaging service"),
    ],
)
async def test_what_twilios_contract_forbids_fails_the_test(fields: dict[str, str], words: str):
    """Even where our fake would have understood it."""
    with pytest.raises(ViolationError, match=words):
        async with FakeTwilio() as fake:
            await create(fake, **fields)


async def test_telegram_refuses_what_it_refuses():
    """A bot that writes to strangers, or too much, hears of it."""
    async with FakeTelegram(is_strict=False) as fake:
        assert await call(fake, "sendMessage", chat_id="1", text="hola") == 400
        ana = fake.user(1)
        await ana.starts(wait=False)
        assert await call(fake, "sendMessage", chat_id="1", text="hola") == 200
        assert await call(fake, "sendMessage", chat_id="1", text="x" * 4097) == 400
        assert await call(fake, "sendMessage", chat_id="1", text="<b>", parse_mode="HTML") == 400
        assert await call(fake, "flyToTheMoon") == 404
        await ana.blocks(wait=False)
        assert await call(fake, "sendMessage", chat_id="1", text="hola") == 403


async def test_twilio_refuses_what_it_refuses():
    """A message without words, or with too many, is not taken."""
    async with FakeTwilio(is_strict=False) as fake:
        fake.user("+15005550006")
        to = {"From": SENDER, "To": "whatsapp:+15005550006"}
        assert await create(fake, **to, Body="hola") == 201
        assert await create(fake, **to, Body="x" * 1601) == 400
        assert await create(fake, **to) == 400
