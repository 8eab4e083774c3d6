"""Words that only say where something is: of "un hoyo junto al semáforo" the traffic light is not what fails.

Knows nothing of services; how places are said is in lexicon/places_said.yaml.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from faq.places.spoken import LEXICON, Phrases, Word, heard, spoken
from faq.text import sound

_BESIDE, _AT = Phrases(LEXICON["strong"]), Phrases(LEXICON["weak"])
_SITES: Final = heard("sites")
_BEFORE: Final = frozenset(
    map(sound, ("el", "la", "los", "las", "un", "una", "unos", "unas", "mi", "su", "nuestro", "nuestra", "ese", "esa"))
)
_OF: Final = frozenset(("de", "del"))


@lru_cache(maxsize=16)  # one text is asked about several times in a row
def without_landmarks(text: str) -> str:
    """The text without what it only names to say where something is."""
    words = spoken(text)
    kept, at, last = [], 0, 0
    while at < len(words):
        start, end = _landmark(words, at)
        if end > start:
            kept.append(text[last : words[start].start])
            last = words[end - 1].end
        at = max(end, at + 1)
    return " ".join((*kept, text[last:]))


def _landmark(words: Sequence[Word], at: int) -> tuple[int, int]:
    """Where the noun begins and ends that a relation at a word leads to; twice the same place where none does."""
    beside = _BESIDE.end_at(words, at)
    after = max(beside, _AT.end_at(words, at))
    start = _noun(words, after)
    if after == at or start == len(words) or words[start].pause:
        return at, at
    if beside == at and not _is_site(words[start]):
        return at, at
    end = start + 1
    if end < len(words) - 1 and words[end].said in _OF and not words[end].pause:
        end = min(_noun(words, end + 1) + 1, len(words))
    return start, end


def _noun(words: Sequence[Word], at: int) -> int:
    """Behind the articles that stand here."""
    while at < len(words) and words[at].heard in _BEFORE and not words[at].pause:
        at += 1
    return at


def _is_site(word: Word) -> bool:
    return word.heard in _SITES or word.heard.removesuffix("s") in _SITES
