"""The post office on loopback: takes letters, brings letters, keeps photos."""

import asyncio
import itertools
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.serving import Call, FakeServer

KEY = "the-key-of-the-box"


class FakePostOffice(FakeServer):
    """A vendor of our own making. One person, `ana`, has a box beside the town's."""

    def __init__(self) -> None:
        super().__init__()
        self.key = KEY
        #: Who is there to be written to.
        self.residents = {"ana"}
        #: What arrived with them, oldest first.
        self.letters: list[dict[str, Any]] = []
        self.photos: dict[str, bytes] = {}
        #: Our door.
        self.hook = ""
        self.last: dict[str, object] = {}
        self._numbers = itertools.count(1)
        self._caller: aiohttp.ClientSession | None = None

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/letters", self._take)
        router.add_get("/photos/{photo}", self._photo)

    async def close(self) -> None:
        if self._caller is not None:
            await self._caller.close()
        await super().close()

    async def brings(self, **letter: object) -> int:
        """Somebody writes to the town; what our door answered."""
        self.last = {"from": "ana", "id": f"in{next(self._numbers)}", **letter}
        return await self.brings_again()

    async def brings_again(self) -> int:
        """The same letter once more."""
        if self._caller is None:
            self._caller = aiohttp.ClientSession()
        async with self._caller.post(self.hook, json=self.last, headers={"X-Key": KEY}) as answer:
            return answer.status

    async def arrived(self, count: int) -> list[dict[str, Any]]:
        """The letters from the town; waits until there are so many."""
        async with asyncio.timeout(10):
            while len(self.letters) < count:
                await asyncio.sleep(0.005)
        return self.letters

    async def letter_with(self, words: str) -> dict[str, Any]:
        """The newest letter with these words; waits for one."""
        async with asyncio.timeout(10):
            while not (found := [each for each in self.letters if words in each["text"]]):
                await asyncio.sleep(0.005)
        return found[-1]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        letter = await request.json()
        self.calls.append(Call("letter", letter))

        async def keep() -> web.Response:
            if request.headers.get("X-Key") != self.key:
                return web.Response(status=401)
            if letter["to"] not in self.residents:
                return web.Response(status=404)
            if len(letter["text"]) > 1000:
                self.violations.append("a letter of more than 1000 characters")
            self.letters.append({**letter, "number": f"out{next(self._numbers)}"})
            return web.json_response({"number": self.letters[-1]["number"]})

        return await self.perform("letter", request, keep)

    async def _photo(self, request: web.Request) -> web.Response:
        content = self.photos.get(request.match_info["photo"])
        if content is None or request.headers.get("X-Key") != self.key:
            return web.Response(status=404)
        return web.Response(body=content)
