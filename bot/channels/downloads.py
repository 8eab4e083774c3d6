"""Owns the reading of files from vendors: in pieces, and never more than a limit. Knows no vendor."""

from collections.abc import AsyncIterator
from typing import Final

import aiohttp

from bot.channels.base import SendFailed

#: The largest file we take: Telegram's bots get nothing larger.
BYTES_AT_MOST: Final = 20 * 1024 * 1024

#: For one file; a slow vendor is asked again later.
SECONDS: Final = 90.0

_PIECE_BYTES: Final = 64 * 1024


async def pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    """The body as it arrives. Raises SendFailed, permanent, beyond BYTES_AT_MOST."""
    if (response.content_length or 0) > BYTES_AT_MOST:
        raise too_large()
    size = 0
    async for piece in response.content.iter_chunked(_PIECE_BYTES):
        size += len(piece)
        if size > BYTES_AT_MOST:
            raise too_large()
        yield piece


def too_large() -> SendFailed:
    """What to raise for a file beyond the limit."""
    return SendFailed("the file is larger than 20 MB", is_permanent=True)
