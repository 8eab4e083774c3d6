"""Owns the files that a browser sends ahead of its message: kept, named, and forgotten when no message names them."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import structlog
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.attachments.store import UNKNOWN_TYPE, AttachmentRefused, content_type_of, is_large_picture, new_key
from bot.channels.kind import Wiring
from bot.channels.webchat.allowance import UPLOAD_BYTES_AT_MOST
from bot.channels.webchat.parse import Malformed, kind_of
from handlers.messages import Attachment, AttachmentKind
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: Shorter than bot/jobs/uploads.py keeps them: what a message may still name does not go away meanwhile.
NAMED_WITHIN: Final = timedelta(minutes=55)

#: Files in memory at once, in all; the others wait on disk.
_AT_ONCE: Final = 4

log = structlog.get_logger(__name__)


class Uploads:
    """Uploads by the key of their file. Each is bound to whoever knows its key: nobody else."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def keep(self, request: Request) -> str:
        """The key of the one file in a form. Raises HTTPException, Malformed and StorageUnavailable."""
        async with request.form(max_files=1, max_fields=2) as form:
            for _, value in form.multi_items():
                if isinstance(value, UploadFile):
                    async with self._room:
                        return await self._kept(await value.read(UPLOAD_BYTES_AT_MOST + 1))
        raise Malformed("one file is needed, as multipart/form-data")

    async def named(self, keys: Sequence[str]) -> list[Attachment]:
        """What a message names, in its order. Raises Malformed and StorageUnavailable."""
        is_late = bool(keys) and await self._wiring.database.run(lambda unit: self._are_late(unit, keys))
        if is_late:
            raise Malformed("attachments names a file that is not there any more: upload it again")
        return [await self._attachment(key) for key in keys]

    async def _kept(self, content: bytes) -> str:
        if len(content) > UPLOAD_BYTES_AT_MOST:
            raise HTTPException(413, "the file has more than 10 MB")
        if kind_of(content_type_of(content)) is None and not is_large_picture(content):
            raise HTTPException(415, "only photos, PDF and audio")
        key, now = new_key(), self._wiring.clock.now()
        # Known before it is there: a process that is killed now leaves no file that nobody knows of.
        await self._wiring.database.run(lambda unit: unit.uploads.add(key, now))
        try:
            return (await self._wiring.files.save(content, key)).key
        except AttachmentRefused as refusal:
            raise HTTPException(415, str(refusal)) from refusal
        except OSError as error:
            log.error("an upload could not be stored", exc_info=error)
            raise StorageUnavailable("the store of attachments") from error

    def _are_late(self, unit: SqlUnitOfWork, keys: Sequence[str]) -> bool:
        """Whether any is about to be forgotten. One that was named before, by this message perhaps, stays."""
        before = self._wiring.clock.now() - NAMED_WITHIN
        times = (unit.uploads.received_at(key) for key in keys)
        return any(at is not None and at < before for at in times)

    async def _attachment(self, key: str) -> Attachment:
        try:
            content_type = await self._wiring.files.content_type(key)
            size = await self._wiring.files.size(key)
        except FileNotFoundError as missing:
            raise Malformed("attachments names a file that is not there: upload it again") from missing
        # What is no picture for its size is sent as one all the same: whoever sent it hears what became of it.
        kind = AttachmentKind.PHOTO if content_type == UNKNOWN_TYPE else kind_of(content_type)
        if kind is None:
            raise Malformed("attachments names a file of another kind")
        return Attachment(kind, key, content_type, size)
