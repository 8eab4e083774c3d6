"""Owns `staff invite`, `staff list` and `staff revoke`. Knows how to ask the store, not what a role may do."""

import argparse
import asyncio
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.channels.kind import ClosedChannel, VendorAway
from bot.cli.database import one_transaction
from bot.cli.terminal import complain, say
from bot.clock import SystemClock, today
from bot.settings import settings
from bot.settings.settings import Settings
from faq.model import Library
from faq.reading.library import load
from handlers.desk import invitation
from handlers.ports import Official
from handlers.ticket.ticket import Role

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_STAFF = """\
Officials: persons with a role. A role is given by a one-time invitation, which works on any channel.

  agent          answers the tickets of a department
  supervisor     also hands tickets out, reopens them, and sees who is late
  administrator  also changes what the counter knows
"""

_INVITE = """\
Make an invitation and print its code and links. Whoever opens one of the links first, or writes the code to the
counter, gets the role. It can be used once; the code is not stored and cannot be shown again.
"""


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the parser."""
    staff = commands.add_parser(
        "staff", help="invite, list and revoke officials", description=_STAFF, formatter_class=_AsWritten
    )
    staff.set_defaults(parser=staff)
    actions = staff.add_subparsers(title="commands", metavar="COMMAND")
    _add_invite(actions)
    listing = actions.add_parser("list", help="who has a role now", description="List the persons who have a role now.")
    listing.set_defaults(run=list_officials)
    revoking = actions.add_parser(
        "revoke",
        help="take a role away",
        description="Take a person's role away. Their open tickets stay assigned and are listed as unattended.",
    )
    revoking.add_argument("person", metavar="ID", type=int, help="the number that `staff list` shows")
    revoking.set_defaults(run=revoke)


def _add_invite(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    inviting = actions.add_parser("invite", help="invite an official", description=_INVITE, formatter_class=_AsWritten)
    inviting.add_argument("--role", required=True, choices=[role.value for role in Role], help="what they may do")
    inviting.add_argument("--department", metavar="ID", help="id in departments.yaml; without it, the whole town hall")
    inviting.add_argument("--name", required=True, help="how colleagues know them; residents do not see it")
    inviting.add_argument("--days", type=_days, default=7, help="how long it can be used (7)")
    inviting.set_defaults(run=invite)


def invite(options: argparse.Namespace) -> int:
    """Make one invitation."""
    wanted, clock = settings.read(), SystemClock()
    if options.department is not None:
        library = load(wanted.content_dir, today=today(clock))
        if options.department not in library.departments:
            complain(f"There is no department {options.department!r}. There are:", *_departments(library))
            return 2
    code, now = invitation.new(secrets.choice), clock.now()
    with one_transaction(wanted) as unit:
        unit.invitations.create(
            code_hash=invitation.hash_of(code),
            role=Role(options.role),
            department=options.department,
            name=options.name.strip(),
            expires_at=now + timedelta(days=options.days),
            now=now,
        )
    where = options.department or "the whole town hall"
    say(f"Invitation for {options.name.strip()}: {options.role}, {where}. Good for {options.days} days, once.", "")
    say(f"  Code      {invitation.shown(code)}   (to be written to the counter on any channel)")
    say(*asyncio.run(_links(wanted, code)))
    return 0


def list_officials(_options: argparse.Namespace) -> int:
    """Print who has a role."""
    with one_transaction(settings.read()) as unit:
        officials = unit.people.officials()
    if not officials:
        say("Nobody has a role yet. Begin with: ventanilla staff invite --role administrator --name NAME")
        return 0
    say(f"{'ID':>5}  {'role':<14}{'department':<20}{'since':<12}name", *map(_line, officials))
    return 0


def revoke(options: argparse.Namespace) -> int:
    """Take one role away."""
    with one_transaction(settings.read()) as unit:
        is_done = unit.invitations.revoke(options.person, SystemClock().now())
    if not is_done:
        complain(f"No person {options.person} has a role. `ventanilla staff list` shows who has.")
        return 1
    say(f"Person {options.person} has no role any more.")
    return 0


async def _links(wanted: Settings, code: str) -> list[str]:
    """One line for each channel that has a link; our own channel comes first."""
    channels = list(wanted.channels.values())[::-1]
    links = await asyncio.gather(*(_link(channel, code, wanted.public_url) for channel in channels))
    return [f"  {channel.title:<10}{link}" for channel, link in zip(channels, links, strict=True) if link]


async def _link(channel: ClosedChannel, code: str, public_url: str) -> str | None:
    try:
        return await channel.invitation_link(code, public_url)
    except VendorAway:
        return "could not be reached for the link; the code works there too"


def _line(official: Official) -> str:
    department = official.department or "(all)"
    return f"{official.person_id:>5}  {official.role:<14}{department:<20}{official.since:%Y-%m-%d}  {official.name}"


def _departments(library: Library) -> list[str]:
    first = library.city.languages[0]
    return [f"  {each.id:<16}{each.name.get(first, each.id)}" for each in library.departments.values()]


def _days(value: str) -> int:
    if value.isdecimal() and 1 <= int(value) <= 365:
        return int(value)
    raise argparse.ArgumentTypeError("must be from 1 to 365")


_AsWritten: Final = argparse.RawDescriptionHelpFormatter
