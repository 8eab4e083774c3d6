"""Texts that are built to make a pattern try again and again, and how its work grows with them.

Work is time of the processor, compared within one run: a pattern is found out when four times the text costs more than
eight times the work, and that work is worth speaking of. A limit of the processor's time stops what would never end.
"""

import re
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

# Private, and the only way to what a pattern is made of: what changes there fails here, in a test, and loudly.
from re import _constants as sre
from re import _parser as parser
from typing import Any, Final

from handlers.cleaning import TEXT_AT_MOST

#: The longest text that is let in, and a quarter of it.
LONGEST: Final = TEXT_AT_MOST
A_QUARTER: Final = LONGEST // 4

#: What four times the text may cost more: linear is 4, square is 16.
GROWS_AT_MOST: Final = 8
#: Less than this, for the longest text there is, delays nobody.
SECONDS_OF_NOTE: Final = 0.003
SECONDS_AT_MOST: Final = 1.0

COMMON: Final = (
    " ",
    "\n",
    "1",
    "a",
    "A",
    ".",
    "-",
    "é",
    "1.",
    "1 ",
    "a ",
    "a.",
    "a@",
    "A ",
    "de ",
    "*",
    "**a ",
    "(",
    "[",
    "\u0301\u0323",
)
_TAILS: Final = ("", "!\0", " \n")
_SEPARATORS: Final = (" ", "!", "\n")
_SPELT_OUT: Final = {
    sre.CATEGORY_DIGIT: "1",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_DIGIT: "x",
    sre.CATEGORY_NOT_SPACE: "x",
    sre.CATEGORY_NOT_WORD: "-",
}
_REPEATS: Final = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_ALTERNATIVES: Final = 4
#: Letters of a pattern that are put between what it repeats.
_MARKS: Final = 10


class TooMuch(Exception):
    """The processor's time is up."""


def fault(run: Callable[[str], object], builds: Iterable[Callable[[int], str]]) -> str | None:
    """The first text, in short, whose fourfold costs a run more than eight times as much; None if there is none."""
    run("a")  # what is made once is not counted
    return next(filter(None, (_fault(run, build) for build in builds)), None)


def builds_for(pattern: str, flags: int = 0) -> list[Callable[[int], str]]:
    """What makes hostile texts of any size for a pattern."""
    tree = parser.parse(pattern, flags)
    letters = list(dict.fromkeys(_letters(tree)))
    pumps = dict.fromkeys([*COMMON, *letters, *_examples(tree)])
    found: dict[tuple[str, str, str], None] = {}
    for pump in pumps:
        found |= dict.fromkeys(("", pump, tail) for tail in _TAILS)
    for prefix, body in dict.fromkeys(_repeats(tree, "")):
        found |= dict.fromkeys((prefix, body, tail) for tail in _TAILS)
        between = [start + body + mark for mark in (*_SEPARATORS, *letters[:_MARKS]) for start in {"", prefix}]
        found |= dict.fromkeys((prefix, pump, "! \0") for pump in (prefix, *between, prefix + body * 30 + " "))
    return [_build(*each) for each in found if each[1]]


def plain_builds(pumps: Iterable[str] = COMMON) -> list[Callable[[int], str]]:
    """The same without a pattern: what is repeated, with and without something else at the end."""
    return [_build("", pump, tail) for pump in pumps for tail in _TAILS]


def runner(pattern: "re.Pattern[str]", way: str) -> Callable[[str], object]:
    """How a pattern is put to a text; all that is found is found, as in a replacement."""
    if way == "search":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    return getattr(pattern, way)  # type: ignore[no-any-return] # match and fullmatch of a pattern


