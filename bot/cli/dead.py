"""Owns `dead list`, `dead retry` and `dead drop`. Knows how to ask the store, not what a retry means."""

import argparse
from typing import TYPE_CHECKING, Final

from bot.cli.database import one_transaction
from bot.cli.terminal import complain, say
from bot.clock import SystemClock
from bot.settings import settings
from handlers import flows as _flows  # noqa: F401 - registers every flow
from handlers.conversation.flow import known_flows
from handlers.dead_letter import DeadLetter, Outcome

if TYPE_CHECKING:
    from argparse import _SubParsersAction

_ABOUT = """\
What was given up: messages that did not go out or could not be read, messages of people that could not be handled,
forms that could not be gone on with, changes of the answers that could not be written. Nothing of what they say is
shown. May be used while the counter runs.
"""

_RETRY = """\
Have dead letters tried again, with a fresh number of tries. A running counter takes them up within seconds.

What may have arrived, and would then arrive twice, is left alone unless --even-if-arrived is given.
"""

_DROP = """\
Give dead letters up for good. What they say is forgotten; that they were is kept.
"""

#: Looked at, or tried again, in one transaction.
_AT_ONCE: Final = 500

_TOLD: Final = {
    Outcome.DONE: "is tried again",
    Outcome.SETTLED: "is not there any more",
    Outcome.MAY_HAVE_ARRIVED: "may have arrived; --even-if-arrived sends it all the same",
    Outcome.UNREADABLE: "still cannot be read by this release",
    Outcome.WORDLESS: "has nothing left to send: its words are not kept any more",
    Outcome.BUSY: "belongs to somebody who is filling in another form now",
}


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the parser."""
    dead = commands.add_parser("dead", help="list, retry and drop what was given up", description=_ABOUT)
    dead.set_defaults(parser=dead)
    actions = dead.add_subparsers(title="commands", metavar="COMMAND")
    listing = actions.add_parser("list", help="what was given up", description=_ABOUT)
    listing.set_defaults(run=list_letters)
    retrying = actions.add_parser(
        "retry", help="have it tried again", description=_RETRY, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    _add_which(retrying)
    retrying.add_argument("--all", action="store_true", help="all that can be")
    retrying.add_argument("--even-if-arrived", action="store_true", help="also what may arrive twice then")
    retrying.set_defaults(run=retry)
    dropping = actions.add_parser("drop", help="give it up for good", description=_DROP)
    _add_which(dropping, least="+")
    dropping.set_defaults(run=drop)


def _add_which(parser: argparse.ArgumentParser, least: str = "*") -> None:
    parser.add_argument("letters", metavar="ID", nargs=least, help="as `dead list` shows it, such as m12")


def list_letters(_options: argparse.Namespace) -> int:
    """Print all, page by page."""
    wanted = settings.read()
    after: str | None = None
    count = 0
    while True:
        with one_transaction(wanted) as unit:
            page = unit.dead_letters.page(after, _AT_ONCE)
        if page and not count:
            say(f"{'ID':<13}{'what':<9}{'why':<12}{'channel':<10}{'about':<26}{'since':<18}{'tries':>5}  error")
        say(*map(_line, page))
        count += len(page)
        if len(page) < _AT_ONCE:
            break
        after = page[-1].key
    if not count:
        say("Nothing was given up.")
    return 0


def retry(options: argparse.Namespace) -> int:
    """Try again those that were named, or all."""
    if bool(options.letters) == options.all:
        complain("Name them as `ventanilla dead list` shows them, or say --all; not both.")
        return 2
    return _retry_all(options.even_if_arrived) if options.all else _retry(options.letters, options.even_if_arrived)


def drop(options: argparse.Namespace) -> int:
    """Drop those that were named."""
    now = SystemClock().now()
    with one_transaction(settings.read()) as unit:
        done = {key: unit.dead_letters.drop(key, "the command line", now) for key in dict.fromkeys(options.letters)}
    say(*(f"{key} is dropped." for key, is_done in done.items() if is_done))
    complain(*(f"{key} {_TOLD[Outcome.SETTLED]}." for key, is_done in done.items() if not is_done))
    return 0 if all(done.values()) else 1


def _retry(keys: list[str], even_if_arrived: bool) -> int:
    now = SystemClock().now()
    with one_transaction(settings.read()) as unit:
        became = {
            key: unit.dead_letters.retry(key, now, flows=known_flows(), even_if_arrived=even_if_arrived)
            for key in dict.fromkeys(keys)
        }
    say(*(f"{key} {_TOLD[outcome]}." for key, outcome in became.items() if outcome is Outcome.DONE))
    complain(*(f"{key} {_TOLD[outcome]}." for key, outcome in became.items() if outcome is not Outcome.DONE))
    return 0 if set(became.values()) <= {Outcome.DONE} else 1


def _retry_all(even_if_arrived: bool) -> int:
    wanted, now = settings.read(), SystemClock().now()
    done = 0
    while True:
        with one_transaction(wanted) as unit:
            became = unit.dead_letters.retry_all(
                now, flows=known_flows(), at_most=_AT_ONCE, even_if_arrived=even_if_arrived
            )
        done += became.get(Outcome.DONE, 0)
        if became.get(Outcome.DONE, 0) < _AT_ONCE:
            break
    say(f"{done} are tried again.")
    left = {outcome: number for outcome, number in became.items() if outcome is not Outcome.DONE}
    complain(*(f"{number}: {_TOLD[outcome]}." for outcome, number in left.items()))
    return 1 if left else 0


def _line(letter: DeadLetter) -> str:
    about = letter.folio or letter.file or ""
    trouble = f"{letter.trouble}{'?' if letter.may_have_arrived and letter.trouble != 'uncertain' else ''}"
    return (
        f"{letter.key:<13}{letter.what:<9}{trouble:<12}{letter.channel or '':<10}{about:<26}"
        f"{letter.since:%Y-%m-%d %H:%M}  {letter.tries:>5}  {letter.error}"
    )
