"""Owns the sending of a message that a vendor takes only in several parts. Knows no vendor."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.channels.base import SendFailed

#: Sends one part and returns the vendor's id of it.
Part = Callable[[], Awaitable[str]]

_TRIES: Final = 3
_LONGEST_WAIT_SECONDS: Final = 3.0


async def send_parts(parts: Sequence[Part]) -> str:
    """Send the parts in order; the vendor's id of the last one. Raises SendFailed.

    While nothing has gone out, a failure is told as it is, and the whole message can be tried again. Once the first
    part is with the reader, trying the whole again would say it twice. So a later part is tried again here, and if that
    does not help the message counts as uncertain: it may have arrived, and in part it did.
    """
    if not parts:
        raise SendFailed("there is nothing to send", is_permanent=True)
    provider_id = await parts[0]()
    for part in parts[1:]:
        try:
            provider_id = await _insist(part)
        except SendFailed as failure:
            raise SendFailed(
                f"{failure.reason} (after an earlier part went out)",
                is_permanent=failure.is_permanent,
                is_unreachable=failure.is_unreachable,
                is_uncertain=True,
            ) from failure
    return provider_id


async def _insist(part: Part) -> str:
    """Send a part, again if it surely did not go out and a short wait may help."""
    for _ in range(_TRIES - 1):
        try:
            return await part()
        except SendFailed as failure:
            if failure.is_permanent or failure.is_uncertain:
                raise
            await asyncio.sleep(min(failure.retry_after_seconds or 1.0, _LONGEST_WAIT_SECONDS))
    return await part()
