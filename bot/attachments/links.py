"""Owns links to attachments: signed, and good for a while. Knows no row, no store and no channel."""

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from itsdangerous import BadSignature, Signer

from bot.clock import Clock

#: Longer than a vendor's queue; a chat page makes new ones whenever it shows a picture.
VALID_FOR: Final = timedelta(hours=4)

#: No other signature made with the same secret is good here.
_PURPOSE: Final = "attachment"

_BODY_OF_BEFORE: Final = struct.Struct(">QI")
_SIGNATURE_BYTES_OF_BEFORE: Final = 16


@dataclass(frozen=True, slots=True)
class Link:
    """What stands in a link."""

    media_id: int
    #: Seconds since 1970.
    expires: int
    #: The message it was made for; None for whoever has the link.
    shown_in: str | None = None


class MediaLinks:
    """Makes and checks links. Without the instance's secret, read once the database answers, it can do neither."""

    def __init__(self, public_url: str, clock: Clock) -> None:
        self._public_url = public_url
        self._base = urlsplit(public_url).path
        self._clock = clock
        self._secret: bytes | None = None

    def use_secret(self, secret: str) -> None:
        """Take the secret that all replicas share."""
        self._secret = secret.encode()

    def url(self, media_id: int, valid_for: timedelta = VALID_FOR, *, shown_in: str | None = None) -> str:
        """A link that opens until it expires.

        shown_in: the message it stands in, whose reader must still have the right to it; see storage/rights.py.
        """
        return f"{self._public_url}/media/{self.token(media_id, valid_for, shown_in=shown_in)}"

    def path(self, media_id: int, valid_for: timedelta = VALID_FOR, *, shown_in: str | None = None) -> str:
        """The same link for a page of this server."""
        return f"{self._base}/media/{self.token(media_id, valid_for, shown_in=shown_in)}"

    def token(self, media_id: int, valid_for: timedelta = VALID_FOR, *, shown_in: str | None = None) -> str:
        """What stands in the link."""
        expires = int((self._clock.now() + valid_for).timestamp())
        return self._signer().sign(".".join(filter(None, [str(media_id), str(expires), shown_in]))).decode()

    def media_id(self, token: str) -> int | None:
        """Whose link it is; None if it is forged, broken or expired."""
        found = self.read(token)
        return None if found is None else found.media_id

    def read(self, token: str) -> "Link | None":
        """What a link leads to; None if it is forged, broken or expired."""
        if self._secret is None:
            return None
        found = self._read(token) if "." in token else _read_link_of_before(token, self._secret)
        return found if found is not None and self._clock.now() < datetime.fromtimestamp(found.expires, UTC) else None

    def _read(self, token: str) -> "Link | None":
        """Whether or not it expired; not the library's own expiry, which asks the machine for the time."""
        try:
            media_id, expires, *shown_in = self._signer().unsign(token).decode().split(".")
        except BadSignature:
            return None
        return Link(int(media_id), int(expires), shown_in[0] if shown_in else None)

    def _signer(self) -> Signer:
        if self._secret is None:
            raise RuntimeError("links to attachments can be made once the database has answered")
        return Signer(self._secret, salt=_PURPOSE, digest_method=hashlib.sha256)


def _read_link_of_before(token: str, secret: bytes) -> "Link | None":
    """The same of a link as they were made before itsdangerous made them: they stay good until they expire."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        body, signature = raw[: _BODY_OF_BEFORE.size], raw[_BODY_OF_BEFORE.size :]
        media_id, expires = _BODY_OF_BEFORE.unpack(body)
    except (binascii.Error, ValueError, struct.error):
        return None
    signed = hmac.digest(secret, body, hashlib.sha256)[:_SIGNATURE_BYTES_OF_BEFORE]
    return Link(media_id, expires) if hmac.compare_digest(signature, signed) else None
