"""Owns links to attachments: signed, and good for a while. Knows no row, no store and no channel."""

import base64
import binascii
import hashlib
import hmac
import struct
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock

#: Longer than a vendor's queue; a chat page makes new ones whenever it shows a picture.
VALID_FOR: Final = timedelta(hours=24)

_BODY: Final = struct.Struct(">QI")
_SIGNATURE_BYTES: Final = 16


class MediaLinks:
    """Makes and checks links. Without the instance's secret, read once the database answers, it can do neither."""

    def __init__(self, public_url: str, clock: Clock) -> None:
        self._public_url = public_url
        self._clock = clock
        self._secret: bytes | None = None

    def use_secret(self, secret: str) -> None:
        """Take the secret that all replicas share."""
        self._secret = secret.encode()

    def url(self, media_id: int, valid_for: timedelta = VALID_FOR) -> str:
        """A link that anybody who has it can open until it expires."""
        return f"{self._public_url}{self.path(media_id, valid_for)}"

    def path(self, media_id: int, valid_for: timedelta = VALID_FOR) -> str:
        """The same link for a page of this server."""
        return f"/media/{self.token(media_id, valid_for)}"

    def token(self, media_id: int, valid_for: timedelta = VALID_FOR) -> str:
        """What stands in the link."""
        body = _BODY.pack(media_id, int((self._clock.now() + valid_for).timestamp()))
        return base64.urlsafe_b64encode(body + self._sign(body)).decode().rstrip("=")

    def media_id(self, token: str) -> int | None:
        """Whose link it is; None if it is forged, broken or expired."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            body, signature = raw[: _BODY.size], raw[_BODY.size :]
            media_id, expires = _BODY.unpack(body)
        except (binascii.Error, ValueError, struct.error):
            return None
        if self._secret is None or not hmac.compare_digest(signature, self._sign(body)):
            return None
        return media_id if self._clock.now() < datetime.fromtimestamp(expires, UTC) else None

    def _sign(self, body: bytes) -> bytes:
        if self._secret is None:
            raise RuntimeError("links to attachments can be made once the database has answered")
        return hmac.digest(self._secret, body, hashlib.sha256)[:_SIGNATURE_BYTES]