def _fault(run: Callable[[str], object], build: Callable[[int], str]) -> str | None:
    try:
        # What takes so little for a quarter takes little for the whole, even in the square.
        if _cost(run, build(A_QUARTER)) <= SECONDS_OF_NOTE / 16 or _cost(run, build(LONGEST)) <= SECONDS_OF_NOTE:
            return None
        # A second look, the best of several: the machine may have been busy with something else.
        small, large = (min(_cost(run, build(size)) for _ in range(3)) for size in (A_QUARTER, LONGEST))
    except TooMuch:
        return f"{build(40)!r}: more than {SECONDS_AT_MOST} s"
    if large <= max(SECONDS_OF_NOTE, GROWS_AT_MOST * small):
        return None
    return f"{build(40)!r}: {1000 * small:.1f} ms at {A_QUARTER} letters, {1000 * large:.1f} at {LONGEST}"


def _cost(run: Callable[[str], object], text: str) -> float:
    with _at_most(SECONDS_AT_MOST):
        begun = time.thread_time()
        run(text)
        return time.thread_time() - begun


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """A limit in the processor's time: the engine of `re` looks for signals while it works."""

    def stop(_number: int, _frame: object) -> None:
        raise TooMuch

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _build(prefix: str, pump: str, tail: str) -> Callable[[int], str]:
    def build(size: int) -> str:
        return prefix + pump * max(1, (size - len(prefix) - len(tail)) // len(pump)) + tail

    return build


# -- what a pattern is made of --------------------------------------------------------------------------------------


def _letters(tree: Any) -> Iterator[str]:
    """A letter for each class and each letter of its own that occurs in it."""
    for op, value in _walk(tree):
        if op is sre.LITERAL:
            yield chr(value)
        elif op in {sre.NOT_LITERAL, sre.ANY}:
            yield "x" if value != ord("x") else "y"
        elif op is sre.IN:
            yield from _of_class(value)


def _of_class(parts: Any) -> list[str]:
    named = [letter for op, value in parts for letter in _of_part(op, value)]
    if parts[0][0] is not sre.NEGATE:
        return named or ["x"]
    return [letter for letter in ("x", " ", "1", "-", "#") if letter not in named][:3]


def _of_part(op: Any, value: Any) -> list[str]:
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.RANGE:
        return [chr(value[0])]
    return [_SPELT_OUT[value]] if op is sre.CATEGORY else []


def _walk(tree: Any) -> Iterator[tuple[Any, Any]]:
    for op, value in tree:
        yield op, value
        for inner in _inner(op, value):
            yield from _walk(inner)


def _inner(op: Any, value: Any) -> list[Any]:
    if op in _REPEATS:
        return [value[2]]
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op is sre.BRANCH:
        return list(value[1])
    if op in {sre.ASSERT, sre.ASSERT_NOT}:
        return [value[1]]
    return [value] if op is sre.ATOMIC_GROUP else []


def _examples(tree: Any) -> list[str]:
    """A few texts that fit a tree, by its first alternatives."""
    found = [""]
    for op, value in tree:
        found = [begun + more for begun in found for more in _of_step(op, value)][:_ALTERNATIVES]
    return found


def _of_step(op: Any, value: Any) -> list[str]:
    if op is sre.LITERAL:
        return [chr(value)]
    if op in {sre.NOT_LITERAL, sre.ANY}:
        return ["x"]
    if op is sre.IN:
        return _of_class(value)[:2]
    if op in _REPEATS:
        return [each * max(1, min(value[0], 40)) for each in _examples(value[2])]
    if op is sre.BRANCH:
        return [each for branch in value[1][:_ALTERNATIVES] for each in _examples(branch)[:1]]
    if op is sre.SUBPATTERN:
        return _examples(value[3])
    return _examples(value) if op is sre.ATOMIC_GROUP else [""]


def _repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """What may stand before a repetition, and what it repeats."""
    for op, value in tree:
        if op in _REPEATS and value[1] > 1:
            yield from ((before, body) for body in _examples(value[2]) if body)
        for inner in _inner(op, value) if op not in {sre.ASSERT, sre.ASSERT_NOT} else ():
            yield from _repeats(inner, before)
        before += _of_step(op, value)[0]
