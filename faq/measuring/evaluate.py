"""Measures the answer engine on questions whose right article is known, and answers lists of questions.

Knows nothing of files or of the command line: lines come in, lines and tables go out.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from faq.measuring.baselines import yardsticks
from faq.measuring.fitting import Sample, fit
from faq.model import Article
from faq.search.engine import AnswerEngine, Finding, Verdict

_SHOWN = 5
T = TypeVar("T")


class BadQuestionError(ValueError):
    """A line that is no question; the message says which and what it should hold."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the article that answers it."""

    text: str
    #: None where no article does.
    gold: str | None
    style: str = "all"


def read_questions(lines: Iterable[str]) -> list[Question]:
    """Questions from JSON lines with `text`, `gold` (id or null) and, if known, `style`; empty lines are skipped.

    Raises BadQuestionError with the line's number.
    """
    return [
        Question(_text_of(entry, number), entry.get("gold"), str(entry.get("style") or "all"))
        for number, entry in _entries(lines)
    ]


def ask_lines(engine: AnswerEngine, lines: Iterable[str]) -> Iterator[str]:
    """One JSON line for each line `{"text": ...}`: outcome, article ids best first (up to 5), score 0..1."""
    for number, entry in _entries(lines):
        finding = engine.ask(_text_of(entry, number))
        articles = [match.article for match in finding.matches[:_SHOWN]]
        yield json.dumps({"outcome": str(finding.outcome), "articles": articles, "score": round(finding.score, 4)})


