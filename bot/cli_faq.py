"""Owns `faq check`, `faq ask` and `faq evaluate`. Knows how to ask the answer engine, not how it finds answers."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot import settings
from bot.clock import SystemClock, today
from bot.terminal import say
from faq.check import check as look_over
from faq.model import Problem

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_commands(commands: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add them to the parser."""
    about = "What the counter knows: the files of the content folder, and the questions they answer."
    faq = commands.add_parser("faq", help="check the content, try and measure its answers", description=about)
    faq.set_defaults(parser=faq)
    actions = faq.add_subparsers(title="commands", metavar="COMMAND")
    _add_check(actions)
    _add_ask(actions)
    _add_evaluate(actions)


def _add_check(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "check",
        help="list every mistake in the content",
        description="List every mistake and warning in the content, with file and line. "
        "Mistakes keep the counter from starting (exit 1); warnings do not (exit 0).",
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", type=_folder, help="content folder (CONTENT_DIR)")
    parser.set_defaults(run=check)


def _add_ask(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "ask",
        help="ask questions from standard input",
        description='Read questions, one {"text": ...} a line, and print for each one line: '
        '{"outcome": "answer" | "offer" | "unknown", "articles": [ids, best first, at most 5], "score": 0..1}.',
    )
    parser.add_argument(
        "--content", metavar="DIR", type=_folder, help="content folder; articles are enough (CONTENT_DIR)"
    )
    parser.add_argument("--jsonl", action="store_true", help="JSON lines in and out; plain questions without it")
    parser.set_defaults(run=ask)


def _add_evaluate(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = actions.add_parser(
        "evaluate",
        help="measure the answers to questions whose article is known",
        description='Ask the questions of a file, lines of {"text": ..., "gold": id or null, "style": ...}, and print '
        "how many found their article first or within three, how many were answered wrongly, and how long it took.",
    )
    parser.add_argument(
        "--content", metavar="DIR", type=_folder, help="content folder; articles are enough (CONTENT_DIR)"
    )
    parser.add_argument(
        "--folds", metavar="N", type=int, help="fit on the other folds of the file for each of N folds (5)"
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="questions with their articles")
    parser.set_defaults(run=evaluate)


def check(options: argparse.Namespace) -> int:
    """Print what is wrong with the content."""
    return _report(look_over(_content(options.folder), today(SystemClock())))


def ask(options: argparse.Namespace) -> int:
    """Answer questions."""
    return 0


def evaluate(options: argparse.Namespace) -> int:
    """Measure answers."""
    return 0


def _report(problems: tuple[Problem, ...]) -> int:
    for problem in problems:
        say(f"{problem}" if problem.is_error else f"{problem.file}:{problem.line}: warning: {problem.message}")
    mistakes = sum(problem.is_error for problem in problems)
    warnings = len(problems) - mistakes
    say(f"{_count(mistakes, 'mistake')}, {_count(warnings, 'warning')}.")
    return 1 if mistakes else 0


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _content(folder: Path | None) -> Path:
    return folder or settings.read().content_dir


def _folder(value: str) -> Path:
    if (folder := Path(value)).is_dir():
        return folder
    raise argparse.ArgumentTypeError(f"{value} is not a folder")
