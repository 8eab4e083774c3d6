"""What the rest of the house may expect of every channel, whichever vendor is behind it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.channels.base import Envelope, OutgoingFile, SendFailed
from bot.channels.kind import ChannelKind
from bot.settings import settings
from bot.settings.reader import SettingsErrors
from handlers.messages import AttachmentKind, Choice, MessageKind, OutgoingMessage
from tests.channels.drivers import KINDS, Driver, Trouble, driver_of

PHOTO = b"\xff\xd8\xff\xe0 a photo"

MENU = OutgoingMessage(
    "¿Qué necesita?",
    choices=(Choice("n1:kind:water", "Fuga de agua"), Choice("n1:kind:lamp", "Luminaria apagada")),
    controls=(Choice("/cancelar", "Cancelar"),),
)


@pytest.fixture(params=[kind.name for kind in KINDS])
async def driver(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Driver]:
    async with driver_of(request.param)(tmp_path) as running:
        yield running


async def send(driver: Driver, message: OutgoingMessage, number: int = 1) -> list[str]:
    """The vendor's ids of the message's parts."""
    return list((await driver.channel.send(delivery(driver, message, number))).values())


def delivery(driver: Driver, message: OutgoingMessage, number: int = 1, *files: OutgoingFile) -> Envelope:
    return Envelope(number, driver.to, message, files)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_channel_that_nothing_switches_on_is_left_out(kind: ChannelKind, tmp_path: Path):
    """And what its settings lack is told by their names, with all else that is wrong."""
    own = {setting.name for setting in kind.documented}
    assert own, "every channel has a switch"
    others = (
        {"WEBCHAT": "on"} if kind.name != "webchat" else {"WEBCHAT": "off", "FOURTH_URL": "http://x", "FOURTH_KEY": "k"}
    )
    assert kind.name not in settings.read({"DATA_DIR": str(tmp_path), **others}, KINDS).channels
    with pytest.raises(SettingsErrors) as raised:
        settings.read({"DATA_DIR": str(tmp_path), "PORT": "x", **dict.fromkeys(own, "?")}, KINDS)
    told = " ".join(raised.value.mistakes)
    assert "PORT" in told
    assert any(name in told for name in own)


async def test_a_stranger_is_not_let_in(driver: Driver):
    """Whoever cannot prove to be the vendor, or the person, leaves no trace behind any door."""
    doors = [(method, route.path) for route in driver.channel.routes() for method in sorted(route.methods or ())]
    assert doors
    async with aiohttp.ClientSession(driver.doors.url) as stranger:
        for method, path in doors:
            if method == "HEAD" or (method, path) in driver.open_to_strangers:
                continue
            async with stranger.request(method, path, data=b'{"text": "hola", "id": "12345678"}') as answer:
                assert answer.status in {401, 403}, (method, path)
    assert driver.received == []


async def test_a_link_leads_to_the_channel_and_another_brings_a_code(driver: Driver):
    """What the pages show, and what an administrator hands to a new official."""
    closed = driver.doors.settings.channels[driver.channel.name]
    link = await closed.invitation_link("CDFGH23456", driver.doors.settings.public_url)
    assert link is None or "CDFGH23456" in link
    assert driver.channel.link is None or driver.channel.link.startswith(("https://", "http://", "/"))


async def test_a_changed_town_disturbs_no_channel(driver: Driver):
    """Files are changed at any hour."""
    await driver.channel.town_changed()
    await driver.says("hola")
    assert driver.received[-1].text == "hola"


async def test_a_channel_has_the_name_it_is_listed_under(driver: Driver):
    """Messages find their way back to the channel they came from."""
    await driver.says("hola")
    assert driver.channel.name in {kind.name for kind in KINDS}
    assert driver.received[-1].address.channel == driver.channel.name


async def test_what_is_sent_is_read_word_for_word(driver: Driver):
    """Accents, emoji and signs that mean something to a vendor arrive as they were written."""
    text = 'Folio R-7Q2 <urgente> & "listo": 50% _así_ ñandú 🚧 ¿sí?'
    await driver.channel.send(delivery(driver, OutgoingMessage(text)))
    assert [shown.text for shown in await driver.sees(1)] == [text]


async def test_every_message_has_an_id_of_its_own(driver: Driver):
    """A receipt or a reply is never taken for one of another message."""
    ids = [each for number in range(1, 4) for each in await send(driver, OutgoingMessage("hola"), number)]
    assert len(set(ids)) == 3
    assert all(ids)


async def test_choices_are_shown_in_their_order_and_controls_after_them(driver: Driver):
    """Number 2 is the second choice for the resident as well as for us."""
    await driver.channel.send(delivery(driver, MENU))
    (shown,) = await driver.sees(1)
    assert shown.choices == ("Fuga de agua", "Luminaria apagada", "Cancelar")
    assert shown.text.startswith("¿Qué necesita?")


async def test_a_choice_comes_back_with_its_id(driver: Driver):
    """A tap means the same on every channel."""
    await driver.channel.send(delivery(driver, MENU))
    await driver.sees(1)
    await driver.chooses(MENU.choices[1])
    message = driver.received[-1]
    assert (message.kind, message.choice) == (MessageKind.MESSAGE, "n1:kind:lamp")
    assert message.text is None
    assert message.address.value == driver.to


async def test_a_question_for_a_place_is_asked_in_words(driver: Driver):
    """Whoever cannot send a pin still reads what is asked."""
    question = OutgoingMessage("¿Dónde es?", controls=(Choice("/atras", "Atrás"),), wants_place=True)
    await driver.channel.send(delivery(driver, question))
    (shown,) = await driver.sees(1)
    assert shown.text.startswith("¿Dónde es?")
    assert "Atrás" in shown.choices


async def test_a_long_text_arrives_whole(driver: Driver):
    """An answer of three pages is not cut off, whatever the vendor's limit is."""
    words = [f"palabra{number}" for number in range(1500)]
    await driver.channel.send(delivery(driver, OutgoingMessage(" ".join(words))))
    limit = driver.text_limit
    parts = -(-len(" ".join(words)) // limit)
    shown = await driver.sees(parts)
    assert " ".join(each.text for each in shown).split() == words
    assert all(len(each.text) <= limit for each in shown)


async def test_a_long_menu_keeps_its_choices_on_the_last_part(driver: Driver):
    """What can be chosen stands where the reader ends."""
    long = OutgoingMessage("a b c d e f g h " * 700, choices=MENU.choices)
    await driver.channel.send(delivery(driver, long))
    shown = await driver.sees(1)
    assert shown[-1].choices == ("Fuga de agua", "Luminaria apagada")
    assert not any(each.choices for each in shown[:-1])


async def test_a_command_menu_is_no_message(driver: Driver):
    """Setting an official's menu does not write to them."""
    (provider_id,) = await send(driver, OutgoingMessage("", command_menu="resident"))
    assert provider_id
    assert await driver.sees(0) == []


async def test_words_come_in_as_they_were_written(driver: Driver):
    """A resident's story is kept, line by line."""
    await driver.says("Hay un bache 🚧\nfrente al número 5")
    message = driver.received[-1]
    assert message.text == "Hay un bache 🚧\nfrente al número 5"
    assert message.kind is MessageKind.MESSAGE
    assert message.address.value == driver.to
    assert message.sent_at.tzinfo is not None
    assert (message.choice, message.place, message.attachments, message.reply_to) == (None, None, (), None)


async def test_what_nobody_can_see_is_taken_out_of_a_text(driver: Driver):
    """Marks that turn the direction of writing cannot make an official read something else."""
    await driver.says("folio\u202e 123\u0000\u200f listo")
    assert driver.received[-1].text == "folio 123 listo"


async def test_a_text_of_ten_thousand_characters_comes_in_whole(driver: Driver):
    """The limit of a story is the form's business, not the channel's."""
    await driver.says("á" * 10_000)
    assert driver.received[-1].text == "á" * 10_000


async def test_a_pin_comes_in_as_coordinates(driver: Driver):
    """The crew goes to where the resident stood."""
    await driver.sends_place(20.3801, -102.9255)
    place = driver.received[-1].place
    assert place is not None
    assert (place.latitude, place.longitude) == (20.3801, -102.9255)


async def test_a_photo_comes_in_with_its_caption_and_can_be_fetched(driver: Driver):
    """The picture that the official sees is the one that the resident sent."""
    await driver.sends_photo(PHOTO, "el bache")
    message = driver.received[-1]
    assert message.text == "el bache"
    (attachment,) = message.attachments
    assert attachment.kind is AttachmentKind.PHOTO
    assert b"".join([piece async for piece in driver.channel.fetch(attachment)]) == PHOTO


async def test_a_reply_names_the_message_it_answers(driver: Driver):
    """Answering a notice adds to the ticket that the notice was about."""
    (provider_id,) = await send(driver, OutgoingMessage("Su reporte fue atendido"))
    await driver.sees(1)
    await driver.replies(provider_id, "gracias, pero sigue igual")
    message = driver.received[-1]
    assert message.reply_to == provider_id
    assert message.text == "gracias, pero sigue igual"


async def test_every_part_of_a_long_message_can_be_answered(driver: Driver):
    """People answer the part that they have to say something about."""
    parts = await send(driver, OutgoingMessage("uno dos tres " * 500))
    await driver.sees(len(parts))
    assert len(set(parts)) == len(parts)
    for provider_id in parts:
        await driver.replies(provider_id, "entendido")
        assert driver.received[-1].reply_to == provider_id


async def test_what_went_out_of_a_message_is_not_sent_again(driver: Driver):
    """Another try goes on at the part that failed."""
    envelope = delivery(driver, OutgoingMessage("uno dos tres " * 500))
    parts = dict(await driver.channel.send(envelope))
    seen = len(await driver.sees(len(parts)))
    assert envelope.sent == parts or len(parts) == 1
    *done, last = parts
    again = replace(envelope, sent={name: parts[name] for name in done})
    assert list(await driver.channel.send(again)) == list(parts)
    if done:
        assert len(await driver.sees(seen + 1)) == seen + 1
        assert again.sent[last] != parts[last]


async def test_a_repeat_is_the_same_message(driver: Driver):
    """A vendor that did not hear our answer does not make a second ticket."""
    await driver.says("hay un bache")
    await driver.repeats()
    assert len({message.external_id for message in driver.received}) == 1


@pytest.mark.parametrize("trouble", list(Trouble))
async def test_every_trouble_is_told_in_the_same_words(driver: Driver, trouble: Trouble):
    """Delivery decides what to try again without knowing the vendor."""
    if trouble not in driver.troubles:
        pytest.skip(f"{driver.channel.name} does not have this trouble")
    await driver.gets_into(trouble)
    with pytest.raises(SendFailed) as raised:
        await driver.channel.send(delivery(driver, OutgoingMessage("hola")))
    failure = raised.value
    assert failure.is_permanent is (trouble in {Trouble.BLOCKED, Trouble.UNKNOWN_CHAT})
    assert failure.is_unreachable is (trouble in {Trouble.BLOCKED, Trouble.UNKNOWN_CHAT})
    assert failure.is_uncertain is (trouble is Trouble.BROKEN_OFF)
    assert driver.to.split("+")[-1] not in failure.reason