def _entries(lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                entry = json.loads(line)
            except ValueError as broken:
                raise BadQuestionError(f"line {number} is not JSON: {broken}") from broken
            yield number, entry if isinstance(entry, dict) else {}


def _text_of(entry: Mapping[str, str | None], number: int) -> str:
    text = entry.get("text")
    if not isinstance(text, str):
        raise BadQuestionError(f'line {number} must be like {{"text": "..."}}')
    return text


@dataclass(frozen=True, slots=True)
class Row:
    """How one method did on the questions of one style."""

    method: str
    style: str
    #: Questions that an article answers, and questions that none does.
    inside: int
    outside: int
    #: Shares of `inside`; None where there are none.
    top_1: float | None
    within_3: float | None
    #: Shares of `inside` and of `outside`; None for methods that only rank.
    right_direct: float | None = None
    wrong_direct: float | None = None
    outside_answered: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured; `str` gives the table."""

    rows: tuple[Row, ...]
    #: A question, in milliseconds.
    median_ms: float
    p99_ms: float
    folds: int = 0
    notes: tuple[str, ...] = field(default=())

    def row(self, method: str = "engine", style: str = "all") -> Row:
        """The row of a method and style."""
        return next(row for row in self.rows if (row.method, row.style) == (method, style))

    def __str__(self) -> str:
        head = ("method", "style", "in", "out", "top-1", "within 3", "right", "wrong", "out answered")
        fitted = f"fitted on other questions, {self.folds} folds" if self.folds else "as shipped"
        speed = f"{self.median_ms:.1f} ms median, {self.p99_ms:.1f} ms p99 a question; weights {fitted}"
        lines = [_line(head), *(_line(_cells(row)) for row in self.rows), speed, *self.notes]
        return "\n".join(lines)


def _cells(row: Row) -> tuple[str, ...]:
    shares = (row.top_1, row.within_3, row.right_direct, row.wrong_direct, row.outside_answered)
    return (
        *(row.method, row.style, str(row.inside), str(row.outside)),
        *("-" if share is None else f"{share:.3f}" for share in shares),
    )


def _line(cells: Sequence[str]) -> str:
    return f"{cells[0]:<20} {cells[1]:<14} {cells[2]:>4} {cells[3]:>4}  " + "  ".join(f"{c:>8}" for c in cells[4:])


def evaluate(
    engine_factory: Callable[[Sequence[Article]], AnswerEngine],
    articles: Sequence[Article],
    questions: Sequence[Question],
    folds: int = 5,
    *,
    beside: bool = True,
    tuning: Sequence[Sample] = (),
) -> Report:
    """How the engine does on the questions, by style.

    folds: the questions are judged in so many parts, each with weights fitted on the others; 0 judges as shipped.
    beside: also measure rapidfuzz alone, BM25 alone and the semantic model alone on the same questions.
    tuning: samples of other towns to fit on as well.
    """
    engine = engine_factory(articles)
    found, spent = _timed(engine, questions)
    if folds:
        found = _judged_by_folds(engine, articles, questions, folds, tuning)
    rows = [_row("engine", style, chosen) for style, chosen in _by_style(questions, found).items()]
    if beside:
        for name, rank in yardsticks(articles).items():
            ranked = [_ranked(articles, rank(question.text)) for question in questions]
            rows += [_rank_row(name, style, chosen) for style, chosen in _by_style(questions, ranked).items()]
    return Report(tuple(rows), float(np.median(spent)), float(np.percentile(spent, 99)), folds)


def _timed(engine: AnswerEngine, questions: Sequence[Question]) -> tuple[list[Finding], list[float]]:
    found: list[Finding] = []
    spent: list[float] = []
    for question in questions:
        start = perf_counter()
        found.append(engine.ask(question.text))
        spent.append((perf_counter() - start) * 1000)
    return found, spent


def samples(engine: AnswerEngine, articles: Sequence[Article], questions: Sequence[Question]) -> list[Sample]:
    """The questions as the engine reads them, for fitting."""
    places = {article.id: place for place, article in enumerate(articles)}
    return [Sample(engine.evidence(q.text), places.get(q.gold) if q.gold else None) for q in questions]


def _judged_by_folds(
    engine: AnswerEngine,
    articles: Sequence[Article],
    questions: Sequence[Question],
    folds: int,
    tuning: Sequence[Sample],
) -> list[Finding]:
    read = samples(engine, articles, questions)
    part = np.random.default_rng(0).permutation(len(questions)) % folds
    weights = [fit([s for s, own in zip(read, part, strict=True) if own != fold], tuning) for fold in range(folds)]
    return [engine.judge(sample.evidence, weights[own]) for sample, own in zip(read, part, strict=True)]


def _by_style(questions: Sequence[Question], found: Sequence[T]) -> dict[str, list[tuple[Question, T]]]:
    pairs = list(zip(questions, found, strict=True))
    styles = dict.fromkeys(question.style for question in questions)
    parts = {style: [pair for pair in pairs if pair[0].style == style] for style in styles if style != "all"}
    return {"all": pairs, **parts}


def _ranked(articles: Sequence[Article], scores: NDArray[np.float32]) -> tuple[str, ...]:
    return tuple(articles[place].id for place in np.argsort(-scores, kind="stable")[:3])


def _rank_row(method: str, style: str, pairs: Sequence[tuple[Question, tuple[str, ...]]]) -> Row:
    inside = [(question, ranked) for question, ranked in pairs if question.gold]
    return Row(
        method,
        style,
        len(inside),
        len(pairs) - len(inside),
        _share(question.gold == ranked[0] for question, ranked in inside),
        _share(question.gold in ranked for question, ranked in inside),
    )


def _row(method: str, style: str, pairs: Sequence[tuple[Question, Finding]]) -> Row:
    ids = [(question, tuple(match.article for match in finding.matches[:3])) for question, finding in pairs]
    ranks = _rank_row(method, style, [(q, ranked or ("",)) for q, ranked in ids])
    direct = [
        (question, finding.outcome is Verdict.ANSWER, bool(finding.matches) and finding.matches[0].article)
        for question, finding in pairs
    ]
    return Row(
        method,
        style,
        ranks.inside,
        ranks.outside,
        ranks.top_1,
        ranks.within_3,
        _share(answered and first == q.gold for q, answered, first in direct if q.gold),
        _share(answered and first != q.gold for q, answered, first in direct if q.gold),
        _share(answered for q, answered, _ in direct if not q.gold),
    )


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None
