"""Owns the sending of one message through Twilio: a number, words and a link in, the message's id out.

Knows no channel's marks and no spelling of a number.
"""

from datetime import datetime, timedelta
from typing import Final

from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped] # the library has no py.typed
from twilio.rest import Client  # type: ignore[import-untyped] # the library has no py.typed

from bot.channels.base import SendFailed
from bot.channels.twilio.client import TwilioHttp
from bot.channels.twilio.errors import failure
from bot.channels.twilio.settings import TwilioSettings
from bot.http import FAILURES, Http

#: The newest messages to a number among which a doubtful one is looked for; Twilio lists the newest first.
_LOOKED_AT: Final = 50


class Messages:
    """Sends through one account, from one sender. `channel` stands before the reasons of failures."""

    def __init__(
        self, settings: TwilioSettings, http: Http, *, channel: str, number: str | None, status_url: str | None
    ) -> None:
        self._channel = channel
        self._fixed = _without_gaps(messaging_service_sid=settings.service, from_=number, status_callback=status_url)
        # An environment of its own: the library would look for a region and an edge in the process's.
        self._client = Client(
            settings.account,
            settings.token,
            http_client=TwilioHttp(http, settings.stand_in),
            environment={"TWILIO_EDGE": ""},
        )

    async def create(self, to: str, body: str, media_link: str | None = None) -> str:
        """Twilio's id of the message. Raises SendFailed."""
        call = {**self._fixed, "to": to, **_without_gaps(body=body or None)}
        media = {"media_url": [media_link]} if media_link else {}
        try:
            created = await self._client.messages.create_async(**call, **media)
        except (TwilioException, *FAILURES) as error:
            raise failure(error, self._channel) from error
        except ValueError as error:
            # An answer that is no JSON, after the message was taken.
            raise SendFailed(f"{self._channel}: Twilio's answer cannot be read", is_uncertain=True) from error
        return str(created.sid)

    async def made(self, to: str, body: str, since: datetime) -> list[str]:
        """Ids of messages with these words to this number, made since then: oldest first. Raises SendFailed.

        Twilio tells instants by the second.
        """
        try:
            found = await self._client.messages.list_async(to=to, page_size=_LOOKED_AT, limit=_LOOKED_AT)
        except (TwilioException, *FAILURES) as error:
            raise failure(error, self._channel) from error
        except ValueError as error:
            raise SendFailed(f"{self._channel}: Twilio's answer cannot be read") from error
        earliest = since - timedelta(seconds=1)
        ours = [
            each
            for each in found
            if each.body == body and each.date_created is not None and each.date_created >= earliest
        ]
        return [str(each.sid) for each in reversed(ours)]


def _without_gaps(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
