"""Owns `converse`: conversation cases rehearsed over the product itself. Knows not how they are judged."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.terminal import complain, say
from bot.clock import SystemClock
from bot.content.source import TownSource
from bot.rehearsal.cases import read_cases
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.telling import failures, json_line, table
from bot.settings import settings

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add it to the parser."""
    parser = commands.add_parser(
        "converse",
        help="rehearse conversations and say which come out as they should",
        description="Rehearse the conversation cases of a file on a database that is thrown away, and print how they "
        "came out: by style, and those that fail with what was said and answered. Format: docs/conversations.md.",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="conversation cases (YAML)")
    parser.add_argument("--content", metavar="DIR", type=Path, help="content folder (CONTENT_DIR)")
    parser.add_argument("--jsonl", action="store_true", help="a line of JSON for each case instead")
    parser.set_defaults(run=converse)


def converse(options: argparse.Namespace) -> int:
    """Rehearse a file: 0 when it ran, whatever came out; 2 when the file cannot be read."""
    file = read_cases(options.file, str(options.file))
    complain(*(str(problem) for problem in file.problems))
    if not file.is_sound:
        return 2
    town = TownSource(options.content or settings.read().content_dir, SystemClock()).current
    results = []
    for result in rehearse(town, file.cases):
        results.append(result)
        if options.jsonl:
            say(json_line(result))
    if not options.jsonl:
        say(*table(results), *failures(results))
    return 0
