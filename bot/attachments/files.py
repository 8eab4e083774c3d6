"""Files by their path in a folder or in S3-compatible storage: what may take how long, and how it fails.

Knows no attachment.
"""

import asyncio
from contextlib import suppress
from typing import Any, Final

from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # it ships no types

#: Storage that cannot be reached by then is away; one that says nothing for so long is, too.
CONNECT_SECONDS: Final = 5
SILENT_SECONDS: Final = 10
#: For all of a file, and what is tried again of it.
SECONDS_AT_MOST: Final = 30.0


class Files:
    """One folder and what is below it. Whatever goes wrong is an OSError, within SECONDS_AT_MOST on S3.

    A folder is waited for in a thread, so that the event loop goes on. S3 is waited for in the library's own loop: what
    is given up there ends, and holds no thread.
    """

    def __init__(self, url: str) -> None:
        is_folder = url.startswith("file:")
        self._files, self._root = url_to_fs(url, **(_FOLDER if is_folder else _s3() if url.startswith("s3:") else {}))
        self._is_async: Final = bool(self._files.async_impl)
        if self._is_async:
            # The library's own trying again, on top of its client's.
            self._files.retries = 1

    async def read(self, path: str, *, first_bytes: int | None = None) -> bytes:
        """The content, or how it begins. Raises FileNotFoundError."""
        more = {} if first_bytes is None else {"start": 0, "end": first_bytes}
        return bytes(await self._do("cat_file", self._below(path), **more))

    async def write(self, path: str, content: bytes) -> None:
        """A new file, or another content."""
        await self._do("pipe_file", self._below(path), content)

    async def has(self, path: str) -> bool:
        """Whether there is one."""
        try:
            await self._do("info", self._below(path))
        except FileNotFoundError:
            return False
        return True

    async def size(self, path: str) -> int:
        """Bytes. Raises FileNotFoundError."""
        return int((await self._do("info", self._below(path)))["size"])

    async def delete(self, path: str) -> None:
        """None is no mistake."""
        with suppress(FileNotFoundError):
            await self._do("rm_file", self._below(path))

    async def names(self) -> list[str]:
        """The last part of every path."""
        try:
            found = await self._do("find", self._root)
        except FileNotFoundError:
            return []
        return [str(path).rpartition("/")[2] for path in found]

    def _below(self, path: str) -> str:
        return f"{self._root}/{path}"

    async def _do(self, what: str, *arguments: Any, **more: Any) -> Any:
        if not self._is_async:
            return await asyncio.to_thread(getattr(self._files, what), *arguments, **more)
        work = asyncio.run_coroutine_threadsafe(getattr(self._files, f"_{what}")(*arguments, **more), self._files.loop)
        try:
            async with asyncio.timeout(SECONDS_AT_MOST):
                return await asyncio.wrap_future(work)
        except TimeoutError as error:
            raise TimeoutError(f"S3 did not answer within {SECONDS_AT_MOST:.0f} seconds") from error
        except _s3_failures() as error:
            raise OSError(f"S3: {error}") from error


_FOLDER: Final = {"auto_mkdir": True}


def _s3() -> dict[str, Any]:
    return {
        "config_kwargs": {
            "connect_timeout": CONNECT_SECONDS,
            "read_timeout": SILENT_SECONDS,
            "retries": {"mode": "standard", "max_attempts": 2},
        },
        # Other replicas write there, too; and the address comes from the environment.
        "use_listings_cache": False,
        "skip_instance_cache": True,
    }


def _s3_failures() -> tuple[type[Exception], ...]:
    """What the client raises beside OSErrors."""
    from botocore.exceptions import BotoCoreError, ClientError  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

    return BotoCoreError, ClientError
