"""The menus that vendors show follow the town's files while the counter runs."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from handlers.desk import invitation
from handlers.ticket.ticket import Role
from tests.fakes import telegram
from tests.fakes.telegram import FakeTelegram
from tests.harness import running_app
from tests.small_town import write_small_town


def described(fake: FakeTelegram) -> list[tuple[str, str]]:
    """(language or "", description of /menu) of each time that everybody's menu was set, the latest last."""
    calls = [call for call in fake.calls_of("setMyCommands") if "scope" not in call]
    lists = [(call.get("language_code", ""), json.loads(call["commands"])) for call in calls]
    return [
        (language, next(each["description"] for each in menu if each["command"] == "menu")) for language, menu in lists
    ]


async def eventually(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.02)


async def test_a_changed_message_file_reaches_the_vendors_menus_without_a_restart(tmp_path: Path) -> None:
    """Everybody's list is set anew, in the language whose file was changed."""
    folder = write_small_town(tmp_path / "content")
    async with (
        FakeTelegram() as fake,
        running_app(tmp_path, CONTENT_DIR=str(folder), TELEGRAM_TOKEN=telegram.TOKEN, TELEGRAM_API_URL=fake.url) as app,
    ):
        await eventually(lambda: len(described(fake)) == 2)
        texts = next(
            path for path in sorted((folder / "es").rglob("*.yaml")) if "menu: Ver el menú" in path.read_text()
        )
        texts.write_text(texts.read_text().replace("menu: Ver el menú", "menu: Lo que puedes hacer aquí"))
        await app.sweep("content", "content")
        await eventually(lambda: len(described(fake)) == 4)
        assert ("", "Lo que puedes hacer aquí") in described(fake)
        await app.sweep("content", "content")
        assert len(described(fake)) == 4, "what did not change is not said again"


async def test_officials_get_their_own_menu_anew_in_their_chats(tmp_path: Path) -> None:
    """A menu of everybody's does not reach a chat that has one of its own."""
    folder = write_small_town(tmp_path / "content")
    async with (
        FakeTelegram() as fake,
        running_app(tmp_path, CONTENT_DIR=str(folder), TELEGRAM_TOKEN=telegram.TOKEN, TELEGRAM_API_URL=fake.url) as app,
    ):
        lupe, now = fake.user(7), app.clock.now()
        await app.database(
            lambda unit: unit.invitations.create(
                code_hash=invitation.hash_of("CDFGH23456"), role=Role.AGENT, department=None, name="Lupe",
                expires_at=now + timedelta(days=1), now=now,
            )
        )  # fmt: skip
        await lupe.says("/start inv_CDFGH23456")
        await lupe.reads_until("Entraste como")

        def own() -> list[str]:
            calls = [call for call in fake.calls_of("setMyCommands") if '"chat_id"' in call.get("scope", "")]
            return [each["description"] for call in calls for each in json.loads(call["commands"])]

        await eventually(lambda: any("cola" in each for each in own()))
        texts = folder / "es" / "messages" / "official.yaml"
        texts.write_text(texts.read_text().replace("tomar: Hacerte cargo de un folio", "tomar: Tomar un folio"))
        await app.sweep("content", "content")
        await eventually(lambda: "Tomar un folio" in own())
        assert [each.text for each in lupe.messages if "Tomar" in each.text] == []
