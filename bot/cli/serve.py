"""Owns `serve` and `migrate`. Knows how to begin and what to tell, not what a counter is made of."""

import argparse
import signal
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import logs
from bot.cli.terminal import complain, say
from bot.opening import open_database
from bot.settings import settings
from bot.settings.settings import Settings
from storage.engine import AlreadyServed, SchemaMisfit, StorageError

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_SERVE = """\
Answer on every channel that the settings switch on, until SIGTERM or Ctrl-C.

Migrates the database first. Where the database is away, it keeps trying: /healthz says ok, /readyz says what is
missing, and vendors are told to come again. On a SQLite file only one answers: a second one waits 15 seconds for the
first to end, as at a restart, and then ends with 1.
"""

_MIGRATE = """\
Bring the database's tables up to date and end.

`serve` does it by itself; several replicas may do it at once. A change that other processes do not survive is refused
while one is alive.
"""


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the parser."""
    for name, brief, about, run in (
        ("serve", "answer on every channel", _SERVE, serve),
        ("migrate", "bring the database up to date", _MIGRATE, migrate),
    ):
        parser = commands.add_parser(
            name, help=brief, description=about, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        parser.set_defaults(run=run)


def serve(_options: argparse.Namespace) -> int:
    """Serve until asked to end. Raises SettingsErrors and ContentErrors."""
    # Asked to end before anything began: there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    wanted = settings.read()
    logs.set_up()
    logs.catch_strays()
    # After the mistakes that are told fast: these imports take most of the start.
    from bot.app import Life, Server, build_app, listen  # noqa: PLC0415
    from bot.compose import build  # noqa: PLC0415

    try:
        door = listen(wanted.host, wanted.port)
    except OSError as error:
        complain(
            f"Cannot listen on {wanted.host}:{wanted.port} ({error.strerror}). Set HOST or PORT to a free address.",
            *_served_already(wanted),
        )
        return 2
    services = build(at_its_port(wanted, door))
    life = Life(services)
    say(f"Ventanilla is at {services.settings.public_url}")
    Server(build_app(services, life), services, life).run(sockets=[door])
    if isinstance(life.failure, SchemaMisfit | AlreadyServed):
        complain(str(life.failure))
    return 1 if life.failure else 0


def migrate(_options: argparse.Namespace) -> int:
    """Migrate once. Raises SettingsErrors, StorageUnavailable and SchemaMisfit."""
    wanted = settings.read()
    store = open_database(wanted)
    try:
        store.migrate()
    finally:
        store.close()
    say("The database is up to date.")
    return 0


def _served_already(wanted: Settings) -> list[str]:
    """The sentence about whoever answers from this database now: often the one that has the address, too."""
    store = open_database(wanted)
    try:
        store.serve_alone()
    except AlreadyServed as served:
        return [str(served)]
    except StorageError:
        return []
    finally:
        store.close()
    return []


def at_its_port(wanted: Settings, door: socket.socket) -> Settings:
    """The settings with the port that was really taken, where any free one was asked for."""
    port = int(door.getsockname()[1])
    if wanted.port == port:
        return wanted
    public_url = wanted.public_url.removesuffix(":0")
    is_own = public_url != wanted.public_url
    return replace(wanted, port=port, public_url=f"{public_url}:{port}" if is_own else wanted.public_url)
