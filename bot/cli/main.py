"""Owns the command line: which commands there are and how their mistakes are told. Knows no business rule.

Exit codes: 0 done; 1 it did not work, or the content has mistakes; 2 settings, content or arguments are wrong.
"""

import argparse
import os
from collections.abc import Sequence

from bot.cli import converse as cli_converse
from bot.cli import dead as cli_dead
from bot.cli import faq as cli_faq
from bot.cli import serve as cli_serve
from bot.cli import staff as cli_staff
from bot.cli.backup import add_commands as add_backup_commands
from bot.cli.terminal import complain
from bot.settings.reader import SettingsErrors
from faq.reading.errors import ContentErrors
from storage.engine import SchemaMisfit, StorageUnavailable

_ABOUT = """\
Ventanilla: the municipal service counter inside a chat.

Settings are read from the environment; docs/settings.md lists them all. Nothing needs to be set to try it:

  DEMO=on python -m bot serve      then open http://127.0.0.1:8080/chat
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code. Only its own user reads what it makes: the database, the attachments."""
    os.umask(0o077)
    parser = make_parser()
    options = parser.parse_args(arguments)
    if "run" not in options:
        # A command that needs another word shows its own help.
        getattr(options, "parser", parser).print_help()
        return 0
    try:
        return int(options.run(options))
    except SettingsErrors as errors:
        complain("The settings need to be changed:", *(f"  {mistake}" for mistake in errors.mistakes))
        return 2
    except ContentErrors as errors:
        complain("The content needs to be mended:", *(f"  {problem}" for problem in errors.problems))
        return 2
    except StorageUnavailable:
        complain("The database does not answer. Check DATABASE_URL, and that it is running.")
        return 1
    except SchemaMisfit as misfit:
        complain(str(misfit))
        return 1


def make_parser() -> argparse.ArgumentParser:
    """Every command and option."""
    parser = argparse.ArgumentParser(
        prog="ventanilla", description=_ABOUT, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    cli_serve.add_commands(commands)
    add_backup_commands(commands)
    cli_staff.add_commands(commands)
    cli_faq.add_commands(commands)
    cli_dead.add_commands(commands)
    cli_converse.add_commands(commands)
    return parser
