"""Which of a few somebody chose, by number or by letter, however it is written."""

import re
import string
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from faq.lexicon import speech
from faq.text import fold, sound

#: A choice is short; what is longer tells something.
_LETTERS_AT_MOST: Final = 60
#: Signs that stand for a number or a letter and fold to none.
_SIGNS: Final = MappingProxyType(
    {
        "\ufe0f": "",
        "\u20e3": "",
        "🔟": "10",
        **{chr(first + at): str(at + 1) for first in (0x2776, 0x2780, 0x278A) for at in range(10)},
        **{chr(first + at): letter for first in (0x1F150, 0x1F170) for at, letter in enumerate(string.ascii_uppercase)},
    }
)
#: A price, a share, a telephone, a time, a date, a fraction: no number of a list.
_MEASURES: Final = re.compile(r"[$%€£+⁄]|\d[.,:/\-]\d")
#: "No. 2" is a number, "no, la 2" takes another one back; "no la 2" says what is not wanted.
_NO: Final = re.compile(r"\bno\b\.? ?(?=[\d,])", re.IGNORECASE)
_NUMBER: Final = re.compile(r"([a-z]{0,8})(\d{1,2})([a-z]{0,3})")
#: Conjunctions: letters of no list while they stand alone.
_CONJUNCTIONS: Final = frozenset("you")
_VOWELS: Final = frozenset("aei")


def chosen(text: str, count: int) -> int | None:
    """Which of `count` options, from 0, a text names and does nothing else; None for any other text."""
    plain = _plain(text)
    if not plain or _MEASURES.search(plain):
        return None
    found: list[int | None] = []
    for word in fold(_NO.sub("", plain)).split():
        place = _number(word, count)
        if place is None and sound(word) in _words("around", "names"):
            continue
        if not (word == "one" and len(found) == 1):
            found.append(place)
    return found[0] if len(found) == 1 and found[0] is not None and 0 <= found[0] < count else None


def lettered(text: str, count: int) -> int | None:
    """The same for letters, A for 0; a letter that is a word as well only where it is meant as one."""
    plain = _plain(text)
    said = fold(plain).split()
    letters = [word for word in said if len(word) == 1 and word in string.ascii_lowercase]
    if len(letters) > 1:
        letters = [letter for letter in letters if letter not in _words("around")]
    if len(letters) != 1 or not _is_meant(letters[0], plain, said):
        return None
    at = string.ascii_lowercase.index(letters[0])
    return at if at < count else None


def _is_meant(letter: str, plain: str, said: list[str]) -> bool:
    others = [sound(word) for word in said if word != letter]
    if not all(word in _words("around", "names", "letters", "letters_around") for word in others):
        return False
    before = said[said.index(letter) - 1] if said.index(letter) else ""
    if sound(before) in _words("names", "letters") or before in {"la", "el", "the"}:
        return True
    if letter in _CONJUNCTIONS:
        return False
    is_marked = bool(others) and f"{letter})" in plain.lower()
    return is_marked or letter not in _VOWELS or all(word in _words("please") for word in others)


def _plain(text: str) -> str:
    """The text with its number signs as digits; empty for one that is too long to be a choice."""
    if len(text) > _LETTERS_AT_MOST:
        return ""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", "".join(_SIGNS.get(letter, letter) for letter in text))


def _number(word: str, count: int) -> int | None:
    """The place that one word names; None for a word that names none."""
    if match := _NUMBER.fullmatch(word):
        before, digits, after = match.groups()
        is_written = not before or sound(before) in _words("around", "names")
        return int(digits) - 1 if is_written and (not after or after in _endings()) else None
    heard = sound(word)
    if (place := _places("numbers", "ordinals").get(heard)) is not None:
        return place
    from_the_end = _places("from_the_end").get(heard)
    return None if from_the_end is None else count - 1 - from_the_end


@lru_cache(maxsize=8)
def _words(*names: str) -> frozenset[str]:
    return frozenset(sound(word) for name in names for word in speech("choices")[name].split())


@lru_cache(maxsize=1)
def _endings() -> frozenset[str]:
    return frozenset(speech("choices")["endings"].split())


@lru_cache(maxsize=2)
def _places(*names: str) -> MappingProxyType[str, int]:
    """A word's sound to its place, from 0."""
    tables = [speech("choices")[name] for name in names]
    return MappingProxyType(
        {sound(word): int(at) - 1 for table in tables for at, words in table.items() for word in words.split()}
    )
