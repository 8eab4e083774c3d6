"""Owns the wiring: the one place where concrete classes meet. Knows how parts fit, not what they do."""

from collections.abc import Mapping, Sequence

from bot.channels import Wiring, open_channels
from bot.channels.base import Channel
from bot.clock import Clock, SystemClock
from bot.content_sweeps import ContentSweeps
from bot.copying import Copier
from bot.delivery import Delivery
from bot.http import Http
from bot.intake import Intake
from bot.media_links import MediaLinks
from bot.metrics import Metrics
from bot.opening import open_database, open_files
from bot.receiving import Receiving
from bot.schedule import Schedule
from bot.sending import Sender
from bot.services import Services
from bot.settings import Settings
from bot.sweeps import Sweeps
from bot.town_source import TownSource
from handlers.official.menu import COMMANDS_BY_ROLE
from handlers.town import Town


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
    intake = Intake(store, Receiving(towns, clock), metrics)
    delivery = Delivery(intake, Sender(channels, files, clock, metrics), clock, metrics)
    copier = Copier(intake, channels, files, clock, metrics, owner=delivery.owner)
    intake.on_outbox, intake.on_media, copier.on_stored = delivery.wake, copier.wake, delivery.wake
    content = ContentSweeps(towns, intake, clock, delivery.wake)
    shares_database = store.dialect == "postgresql"
    sweeps = Sweeps(intake, delivery, towns, clock, metrics, shares_database=shares_database, more=content.all)
    services = Services(
        settings=settings,
        clock=clock,
        metrics=metrics,
        store=store,
        towns=towns,
        intake=intake,
        delivery=delivery,
        channels=channels,
        files=files,
        copier=copier,
        media_links=MediaLinks(settings.public_url, clock),
        http=http,
        schedule=Schedule(sweeps),
    )
    channels.update(open_channels(_wiring(services)))
    return services


def menus(town: Town) -> Mapping[str, Sequence[tuple[str, str, str]]]:
    """The command menu of each role: name, Spanish and English description."""
    return {
        role: [(name, town.words(f"command.{name}", "es"), town.words(f"command.{name}", "en")) for name in names]
        for role, names in COMMANDS_BY_ROLE.items()
    }


def _wiring(services: Services) -> Wiring:
    """What the channels may use."""
    town = services.towns.current
    return Wiring(
        settings=services.settings,
        http=services.http,
        clock=services.clock,
        intake=services.intake,
        files=services.files,
        media_link=services.media_links.url,
        menus=menus(town),
        place_label=town.words("web.chat.share_place", town.languages[0]),
    )
