"""Places in words: what of a text names one, where it ends, and how sure that is. Opens no link, knows no town.

How places are said is in lexicon/places_said.yaml, which names the town has is asked of the caller.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from faq.places.naming import is_like_a_name
from faq.places.pieces import Pieces
from faq.places.roads import Piece
from faq.places.spoken import LEXICON, Phrases, Word, heard, is_file_name, spoken, without_links
from faq.text import is_question

Names = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class PlaceSaid:
    """A place as a text names it."""

    #: The whole place, as the person wrote it.
    words: str
    #: 0 to 1: that somebody who was sent there would find it.
    sure: float
    #: A place in form only: "aquí en mi casa", "en la esquina".
    is_vague: bool
    #: The text says nothing but the place, courtesy aside.
    is_whole: bool


_SURE_AT_MOST: Final = 0.98
_LETTERS_AT_MOST: Final = 300
#: A piece as weak as this ends no place.
_TRAILING: Final = 0.15
_BARE_AT_MOST: Final = 4
_OF_NAMES: Final = frozenset({"la", "las", "el", "los", "de", "del"})
#: What may stand between two pieces, in words.
_BETWEEN_AT_MOST: Final = 7

_AROUND, _BETWEEN, _SAME, _SAME_OF = heard("around"), heard("between"), heard("same"), heard("same_of")
_NUMBERING: Final = heard("numbering")
_UNNAMED, _NOT_HERE = Phrases(LEXICON["unnamed"]), Phrases(LEXICON["not_here"])


def find(text: str, names: Names) -> PlaceSaid | None:
    """The place that a text names, or None: "hay un bache en la calle Hidalgo desde ayer" -> "calle Hidalgo".

    names: whether the gazetteer knows a name in some words. Coordinates and links are map_links' matter: of a text
    with a link only what stands beside it is read.
    """
    plain, has_link = without_links(text)
    if is_file_name(plain):
        return None
    words = spoken(plain)
    if has_link and (shared := _shared(plain, words, names)):
        return shared
    chain = max(_chains(Pieces(words, names)), key=_worth, default=None)
    if chain is None:
        return None if has_link or is_question(text) else _bare(plain, words)
    start, end = chain[0].start, chain[-1].end
    is_vague = all(piece.is_vague for piece in chain)
    is_whole = _is_courtesy(words[:start]) and _is_courtesy(words[end:])
    if is_vague and (has_link or (not is_whole and _sure(chain) < _VAGUE_WITHIN)):
        return None
    if _NOT_HERE.stand_in(words[:start]) and chain[0].sure < _SAID_BY_THE_WAY:
        return None
    return PlaceSaid(_cut(plain, words, start, end), _sure(chain), is_vague, is_whole)


#: A vague place inside a longer text is told of only where it is at least this sure.
_VAGUE_WITHIN: Final = 0.15
#: After "ya no quiero...", "quiero hablar con..." only a place as plain as this counts.
_SAID_BY_THE_WAY: Final = 0.8


def same_place(text: str) -> bool:
    """Whether a text points at the place of an earlier report: "en el mismo lugar del otro reporte"."""
    words = spoken(without_links(text)[0])
    return any(word.heard in _SAME and after.heard in _SAME_OF for word, after in pairwise(words))


def is_no_place(text: str) -> bool:
    """Whether a text is plainly something else than a place: "ya no quiero", "ahorita le mando la ubicación"."""
    return is_file_name(text) or _NOT_HERE.stand_in(spoken(without_links(text)[0]))


def _bare(plain: str, words: Sequence[Word]) -> PlaceSaid | None:
    """Up to three words that could be a name, and nothing else: only the question makes a place of them."""
    start, end = 0, len(words)
    while start < end and words[start].heard in _AROUND and words[start].said not in _OF_NAMES:
        start += 1
    while end > start and words[end - 1].heard in _AROUND:
        end -= 1
    if not 0 < end - start <= _BARE_AT_MOST or any(word.pause for word in words[start + 1 : end]):
        return None
    if not all(is_like_a_name(word) for word in words[start:end]) or words[end - 1].said in _OF_NAMES:
        return None
    return PlaceSaid(_cut(plain, words, start, end), 0.25, is_vague=False, is_whole=True)


def _shared(plain: str, words: Sequence[Word], names: Names) -> PlaceSaid | None:
    """The address beside a link: what a map's share button writes, a line each or with commas, or people add."""
    lines = [" ".join(line.split()).strip(" ,.;:") for line in plain.split("\n")]
    lines = [line for line in lines if line]
    whole = ", ".join(lines)
    if not whole or not _is_address(whole, words):
        return None
    best = max((found for line in lines if (found := find(line, names))), key=lambda found: found.sure, default=None)
    if best is None or best.is_vague:
        return None
    return PlaceSaid(whole[:_LETTERS_AT_MOST], max(best.sure, 0.85), is_vague=False, is_whole=True)


def _is_address(whole: str, words: Sequence[Word]) -> bool:
    """Short, with the commas or the postcode of an address."""
    has_postcode = any(word.said.isdecimal() and len(word.said) == 5 for word in words)
    return len(words) <= 40 and (has_postcode or whole.count(",") >= 2)


def _chains(pieces: Pieces) -> list[list[Piece]]:
    """Pieces that stand together, in order: "calle Hidalgo 23" + "colonia Centro"."""
    found: list[list[Piece]] = []
    at = 0
    while at < len(pieces.words):
        piece = pieces.at(at)
        if piece is None:
            at += 1
            continue
        chain = [piece]
        while (more := _next(pieces, chain)) is not None:
            chain.append(more)
        at = chain[-1].end
        while len(chain) > 1 and chain[-1].sure <= _TRAILING:
            chain.pop()
        found.append(chain)
    return found


def _next(pieces: Pieces, chain: Sequence[Piece]) -> Piece | None:
    """The piece that goes on with a place, if one does."""
    words, end = pieces.words, chain[-1].end
    if end >= len(words):
        return None
    pause = words[end].pause
    at = end
    for at in range(end, min(end + _BETWEEN_AT_MOST, len(words))):
        piece = pieces.at(at, is_more=True)
        if piece is not None and _belongs(words, end, piece, pause):
            return piece
        if words[at].heard not in _BETWEEN or (at > end and words[at].pause == "."):
            break
    return pieces.rest_of_address(end) if pause == "," or not pause else None


def _belongs(words: Sequence[Word], end: int, piece: Piece, pause: str) -> bool:
    return (pause != "." or piece.is_strong) and not any(word.pause == "." for word in words[end + 1 : piece.start + 1])


def _worth(chain: Sequence[Piece]) -> tuple[float, int]:
    return _sure(chain), -chain[0].start


def _sure(chain: Sequence[Piece]) -> float:
    best = max(piece.sure for piece in chain)
    plain = sum(not piece.is_vague for piece in chain)
    return round(min(_SURE_AT_MOST, best + 0.04 * max(0, plain - 1)), 2)


def _is_courtesy(words: Sequence[Word]) -> bool:
    at = 0
    while at < len(words):
        after = _UNNAMED.end_at(words, at)
        if after == at and words[at].heard not in _AROUND and words[at].heard not in _NUMBERING:
            return False
        at = max(after, at + 1)
    return True


def _cut(plain: str, words: Sequence[Word], start: int, end: int) -> str:
    """The words as they were written, on one line."""
    return " ".join(plain[words[start].start : words[end - 1].end].split())[:_LETTERS_AT_MOST]
