"""Owns `faq check`, `faq ask` and `faq evaluate`. Knows how to ask the answer engine, not how it finds answers."""

import argparse
import json
import pkgutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import bot
from bot.cli.terminal import complain, say
from bot.clock import SystemClock, today
from bot.rehearsal.town_cases import fails, read_own
from bot.settings import settings
from faq.check import check as look_over
from faq.model import Article, Problem
from faq.reading.articles import load_articles
from faq.reading.library import load
from faq.reading.messages import read_synonyms
from faq.reading.notes import Notes
from handlers.texts import needed
from handlers.town.town import Town

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from faq.search.engine import AnswerEngine


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
    parser.add_argument("--language", default="es", metavar="CODE", help="whose articles are asked (es)")
    parser.add_argument(
        "--jsonl", action="store_true", help="questions are JSON lines; without it, one plain question a line"
    )
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
    parser.add_argument("--language", default="es", metavar="CODE", help="whose articles are asked (es)")
    parser.add_argument("--folds", metavar="N", type=int, default=0, help="judge each of N parts fitted on the others")
    parser.add_argument("file", metavar="FILE", type=Path, help="questions with their articles")
    parser.set_defaults(run=evaluate)


def check(options: argparse.Namespace) -> int:
    """Print what is wrong with the content, and which of the town's own conversations come out otherwise."""
    folder, day = _content(options.folder), today(SystemClock())
    problems = look_over(folder, day, needed_texts())
    return _report((*problems, *_conversations(folder, day, problems)))


def _conversations(folder: Path, day: date, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Nothing is rehearsed over a folder that the counter would not start with."""
    own = read_own(folder)
    if not (own.cases and own.is_sound) or any(problem.is_error for problem in problems):
        return own.problems
    return (*own.problems, *fails(own, Town(load(folder, today=day))))


def needed_texts() -> Mapping[str, tuple[str, ...]]:
    """Every text that the counter can ask for on any channel, and where."""
    # Whatever asks for a text declares it when it is imported, and a channel's folder is not until the channel opens.
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        if module.name != "bot.__main__":
            import_module(module.name)
    return needed()


def ask(options: argparse.Namespace) -> int:
    """Answer questions as they come."""
    from faq.measuring.evaluate import ask_lines  # noqa: PLC0415  what it brings along is large

    knowledge = _knowledge(options)
    lines: Iterable[str] = sys.stdin if options.jsonl else (json.dumps({"text": line.strip()}) for line in sys.stdin)

    def run() -> None:
        for answer in ask_lines(knowledge.engine(), lines):
            say(answer)

    return _telling_bad_questions(run)


def evaluate(options: argparse.Namespace) -> int:
    """Measure answers."""
    from faq.measuring.evaluate import evaluate as measure  # noqa: PLC0415  what it brings along is large
    from faq.measuring.evaluate import read_questions  # noqa: PLC0415

    knowledge = _knowledge(options)

    def run() -> None:
        with options.file.open(encoding="utf-8") as lines:
            questions = read_questions(lines)
        say(str(measure(knowledge.engine_over, knowledge.articles, questions, options.folds)))

    return _telling_bad_questions(run)


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """The articles of one language and how people say things."""

    articles: Sequence[Article]
    synonyms: Mapping[str, tuple[str, ...]]

    def engine(self) -> "AnswerEngine":
        return self.engine_over(self.articles)

    def engine_over(self, articles: Sequence[Article]) -> "AnswerEngine":
        from faq.search.engine import AnswerEngine  # noqa: PLC0415  what it brings along is large

        return AnswerEngine(articles, self.synonyms)


def _knowledge(options: argparse.Namespace) -> _Knowledge:
    """What can be read of a content folder, sound or not; its mistakes are told."""
    folder = _content(options.content)
    articles, problems = load_articles(folder)
    complain(*(str(problem) for problem in problems if problem.is_error))
    language = options.language
    return _Knowledge(tuple(articles.get(language, {}).values()), read_synonyms(folder, language, Notes()))


def _telling_bad_questions(run: Callable[[], object]) -> int:
    from faq.measuring.evaluate import BadQuestionError  # noqa: PLC0415  what it brings along is large

    try:
        run()
    except BadQuestionError as bad:
        complain(str(bad))
        return 2
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return 2
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
