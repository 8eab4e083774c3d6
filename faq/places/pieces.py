"""The pieces that places in words are made of: a road, a name of the town, what is beside what, a place in form only.

One reading of a text; `said` puts the pieces together. Knows nothing of what the place is wanted for.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from faq.places import kinds
from faq.places.roads import Piece, Roads
from faq.places.spoken import Word, windows
from faq.text import sound


class Pieces(Roads):
    """The pieces of one text."""

    def __init__(self, words: Sequence[Word], names: Callable[[str], bool]) -> None:
        self.words = words
        self._heard = [word.heard for word in words]
        self._names = names
        self._named = self._in_gazetteer() if words and names(" ".join(word.said for word in words)) else {}

    def at(self, start: int, *, is_more: bool = False) -> Piece | None:
        """The best piece that begins at a word. is_more: it would go on with a place."""
        if start in self._named:
            return Piece(start, self._named[start], 0.8, is_strong=True)
        word = self.words[start]
        for read in _readers(word.said):
            if piece := read(self, start):
                return piece
        is_led = word.is_capital or word.is_number or start == 0 or word.pause or self._is(start - 1, kinds.LED_BY)
        if is_led and (piece := self._numbered(start) or self._well_known(start)):
            return piece
        if is_more:
            return self._more(start)
        return self._capital(start) if word.is_capital else None

    def _more(self, start: int) -> Piece | None:
        """What only goes on with a place: "que va de X al ejido", "a un kilómetro de...", "el de las nieves"."""
        if self._is(start, {"que"}):
            return self._that_leads(start)
        if self._is(start, {"a"}) and start + 2 < len(self.words) and self._heard[start + 2] in kinds.LENGTHS:
            return Piece(start, start + 3, 0.3)
        if self._heard[start] in kinds.ARTICLES and self._is(start + 1, {"de", "del"}):
            noun = self._past_articles(start + 2)
            end = self._nouns(noun)
            return Piece(start, end, 0.3) if end > noun else None
        return None

    def _that_leads(self, start: int) -> Piece | None:
        if start + 2 >= len(self.words) or self._heard[start + 1] not in kinds.LEADS:
            return None
        if self._heard[start + 2] not in kinds.TO:
            return None
        noun = self._past_articles(start + 3)
        end = self._nouns(noun)
        if end > noun and self._is(end, {"a", "al", "hasta"}) and not self.words[end].pause:
            end = max(end, self._nouns(self._past_articles(end + 1)))
        return Piece(start, end, 0.4) if end > noun else None

    def rest_of_address(self, start: int) -> Piece | None:
        """What follows a comma in an address: ", Centro," ", Poncitlán, Jal." - capital words up to the next pause."""
        if start >= len(self.words) or self.words[start].pause != ",":
            return None
        end = start
        while end < len(self.words) and end - start < 5 and (end == start or not self.words[end].pause):
            word = self.words[end]
            if not (word.is_capital or word.is_number or self._heard[end] in kinds.LINKS):
                return None
            end += 1
        is_closed = end == len(self.words) or bool(self.words[end].pause)
        return Piece(start, end, 0.5) if is_closed and not self._is_end(start) else None

    def _beside(self, start: int) -> Piece | None:
        """Such as "a espaldas del panteón", "por la primaria", "por donde vive don Chuy"."""
        is_strong = True
        at = kinds.STRONG.end_at(self.words, start)
        if at == start:
            is_strong = False
            at = kinds.WEAK.end_at(self.words, start)
        if at == start or at >= len(self.words) or self.words[at].pause:
            return None
        inner = self._inner(at)
        if inner is not None:
            # "en la calle Hidalgo" is the street itself.
            is_plain = self._heard[start] in kinds.PLAIN and at == start + 1
            if is_plain:
                return inner
            return Piece(start, inner.end, max(inner.sure, 0.75), is_strong=is_strong)
        noun = self._past_articles(at)
        if self._is(noun, {"donde"}) and is_strong:
            return Piece(start, self._clause(noun + 1), 0.5, is_strong=True)
        if self._is_own_or_general(noun, noun + 1):
            return self._general(start, noun)
        end = self._nouns(noun)
        if end == noun:
            return None
        is_site = self._heard[noun] in kinds.SITES or self._singular(noun) in kinds.SITES
        if is_site:
            is_in = self._heard[start] in kinds.IN
            return Piece(at if is_in else start, end, 0.5 if is_in else 0.75, is_strong=is_strong)
        if self._heard[noun] in kinds.OFFICES and self._heard[start] not in kinds.IN:
            return Piece(start, end, 0.75, is_strong=is_strong)
        is_strong = is_strong or (start > 0 and self._heard[start - 1] in kinds.LENGTHS)
        if is_strong and self.words[noun].said not in kinds.NEVER:
            return Piece(start, end, 0.6, is_strong=True)
        return None

    def _general(self, start: int, noun: int) -> Piece:
        """Such as "por la casa de doña Lupita" is a place, "en la esquina de mi casa" a place in form only."""
        end = min(noun + 1 + (self._heard[noun] in kinds.OWN), len(self.words))
        if self._heard[noun] in kinds.OWN or not self._is(end, {"de", "del"}) or self.words[end].pause:
            return Piece(start, end, 0.2, is_vague=True)
        whose = self._past_articles(end + 1)
        if self._is_own_or_general(whose, whose + 1):
            return Piece(start, min(whose + 1 + (self._heard[whose] in kinds.OWN), len(self.words)), 0.2, is_vague=True)
        last = self._nouns(whose)
        if last == whose or self._is(whose, kinds.BESIDE_WHAT):
            return Piece(start, end, 0.2, is_vague=True)
        return Piece(start, last, 0.55)

    def _inner(self, at: int) -> Piece | None:
        """A road, a district or a name of the town right after a relation."""
        noun = self._past_articles(at)
        starts = [each for each in dict.fromkeys((noun, at)) if each < len(self.words)]
        if named := next((each for each in starts if each in self._named), None):
            return Piece(named, self._named[named], 0.8, is_strong=True)
        for start in starts:
            for read in _readers(self.words[start].said):
                if read in _PLACES and (piece := read(self, start)):
                    return piece
            if piece := self._numbered(start) or self._well_known(start):
                return piece
        if noun < len(self.words) and self._heard[noun] in kinds.HOUSES and self._is_house(noun + 1):
            return Piece(at, noun + 2, 0.5)
        if len(self.words[at].said) <= 4 and self._is_house(at) and not self._is(at + 1, {"y"}):
            return Piece(at, at + 1, 0.5)
        return None

    def _gate(self, start: int) -> Piece | None:
        """Such as "salida a Ocotlán", "la entrada al pueblo", "curva del altar"."""
        if start + 1 >= len(self.words):
            return None
        if self._heard[start + 1] not in kinds.TO or self.words[start + 1].pause:
            return None
        noun = self._past_articles(start + 2)
        if noun >= len(self.words) or self._heard[noun] in kinds.OWN or self.words[noun].is_number:
            return None
        if self._is_fault(noun) and self._heard[noun] not in kinds.SITES:
            return None
        end = self._nouns(noun)
        return Piece(start, self._crossed(end), 0.7, is_strong=True) if end > noun else None

    def _leading_away(self, start: int) -> Piece | None:
        """Such as "la que baja al río", "la calle que va a la secundaria"."""
        at = start + 1
        if at < len(self.words) and self._heard[at] in kinds.ROADS:
            at += 1
        if not self._is(at, {"que"}) or at + 2 >= len(self.words) or self._heard[at + 1] not in kinds.LEADS:
            return None
        if beside := self._beside(at + 2):
            return Piece(start, beside.end, beside.sure)
        if self._heard[at + 2] not in kinds.TO:
            return None
        noun = self._past_articles(at + 3)
        end = self._nouns(noun)
        return Piece(start, end, 0.6) if end > noun else None

    def _one_of(self, start: int) -> Piece | None:
        """Such as "la de la farmacia", "el del panteón": which of several, after a place or by itself."""
        if self._is_date(start + 1) and self._heard[start] == sound("la"):
            return Piece(start + 1, start + 4, 0.7, is_strong=True)
        if not self._is(start + 1, {"de", "del"}):
            return None
        noun = self._past_articles(start + 2)
        if noun >= len(self.words) or (
            self._heard[noun] not in kinds.SITES and self._singular(noun) not in kinds.SITES
        ):
            return None
        return Piece(start, self._nouns(noun), 0.45)

    def _vague(self, start: int) -> Piece | None:
        said = self._heard[start]
        if self.words[start].said in kinds.DEICTIC and not self._is(start - 1, {"de", "que", "por", "desde", "hasta"}):
            return Piece(start, start + 1, 0.1, is_vague=True)
        if said in kinds.OWN and start + 1 < len(self.words) and self._heard[start + 1] in kinds.GENERAL:
            is_there = self._is(start - 1, {"en", "de", "por", "a", "afuera"}) or start == 0
            return Piece(start, start + 2, 0.2 if is_there else 0.15, is_vague=True)
        is_alone = start == 0 or self._heard[start - 1] in kinds.ARTICLES
        if said in kinds.CROSSING | {sound("afuera")} and is_alone:
            return Piece(start, start + 1, 0.15, is_vague=True)
        return None

    def _capital(self, start: int) -> Piece | None:
        """Such as "en Matamoros": a name after "en", which may be a street or a village."""
        if not self._is(start - 1, {"en"}) or self.words[start].pause:
            return None
        if self.words[start].said in kinds.NEVER or self._heard[start] in kinds.MONTHS | kinds.OFFICES | kinds.SITES:
            return None
        end = self._name(start)
        return Piece(start, end, 0.45) if end > start else None

    def _in_gazetteer(self) -> dict[int, int]:
        """Where names of the town begin and end."""
        starts = [
            at
            for at, word in enumerate(self.words)
            if at == 0 or word.pause or word.is_capital or self._heard[at - 1] in kinds.BEFORE_NAMES
        ]
        found: dict[int, int] = {}
        for start, end in windows(self.words, starts[: kinds.ASKED_AT_MOST], 4):
            if start in found or self._is_end(start):
                continue
            if any(said in kinds.OFFICES for said in self._heard[start:end]):
                continue
            if self._names(" ".join(word.said for word in self.words[max(0, start - 1) : end])):
                found[start] = self._longer(start, end)
        for start in [at for at in found if self._heard[at] in kinds.ARTICLES and not self.words[at].is_capital]:
            if start + 1 in found:
                del found[start]
        return found

    def _longer(self, start: int, end: int) -> int:
        """Such as "San Pedro Itzicán" rather than "San Pedro": the capital words that follow belong to the name."""
        if self._heard[start] in kinds.SITES:
            end = max(end, self._nouns(start))
        while end < len(self.words) and not self.words[end].pause and self.words[end].is_capital:
            if self._heard[end] in kinds.ROADS | kinds.DISTRICTS | kinds.CROSSING:
                break
            end += 1
        return end


_Reader = Callable[[Pieces, int], Piece | None]
_PLACES: Final = frozenset({Pieces._crossing, Pieces._road, Pieces._district, Pieces._gate})


@lru_cache(maxsize=20_000)
def _readers(said: str) -> tuple[_Reader, ...]:
    """Who may read a piece that begins with a word, the surest first."""
    word = sound(said)
    found: list[tuple[bool, _Reader]] = [
        (word in kinds.CROSSING | kinds.BETWEEN | kinds.STRETCH, Pieces._crossing),
        (word in kinds.ROADS, Pieces._road),
        (word in kinds.DISTRICTS, Pieces._district),
        (word in kinds.KILOMETRES, Pieces._kilometre),
        (said == "desde", Pieces._from_to),
        (said in {"manzana", "lote"}, Pieces._lot),
        (kinds.STRONG.may_begin(word) or kinds.WEAK.may_begin(word), Pieces._beside),
        (word in kinds.GATES, Pieces._gate),
        (word in kinds.ARTICLES | kinds.ROADS, Pieces._leading_away),
        (word in kinds.ARTICLES, Pieces._one_of),
        (said in kinds.DEICTIC or said == "afuera" or word in kinds.OWN | kinds.CROSSING, Pieces._vague),
    ]
    return tuple(read for applies, read in found if applies)
