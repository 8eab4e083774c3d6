"""A text as places are looked for in it: words with where they stand, and the phrases around places.

Knows how words are written, and nothing of what a place is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

import yaml

from faq.text import SHORT_FORMS, fold, sound


def _lexicon(name: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((resources.files("faq.lexicon") / name).read_text(encoding="utf-8"))
    return loaded


#: Everything that is known of how places are said; see the file.
LEXICON: Final = _lexicon("places_said.yaml")
#: Short forms of addresses, some of which chats use for something else: "sta" is "esta" unless it is capital or dotted.
_ADDRESS_FORMS: Final[Mapping[str, str]] = _lexicon("places.yaml")["short_forms"]
_DOUBTFUL: Final = frozenset({"c", "sta", "ma", "n", "d", "bo", "loc"})

#: Longer texts are stories; a place stands in their beginning.
_LOOKED_AT: Final = 1_500
_WORDS_READ: Final = 160

_LINK: Final = re.compile(r"(?:https?://|\bwww\.|\bmaps\.|\bgoo\.gl/)\S+", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+(?:['’/-][^\W_]+)*")
_PAUSE: Final = re.compile(r"[.;:!?¿¡()\n|\"]")
_FILE: Final = re.compile(r"\.(?:jpe?g|png|webp|heic|gif|pdf|mp4|mov|docx?|xlsx?|zip|opus|ogg|mp3)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, written out. `start` and `end` are where it stands in the text."""

    said: str
    start: int
    end: int
    #: What stands before it: "" a blank, "," a comma, "." a stronger pause or a line break.
    pause: str = ""
    is_capital: bool = False
    #: "#" stands before it.
    is_marked: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is digits, with a letter behind or not: "23", "23-B"."""
        return self.said[:1].isdecimal()

    @property
    def heard(self) -> str:
        """How it sounds."""
        return sound(self.said)


def without_links(text: str) -> tuple[str, bool]:
    """The beginning of a text with its links made blank, each letter in its place, and whether there was one."""
    looked_at = text[:_LOOKED_AT]
    plain = _LINK.sub(lambda link: "\n" + " " * (len(link[0]) - 1), looked_at)
    return plain, plain != looked_at


def is_file_name(text: str) -> bool:
    """Whether a text is nothing but the name of a file: "IMG_0042.jpg"."""
    return bool(_FILE.search(text)) and len(text.split()) <= 3


def spoken(text: str) -> list[Word]:
    """The words of a text, short forms written out ("av." -> "avenida", "xla" -> "por", "la")."""
    found: list[Word] = []
    before = 0
    shouts = text.isupper()
    for match in _WORD.finditer(text):
        gap = text[before : match.start()]
        pause = _pause(gap, found[-1].said if found else "", text[before - 1 : before]) if found else ""
        raw = match[0]
        folded = fold(raw).replace(" ", "-") or raw.lower()
        is_dotted = text[match.end() : match.end() + 1] == "."
        is_capital = raw[0].isupper() and not shouts
        # "Francisco I. Madero"; elsewhere a bare "i" is "y".
        is_initial = folded == "i" and (is_dotted or is_capital or (found and found[-1].said == "francisco"))
        written = (
            (folded,) if is_initial else _written_out(folded, is_sure=is_dotted or (is_capital and len(folded) > 1))
        )
        for i, said in enumerate(written):
            found.append(Word(said, match.start(), match.end(), "" if i else pause, is_capital, "#" in gap and not i))
        before = match.end()
        if len(found) >= _WORDS_READ:
            break
    return found


def _pause(gap: str, last: str, last_letter: str) -> str:
    """How strong the break between two words is; the dot of a short form is none."""
    is_initial = len(last) == 1 and last.isalpha()
    is_decimal = len(gap) == 1 and last_letter.isdecimal()
    if gap.startswith(".") and (last in _ABBREVIATED or is_initial or is_decimal):
        gap = gap[1:]
    if _PAUSE.search(gap):
        return "."
    return "," if "," in gap or " - " in gap else ""


@lru_cache(maxsize=20_000)
def _written_out(word: str, *, is_sure: bool) -> tuple[str, ...]:
    if word in _ADDRESS_FORMS and (is_sure or word not in _DOUBTFUL):
        return tuple(_ADDRESS_FORMS[word].split())
    return tuple(SHORT_FORMS.get(word, word).split())


_ABBREVIATED: Final = frozenset(
    {full for form in _ADDRESS_FORMS.values() for full in form.split()}
    | {"no", "num", "numero", "int", "ext", "km", "mza", "lte", "dr", "lic", "gral", "prof", "ing", "depto", "esquina"}
)


def listed(name: str) -> frozenset[str]:
    """A list of the lexicon."""
    words: str | Sequence[str] = LEXICON[name]
    return frozenset(words.split() if isinstance(words, str) else words)


def heard(name: str) -> frozenset[str]:
    """A list of the lexicon by sound."""
    return frozenset(map(sound, listed(name)))


def sounds(words: str) -> frozenset[str]:
    """How the words of a text sound."""
    return frozenset(map(sound, words.split()))


class Phrases:
    """Phrases of the lexicon, found by their first word; the longest wins."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for phrase in phrases:
            words = tuple(sound(word) for word in phrase.split())
            self._by_first.setdefault(words[0], []).append(words)
        for each in self._by_first.values():
            each.sort(key=len, reverse=True)

    def end_at(self, words: Sequence[Word], start: int) -> int:
        """Where the phrase that begins at a word ends; `start` itself where none does. No pause lies inside."""
        if start >= len(words):
            return start
        for phrase in self._by_first.get(words[start].heard, ()):
            end = start + len(phrase)
            if end > len(words) or any(word.pause for word in words[start + 1 : end]):
                continue
            if all(word.heard == each for word, each in zip(words[start:end], phrase, strict=True)):
                return end
        return start

    def may_begin(self, word: str) -> bool:
        """Whether any of them begins with a word, given by its sound."""
        return word in self._by_first

    def stand_in(self, words: Sequence[Word]) -> bool:
        """Whether any of them stands anywhere."""
        return any(self.end_at(words, start) > start for start in range(len(words)))


def windows(words: Sequence[Word], starts: Iterable[int], longest: int) -> Iterator[tuple[int, int]]:
    """(start, end) of runs of words without a pause inside, the shortest of each start first."""
    for start in starts:
        for end in range(start + 1, min(len(words), start + longest) + 1):
            if end > start + 1 and words[end - 1].pause:
                break
            yield start, end
