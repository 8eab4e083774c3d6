"""Owns what channels show alike: what stands out, numbered lists, and where a long text is cut. Knows no vendor."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from handlers.messages import Choice

#: What stands out in an OutgoingMessage. Asterisks without a partner are plain text.
_OPENS: Final = re.compile(r"\*\*(?=\S)")
_CLOSES: Final = re.compile(r"(?<=\S)\*\*")

#: Where a text is best cut, best first; what is cut at stays with the part before it.
_CUTS: Final = ("\n\n", "\n", ". ", "; ", ", ", " ")

_LETTERS: Final = 26
_JOINERS: Final = "\u200c\u200d"


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each stands out: for a channel's own marks."""
    found = []
    end = 0
    for opens, closes in _strong(text):
        found += [(text[end:opens], False), (text[opens + 2 : closes], True)]
        end = closes + 2
    return [each for each in (*found, (text[end:], False)) if each[0]] or [(text, False)]


def plain(text: str) -> str:
    """The text without any marks."""
    return "".join(piece for piece, _ in pieces(text))


def has_marks(text: str) -> bool:
    """Whether anything in the text stands out."""
    return next(_strong(text), None) is not None


def _strong(text: str) -> Iterator[tuple[int, int]]:
    """Where each stretch that stands out is opened and closed. No one pattern: it would look for each end anew."""
    end = 0
    while opens := _OPENS.search(text, end):
        closes = _CLOSES.search(text, opens.end() + 1)
        if closes is None:
            return
        yield opens.start(), closes.start()
        end = closes.end()


def numbered_list(choices: Sequence[Choice], *, lettered: bool = False) -> str:
    """One choice a line, counted as the engine counts them: from 1, or from A where numbers belong to another list."""
    marks = (chr(ord("A") + at) if lettered and at < _LETTERS else str(at + 1) for at in range(len(choices)))
    return "\n".join(f"{mark}. {choice.label}" for mark, choice in zip(marks, choices, strict=True))


def length(text: str) -> int:
    """How long vendors count a text: in UTF-16 units, where most emoji count twice."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int, *, mark: int = 0) -> tuple[str, ...]:
    """The text in parts of at most `limit` UTF-16 units each, cut between paragraphs, sentences or words if possible.

    Cut before marks become markup, so that no part holds half of a tag: what stands out and is cut goes on standing out
    in the next part. `mark` is what a stretch that stands out costs beside its letters. No part is empty.
    """
    # A stretch that stands out over several lines is marked on each of them.
    spare = mark * text.count("\n") if has_marks(text) else 0
    if len(text) * 2 + spare <= limit or length(text) + spare <= limit:
        return (text,) if text.strip() else ()
    letters = [(letter, is_strong) for piece, is_strong in pieces(text) for letter in piece]
    parts = []
    start = 0
    while start < len(letters):
        end = _end(letters, start, limit, mark)
        part = _marked(letters[start:end])
        if part:
            parts.append(part)
        start = end
    return tuple(parts)


def _end(letters: Sequence[tuple[str, bool]], start: int, limit: int, mark: int) -> int:
    """Where the part that begins at `start` ends: the best cut in the second half of what fits."""
    furthest = _furthest(letters, start, limit, mark)
    if furthest == len(letters):
        return furthest
    window = "".join(letter for letter, _ in letters[start:furthest])
    for cut in _CUTS:
        at = window.rfind(cut, len(window) // 2)
        if at >= 0:
            return start + at + len(cut)
    # One word as long as a message: cut it, but not between a letter and its accent, or inside of an emoji.
    end = furthest
    while end > start + 1 and _clings(letters[end][0], letters[end - 1][0]):
        end -= 1
    return end if end > start + 1 else furthest


def _furthest(letters: Sequence[tuple[str, bool]], start: int, limit: int, mark: int) -> int:
    size = 0
    was_strong = False
    for at in range(start, len(letters)):
        letter, is_strong = letters[at]
        size += (2 if ord(letter) > 0xFFFF else 1) + (mark if is_strong and (not was_strong or letter == "\n") else 0)
        if size > limit:
            return max(at, start + 1)
        was_strong = is_strong
    return len(letters)


def _clings(letter: str, before: str) -> bool:
    is_mark = (
        bool(unicodedata.combining(letter)) or "\ufe00" <= letter <= "\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )
    return is_mark or letter in _JOINERS or before in _JOINERS


def _marked(letters: Sequence[tuple[str, bool]]) -> str:
    """The letters as a text with marks again."""
    text = ""
    run: list[str] = []
    was_strong = False
    for letter, is_strong in [*letters, ("", False)]:
        if is_strong != was_strong or not letter:
            text += _run("".join(run), is_strong=was_strong)
            run = []
        run.append(letter)
        was_strong = is_strong
    return text.strip()


def _run(run: str, *, is_strong: bool) -> str:
    words = run.strip()
    if not (is_strong and words):
        return run
    at = run.index(words)
    return f"{run[:at]}**{words}**{run[at + len(words) :]}"
