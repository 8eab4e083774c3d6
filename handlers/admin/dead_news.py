"""Administrators are told that something could not be sent, handled or carried out: once a day at most."""

from datetime import datetime
from typing import Final

from handlers.admin.telling import Telling, Way
from handlers.ports import UnitOfWork
from handlers.texts import declare
from handlers.town.town import Town

declare(__name__, "dead_news.some", "dead_news.look")

_LOOK: Final = Way("dead_letters", (), "dead_news.look")


def tell_of_dead_letters(uow: UnitOfWork, town: Town, now: datetime) -> int:
    """Tell all administrators, on the first that comes to lie there in a day of the town; how many pushes."""
    newest = uow.dead_letters.newest()
    zone = town.calendar.zone
    today = now.astimezone(zone).date()
    if newest is None or newest.astimezone(zone).date() < today:
        return 0
    count = sum(uow.dead_letters.counts().values())
    return Telling(uow, town, now).administrators(
        "dead_news.some", {"n": count}, once=f"dead letters:{today}", ways=[_LOOK]
    )
