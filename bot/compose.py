"""Owns the wiring: the one place where concrete classes meet. Knows how parts fit, not what they do."""

from collections.abc import Mapping

from bot.attachments.copier import Copier
from bot.attachments.links import MediaLinks
from bot.channels.base import Channel
from bot.channels.kind import Wiring
from bot.clock import Clock, SystemClock
from bot.content.source import TownSource
from bot.database.looks import Looks
from bot.database.queue import DatabaseQueue
from bot.http import Http
from bot.inbound.ahead import Scouts
from bot.inbound.handling import Handling
from bot.inbound.readers import Readers
from bot.inbound.reception import Reception
from bot.jobs.bell import Bell
from bot.jobs.content import ContentSweeps
from bot.jobs.dead_letters import DeadLetterSweeps
from bot.jobs.forgetting import Forgetting
from bot.jobs.merging import SearchMerging
from bot.jobs.slices import Slices
from bot.jobs.sweeps import Sweeps
from bot.jobs.uploads import UploadSweep
from bot.menus import OfficialsMenus, menus_of
from bot.metrics import Metrics
from bot.opening import open_database, open_files
from bot.outbound.attempt import Sender
from bot.outbound.loop import OutboundLoop
from bot.readiness import Readiness
from bot.services import Services
from bot.settings.settings import Settings


def build(settings: Settings, clock: Clock | None = None, towns: TownSource | None = None) -> Services:
    """Every part of a counter, wired and not yet running. Reaches no network and no database.

    towns: a content folder that was read before; CONTENT_DIR is read without it.
    Raises SettingsErrors, and ContentErrors with every mistake in the town's files.
    """
    clock = clock or SystemClock()
    towns = towns or TownSource(settings.content_dir, clock)
    files = open_files(settings)
    metrics, http = Metrics(), Http()
    store = open_database(settings)
    channels: dict[str, Channel] = {}
    database = DatabaseQueue(store, metrics)
    looks = Looks(store, lambda: database.is_open)
    readers = Readers(metrics, has_process=settings.reader == "process")
    reception = Reception(database, Handling(towns, clock), Scouts(readers, looks), metrics)
    sender = Sender(channels, files, clock, metrics)
    outbound = OutboundLoop(database, sender, clock, metrics, shares_database=store.is_shared)
    copier = Copier(database, channels, files, towns, clock, metrics, owner=outbound.owner)
    reception.on_outbox, reception.on_media, copier.on_stored = outbound.wake, copier.wake, outbound.wake
    content = ContentSweeps(towns, database, looks, clock, outbound.wake)
    slices = Slices(database)
    forgetting = Forgetting(database, slices, files, towns, clock, metrics)
    given_up = DeadLetterSweeps(towns, database, clock, metrics, outbound.wake)
    uploads, merging = UploadSweep(slices, files, clock, metrics), SearchMerging(slices)
    more = (*given_up.all, *content.all, *uploads.all, *forgetting.all, *merging.all)
    sweeps = Sweeps(
        database, slices, reception, outbound, towns, clock, metrics, shares_database=store.is_shared, more=more
    )
    services = Services(
        settings=settings,
        clock=clock,
        metrics=metrics,
        store=store,
        towns=towns,
        database=database,
        looks=looks,
        readers=readers,
        reception=reception,
        outbound=outbound,
        channels=channels,
        files=files,
        copier=copier,
        media_links=MediaLinks(settings.public_url, clock),
        http=http,
        bell=Bell(sweeps, clock, lambda: towns.current.calendar.zone),
        readiness=Readiness(database, files, clock),
    )
    channels.update(_open_channels(services))
    menus = OfficialsMenus(towns, database, clock, outbound.wake)
    content.watch.on_change += [each.town_changed for each in channels.values()]
    content.watch.on_change += [lambda: readers.prepare(towns.current.understanding)]
    content.watch.on_change += [menus.town_changed, services.bell.town_changed]
    return services


def _open_channels(services: Services) -> Mapping[str, Channel]:
    """The channels that the settings switch on, by name; not started yet."""
    wiring = _wiring(services)
    return {name: closed.open(wiring) for name, closed in services.settings.channels.items()}


def _wiring(services: Services) -> Wiring:
    """What the channels may use."""
    towns = services.towns

    return Wiring(
        public_url=services.settings.public_url,
        is_demo=services.settings.demo,
        shares_database=services.store.is_shared,
        http=services.http,
        clock=services.clock,
        metrics=services.metrics,
        database=services.database,
        looks=services.looks,
        reception=services.reception,
        files=services.files,
        media_links=services.media_links,
        stopping=services.state.stopping,
        town=lambda: towns.current,
        menus=lambda: menus_of(towns.current),
    )
