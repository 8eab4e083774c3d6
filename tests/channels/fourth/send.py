"""Owns how a message is said through the post office. Knows no outbox."""

from functools import partial
from typing import Any

from bot.channels.base import Envelope, SendFailed
from bot.channels.parts import Part, text_part
from bot.channels.rendering import plain, split
from bot.http import FAILURES, Http, timeout, was_sent
from tests.channels.fourth.settings import FourthSettings

TEXT_LIMIT = 1000

_UNREACHABLE = {403, 404}
_SETTING_SECONDS = 300.0


class Speaker:
    """Says messages from one box."""

    def __init__(self, settings: FourthSettings, http: Http) -> None:
        self._settings = settings
        self._http = http

    def parts(self, envelope: Envelope) -> list[Part]:
        """What can be chosen goes with the last part."""
        message = envelope.message
        *texts, last = split(plain(message.text), TEXT_LIMIT)
        choices = [{"id": each.id, "label": each.label} for each in (*message.choices, *message.controls)]
        say = partial(self._say, envelope.to)
        words = [*((text, []) for text in texts), (last, choices)]
        return [text_part(number, partial(say, text, below)) for number, (text, below) in enumerate(words, 1)]

    async def _say(self, to: str, text: str, choices: list[dict[str, str]]) -> str:
        try:
            answer = await self._post({"to": to, "text": text, "choices": choices})
        except FAILURES as error:
            raise SendFailed(f"fourth: {type(error).__name__}", is_uncertain=was_sent(error)) from error
        return str(answer["number"])

    async def _post(self, letter: dict[str, object]) -> dict[str, Any]:
        headers = {"X-Key": self._settings.key}
        async with self._http.session.post(
            f"{self._settings.url}/letters", json=letter, headers=headers, timeout=timeout(5.0)
        ) as response:
            if response.status in _UNREACHABLE:
                raise SendFailed(f"fourth: {response.status}", is_permanent=True, is_unreachable=True)
            if response.status != 200:
                wait = _SETTING_SECONDS if response.status == 401 else None
                raise SendFailed(f"fourth: {response.status}", retry_after_seconds=wait)
            answer: dict[str, Any] = await response.json()
            return answer
