"""Answers as a test wants them, in the place of the server's."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Route

from tests.web.window import Phone

#: Higher than a small telephone.
LONG = "\n".join(f"Renglón {n} de la respuesta" for n in range(14))
Mail = Mapping[str, Any]


def said(number: int, text: str, *labels: str) -> Mail:
    """A message as the server brings it."""
    return {
        "id": number,
        "reply_id": f"web:{number}",
        "text": text,
        "choices": [{"id": f"/x {n}", "label": label} for n, label in enumerate(labels)],
        "controls": [],
        "wants_place": False,
        "media": [],
        "created_at": datetime.now(UTC).isoformat(),
    }


class Answering:
    """Stands for the server: each question for mail is answered with the next of these mails."""

    def __init__(self) -> None:
        self.left: list[Sequence[Mail]] = []

    async def __call__(self, route: Route) -> None:
        if route.request.method == "POST":
            await route.fulfill(json={"ok": True, "at": datetime.now(UTC).isoformat()})
            return
        for _ in range(30):
            if not self.left:
                await asyncio.sleep(0.1)
        await route.fulfill(json=self.left.pop(0) if self.left else [])

    async def to(self, phone: Phone, *mails: Sequence[Mail]) -> None:
        """Somebody writes; what comes in return."""
        self.left += mails
        await phone.says("¿y el predial?")
