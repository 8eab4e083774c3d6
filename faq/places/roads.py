"""Roads, their crossings and their houses: the pieces of a place that carry a name of their own."""

from dataclasses import dataclass

from faq.places import kinds
from faq.places.naming import Naming


@dataclass(frozen=True, slots=True)
class Piece:
    """Words `start` to `end` (not itself) of a text that say where something is."""

    start: int
    end: int
    #: 0 to 1, by itself.
    sure: float
    is_vague: bool = False
    #: Goes on with a place even after a full stop.
    is_strong: bool = False


class Roads(Naming):
    """What of one text is a road, a crossing, a house or a district."""

    def _road(self, start: int) -> Piece | None:
        end = self._name(start + 1, may_lead=self._heard[start] in kinds.LEADING)
        if end == start + 1:
            return self._branch(start)
        is_leading = self._heard[start] in kinds.LEADING and self._heard[start + 1] in kinds.TO
        if is_leading and end == start + 3 and self._heard[end - 1] in kinds.GENERAL:
            return None
        return Piece(start, self._crossed(self._numbered_house(end)), 0.9, is_strong=True)

    def _branch(self, start: int) -> Piece | None:
        """Such as "privada de la calle Morelos"."""
        at = start + 1
        while at < len(self.words) and self._heard[at] in kinds.LINKS and not self.words[at].pause:
            at += 1
        if at == start + 1 or at >= len(self.words) or self._heard[at] not in kinds.ROADS or self.words[at].pause:
            return None
        inner = self._road(at)
        return Piece(start, inner.end, inner.sure, is_strong=True) if inner else None

    def _district(self, start: int) -> Piece | None:
        if self._is_own(start):
            return None
        end = self._name(start + 1)
        return Piece(start, self._numbered_house(end), 0.85, is_strong=True) if end > start + 1 else None

    def _crossing(self, start: int) -> Piece | None:
        """Such as "esquina con Juárez", "entre Allende y las vías", "esquina de Ocampo y Aldama"."""
        kind = self._heard[start]
        if kind in kinds.CROSSING:
            at = start + 1
            if at < len(self.words) and self.words[at].said in {"con", "de", "del", "of"} and not self.words[at].pause:
                at += 1
            noun = self._past_articles(at)
            end = self._name(noun)
            if end <= at:
                return None
            has_article = start > 0 and self._heard[start - 1] in kinds.ARTICLES
            if at == start + 1 and has_article and not self.words[noun].is_capital:
                return None
            if self._is_own_or_general(at, end):
                return None
            return Piece(start, self._crossed(end), 0.85, is_strong=True)
        if kind in kinds.STRETCH:
            first = self._name(start + 2, may_be_road=True) if self._is(start + 1, {"de"}) else start
            if first <= start + 2 or not self._is(first, {"a", "al", "hasta"}):
                return None
            second = self._name(first + 1, may_be_road=True)
            return Piece(start, second, 0.8, is_strong=True) if second > first + 1 else None
        if kind in kinds.BETWEEN:
            first = self._name(start + 1, may_be_road=True)
            if first == start + 1 or not self._is(first, {"y", "e", "and"}) or self._is_own(start + 2):
                return None
            second = self._name(first + 1, may_be_road=True)
            if second == first + 1 or self._counts(start + 1):
                return None
            return Piece(start, second, 0.85, is_strong=True)
        return None

    def _from_to(self, start: int) -> Piece | None:
        """Such as "desde la gasolinera hasta el puente"."""
        noun = self._past_articles(start + 1)
        if noun >= len(self.words) or self._heard[noun] not in kinds.SITES | kinds.ROADS | kinds.GATES:
            return None
        first = self._nouns(noun) if self._heard[noun] in kinds.SITES else self._name(noun + 1)
        if not self._is(first, {"hasta", "a", "al"}) or self.words[first].pause:
            return None
        second = self._nouns(self._past_articles(first + 1))
        return Piece(start, second, 0.7, is_strong=True) if second > first + 1 else None

    def _lot(self, start: int) -> Piece | None:
        """Such as "manzana 4 lote 12"."""
        end = self._numbered_house(start)
        return Piece(start, end, 0.3) if end > start else None

    def _well_known(self, start: int) -> Piece | None:
        """Such as "en allende": a name that streets have in every town, after "en" or alone."""
        end = self._name(start)
        is_saint = self.words[start].said in kinds.SAINTS and end > start + 1
        if end == start or not (is_saint or any(said in kinds.STREETS for said in self._heard[start:end])):
            return None
        is_all = start == 0 and end == len(self.words)
        if not is_all and not self._is(start - 1, {"en", "por", "sobre", "on"}) and not self.words[start].pause:
            return None
        is_closed = end == len(self.words) or bool(self.words[end].pause) or self._is_end(end)
        return Piece(start, end, 0.55) if is_closed or self.words[start].is_capital else None

    def _kilometre(self, start: int) -> Piece | None:
        end = self._kilometre_end(start)
        return Piece(start, end, 0.6, is_strong=True) if end > start else None

    def _numbered(self, start: int) -> Piece | None:
        """Such as "Hidalgo 120", "5 de mayo #123", "hidaljo entre juares y morelos": a name and what makes it one."""
        if self._heard[start] in kinds.LINKS and not self.words[start].is_capital:
            return None
        end = self._name(start)
        if (
            end == start
            or self._heard[start] in kinds.SITES | kinds.GENERAL | kinds.NUMBERING | kinds.KILOMETRES | kinds.MONTHS
        ):
            return None
        if self._is(start - 1, kinds.IDENTIFIED_BY):
            return None
        house = self._numbered_house(end)
        crossed = self._crossed(house)
        if crossed > house:
            return Piece(start, crossed, 0.85, is_strong=True)
        if house > end:
            return Piece(start, house, 0.85 if self.words[start].is_capital else 0.75, is_strong=True)
        if end < len(self.words) and self.words[end].pause != ".":
            if self._heard[end] in kinds.ROADS_AFTER and not self.words[end].pause:
                return Piece(start, end + 1, 0.85)
            more = self._crossing(end) if self._heard[end] in kinds.CROSSING | kinds.BETWEEN | kinds.STRETCH else None
            if more is not None:
                return Piece(start, more.end, 0.9, is_strong=True)
        return None

    def _crossed(self, at: int) -> int:
        """Past "y Juárez", "con Camino Viejo", "a la Ocampo", "esquina Morelos" after the name of a road."""
        if at >= len(self.words) or self.words[at].pause:
            return at
        if self._heard[at] in kinds.CROSSING and (piece := self._crossing(at)):
            return piece.end
        if self._is(at, {"a"}) or self._is(at, {"al"}):
            noun = self._past_articles(at + 1)
            is_name = noun < len(self.words) and self.words[noun].is_capital
            return self._name(noun) if is_name and noun > at else at
        if self._heard[at] not in kinds.WITH:
            return at
        noun = self._past_articles(at + 1)
        if noun < len(self.words) and self._heard[noun] in kinds.ROADS:
            noun += 1
        end = self._name(noun)
        if end == noun:
            return at
        is_closed = end == len(self.words) or bool(self.words[end].pause) or self._is_end(end)
        return end if self.words[noun].is_capital or is_closed else at
