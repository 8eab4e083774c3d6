"""Owns what operators ask: is it alive, is it ready, how is it doing. Knows no message and no person."""

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime
from functools import partial

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from bot.services import Services
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: A database that does not answer by then is away.
_SECONDS_TO_ANSWER = 3.0


def routes(services: Services) -> list[Route]:
    """GET /healthz, /readyz and /metrics."""

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(_request: Request) -> Response:
        wrong = await unready(services)
        if wrong:
            return JSONResponse({"ready": False, "wrong": wrong}, status_code=503)
        # A vendor that is away is no reason to send people elsewhere: the other channels answer.
        troubled = {name: each.trouble for name, each in services.channels.items() if each.trouble}
        return JSONResponse({"ready": True, **({"troubled": troubled} if troubled else {})})

    async def metrics(_request: Request) -> Response:
        with contextlib.suppress(StorageUnavailable, TimeoutError):
            async with asyncio.timeout(_SECONDS_TO_ANSWER):
                now = services.clock.now()
                show(services.metrics, await services.looks.run(partial(count, now=now)), now)
        return Response(services.metrics.render(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]


async def unready(services: Services) -> Mapping[str, str]:
    """What keeps the counter from taking messages, by its part; nothing if it takes them."""
    if services.state.is_stopping:
        return {"process": "stopping"}
    if not services.state.is_open:
        return {"database": "not reached yet, or its migrations are not done"}
    return await services.readiness.wrong()


def count(unit: SqlUnitOfWork, now: datetime) -> tuple[Mapping[str, int], Mapping[str, int], datetime | None]:
    """How many rows stand where: outbox, inbox, and since when the oldest outgoing message is due."""
    return unit.delivery.counts(), unit.inbox.counts(), unit.delivery.oldest_due(now)


def show(
    metrics: Metrics, counted: tuple[Mapping[str, int], Mapping[str, int], datetime | None], now: datetime
) -> None:
    """Put counts into the metrics."""
    outbox, inbox, oldest_due = counted
    metrics.outbox.clear()
    metrics.inbox.clear()
    for state, number in outbox.items():
        metrics.outbox.labels(state).set(number)
    for state, number in inbox.items():
        metrics.inbox.labels(state).set(number)
    metrics.outbox_age.set(max(0.0, (now - oldest_due).total_seconds()) if oldest_due else 0.0)
