"""Owns the doors that Twilio knocks at, for every channel that goes through it. Knows no message's meaning."""

from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope

from bot.channels.doors import Door, body, header
from bot.channels.kind import Wiring
from bot.channels.twilio.form import Fields, Signature, fields_of, pairs_of
from bot.channels.twilio.receipts import Receipt, receipt
from handlers.messages import IncomingMessage
from storage.unit_of_work import SqlUnitOfWork

#: Twilio: an answer in its markup language that says nothing.
_NO_WORDS: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


class TwilioDoor(Door):
    """A door whose calls carry Twilio's signature."""

    def __init__(self, channel: str, wiring: Wiring, signature: Signature) -> None:
        super().__init__(channel, wiring.metrics)
        self.wiring = wiring
        self._signature = signature

    async def admit(self, scope: Scope, receive: Receive) -> Response:
        """See Door."""
        pairs = pairs_of(await body(scope, receive))
        signature = header(scope, b"x-twilio-signature")
        if pairs is None or not self._signature.is_genuine(self._url(scope), pairs, signature):
            return self.forged()
        return await self.take(fields_of(pairs))

    async def take(self, fields: Fields) -> Response:
        """What a genuine call is answered."""
        raise NotImplementedError

    def _url(self, scope: Scope) -> str:
        # Twilio signs the address it was given, not the one that a proxy passes on; a Host header proves nothing.
        path, query = str(scope["path"]), bytes(scope["query_string"]).decode("latin-1")
        return f"{self.wiring.public_url}{path}" + (f"?{query}" if query else "")


class MessageDoor(TwilioDoor):
    """One message a call."""

    def read(self, fields: Fields) -> IncomingMessage | None:
        """The message; None where there is nobody to record it under."""
        raise NotImplementedError

    async def take(self, fields: Fields) -> Response:
        """See TwilioDoor."""
        message = self.read(fields)
        if message is None:
            self.unreadable()
        else:
            await self.wiring.reception.receive(message)
        return Response(_NO_WORDS, media_type="text/xml")


class ReceiptDoor(TwilioDoor):
    """How far one of our messages got."""

    def heed(self, found: Receipt) -> None:
        """For a channel that learns from how its messages fared."""

    async def take(self, fields: Fields) -> Response:
        """See TwilioDoor."""
        found = receipt(fields)
        if found is None:
            self.unreadable()
        else:
            self.heed(found)
            await self._record(found)
        return Response(status_code=204)

    async def _record(self, found: Receipt) -> None:
        now = self.wiring.clock.now()

        def record(unit: SqlUnitOfWork) -> None:
            unit.delivery.receipt(self.channel, found.provider_id, found.status, found.error, now)
            if found.is_refused:
                unit.delivery.refused(self.channel, found.provider_id, now)

        await self.wiring.database.run(record, key=f"receipt:{found.provider_id}")
