"""Owns the sending of a message that a vendor takes only in several parts. Knows no vendor."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.channels.base import SendFailed

_TRIES: Final = 3
_LONGEST_WAIT_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Part:
    """One of the messages that the vendor makes of ours."""

    #: The same at every try, whatever became of the other parts.
    name: str
    #: Sends it and returns the vendor's id of it; empty where it was left out.
    send: Callable[[], Awaitable[str]]


def file_part(media_id: int, send: Callable[[], Awaitable[str]]) -> Part:
    """A part that is a file."""
    return Part(f"file:{media_id}", send)


def text_part(number: int, send: Callable[[], Awaitable[str]]) -> Part:
    """A part of the words; numbered from 1."""
    return Part(f"text:{number}", send)


async def send_parts(parts: Sequence[Part], sent: dict[str, str]) -> Mapping[str, str]:
    """Send the parts that are not in `sent`, in order, and note the vendor's id of each there. Raises SendFailed.

    What went out is not sent again: another try goes on at the part that failed. A part after the first is tried again
    here if it surely did not go out, so that a message is not read in two halves with a pause between them.
    """
    if not parts:
        raise SendFailed("there is nothing to send", is_permanent=True)
    for part in parts:
        if part.name in sent:
            continue
        provider_id = await (_insist(part) if sent else part.send())
        if provider_id:
            sent[part.name] = provider_id
    return sent


async def _insist(part: Part) -> str:
    """Send a part, again if it surely did not go out and a short wait may help."""
    for _ in range(_TRIES - 1):
        try:
            return await part.send()
        except SendFailed as failure:
            if failure.is_permanent or failure.is_uncertain:
                raise
            await asyncio.sleep(min(failure.retry_after_seconds or 1.0, _LONGEST_WAIT_SECONDS))
    return await part.send()
