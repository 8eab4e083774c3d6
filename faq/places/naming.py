"""Where a name ends, and what a word is among its neighbours. Knows no kinds of places; `pieces` does."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from faq.places import kinds
from faq.places.spoken import Word
from faq.text import STOP_WORDS


def is_like_a_name(word: Word) -> bool:
    """Whether a word could stand in the name of a place: no number, nothing that happens, nothing that fails."""
    said = word.said
    if word.heard in kinds.LINKS or said in {"la", "las", "el", "los"}:
        return True
    if (
        word.is_number
        or said in kinds.ENDS
        or said in kinds.NEVER
        or said.endswith(kinds.HAPPENS)
        or said in STOP_WORDS
    ):
        return False
    return word.heard not in kinds.FAULTS | kinds.OFFICES | kinds.OWN | kinds.GENERAL and len(said) > 2


class Naming:
    """One text, asked word by word."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self._heard = [word.heard for word in words]

    def _name(self, start: int, *, may_lead: bool = False, may_be_road: bool = False) -> int:
        """Where the name that begins at a word ends; `start` where none does.

        may_lead: "a", "al", "de" come first, as after "carretera". may_be_road: so may "la calle"; a number will do.
        """
        at = self._name_begins(start, may_lead=may_lead, may_be_road=may_be_road)
        if at >= len(self.words) or (at > start and self.words[at].pause) or self._is_after_road_and_pause(start):
            return start
        is_capital = self.words[at].is_capital
        at_most = kinds.NAME_IN_CAPITALS if is_capital else kinds.NAME_IN_SMALL
        if self.words[at].is_number:
            # "entre las 8 y las 10" are hours.
            may_be_number = not self._is(at - 1, {"las"}) if may_be_road else self._is_road(start - 1)
            if not (self._is_date(at) or may_be_number):
                return start
        count, end = 0, start
        while at < len(self.words) and count < at_most and not (count and self.words[at].pause):
            if count and self._heard[at] in kinds.LINKS:
                at += 1
                continue
            if count and (self.words[at].is_number or (is_capital and not self._goes_on_in_capitals(at))):
                break
            if self._ends_a_name(at, is_first=count == 0):
                break
            count, at = count + 1, at + 1
            end = at
        return end

    def _name_begins(self, at: int, *, may_lead: bool, may_be_road: bool) -> int:
        start = at
        if may_lead and at < len(self.words) and self._heard[at] in kinds.TO and not self.words[at].pause:
            at += 1
        if may_be_road:
            at = self._past_articles(at)
            at += at < len(self.words) and self._heard[at] in kinds.ROADS
        while at < len(self.words) and self._heard[at] in kinds.LINKS and (at == start or not self.words[at].pause):
            at += 1
        return at

    def _is_after_road_and_pause(self, at: int) -> bool:
        return at > 0 and bool(self.words[at].pause) and self._heard[at - 1] in kinds.ROADS

    def _is_road(self, at: int) -> bool:
        return at >= 0 and self._heard[at] in kinds.ROADS

    def _goes_on_in_capitals(self, at: int) -> bool:
        return self.words[at].is_capital or self._heard[at] in kinds.MONTHS

    def _ends_a_name(self, at: int, *, is_first: bool) -> bool:
        said = self._heard[at]
        if self._is_end(at) or said in kinds.NO_NAME or (self._is_fault(at) and not self.words[at].is_capital):
            return True
        return not is_first and (said in kinds.ROADS_AFTER or kinds.STRONG.end_at(self.words, at) > at)

    def _nouns(self, start: int) -> int:
        """Where what something is beside ends: a thing with its name, such as "primaria Benito Juárez"."""
        at, count, end = start, 0, start
        while at < len(self.words) and count < kinds.NOUNS and not (at > start and self.words[at].pause):
            said = self._heard[at]
            if said in kinds.LINKS or (count and said in kinds.ARTICLES):
                if count and (kinds.STRONG.end_at(self.words, at) > at or self._begins_other(at)):
                    break
                at += 1
                continue
            if count == 1 and self._is_its_look(at):
                return at + 1
            if self._ends_nouns(at, is_first=count == 0):
                break
            count, at = count + 1, at + 1
            end = at
        return end

    def _ends_nouns(self, at: int, *, is_first: bool) -> bool:
        said = self._heard[at]
        if is_first:
            return said not in kinds.SITES and self._is_end(at)
        if self._is_end(at) or self._counts(at) or self._is_fault_now(at):
            return True
        return said in kinds.OTHER_PIECE or kinds.STRONG.end_at(self.words, at) > at

    def _is_its_look(self, at: int) -> bool:
        """Such as "la barda caída": how the thing looks, at the end of what is said of the place."""
        is_last = at + 1 == len(self.words) or bool(self.words[at + 1].pause)
        return is_last and self.words[at].said in kinds.LOOKS and self.words[at].said[-1] == self.words[at - 1].said[-1]

    def _clause(self, at: int) -> int:
        """Up to the next pause: what happens at a place names it."""
        end = at
        while end < len(self.words) and end - at < kinds.CLAUSE and not self.words[end].pause:
            if self.words[end].said in kinds.CLAUSE_ENDS:
                break
            end += 1
        return end

    def _begins_other(self, at: int) -> bool:
        """Such as "la primaria la calle..." - an article that begins another noun instead of going on with this one."""
        if self._heard[at] not in kinds.ARTICLES or self._is(at - 1, {"de", "con"}) or self.words[at].is_capital:
            return False
        return not self._closes_soon(at + 1)

    def _closes_soon(self, at: int) -> bool:
        """Whether a pause comes within three words, and nothing happens before."""
        for end in range(at, at + 4):
            if end >= len(self.words) or (end > at and self.words[end].pause):
                return end > at
            if self._is_end(end) or self._is_fault(end):
                return False
        return False

    def _numbered_house(self, at: int) -> int:
        """Past "23", "#123", "no. 12", "interior 4", "km 3 y medio", "s/n", as many as there are."""
        while at < len(self.words):
            word, said = self.words[at], self._heard[at]
            if word.said in {"s/n", "s-n", "sn"}:
                at += 1
            elif said in kinds.HOUSES and (self._is_house(at + 1) or self._is_letter(at + 1)):
                at += 2
            elif (end := self._kilometre_end(at)) > at:
                at = end
            elif not word.pause and self._is_house(at):
                at += 1
                at += self._is_letter(at)
            else:
                break
        return at

    def _kilometre_end(self, start: int) -> int:
        """Such as "km 3 y medio", "kilómetro 45.5"."""
        if (
            self._heard[start] not in kinds.KILOMETRES
            or start + 1 >= len(self.words)
            or not self.words[start + 1].is_number
        ):
            return start
        end = start + 2
        if end < len(self.words) and self.words[end].is_number and not self.words[end].pause:
            end += 1
        if self._is(end, {"y"}) and self._is(end + 1, {"medio", "media", "fraccion"}):
            end += 2
        return end

    def _is_house(self, at: int) -> bool:
        """Whether a word is the number of a house, rather than how many of something there are."""
        if at >= len(self.words) or not self.words[at].is_number or len(self.words[at].said) > 6:
            return False
        return self.words[at].is_marked or not self._counts(at)

    def _is_letter(self, at: int) -> bool:
        """Such as "23 B", "interior c"."""
        return self._is(at, {"a", "b", "c", "d", "f"}) and not self.words[at].pause and not self._is_followed(at)

    def _is_followed(self, at: int) -> bool:
        """Whether an "a" is a word that leads on: "23 a un lado de"."""
        return self.words[at].said == "a" and at + 1 < len(self.words) and not self.words[at + 1].pause

    def _counts(self, at: int) -> bool:
        if at >= len(self.words) or not self.words[at].is_number or at + 1 >= len(self.words):
            return False
        after = at + 1
        return not self.words[after].pause and (self._heard[after] in kinds.UNITS or self._is_fault(after))

    def _is(self, at: int, said: AbstractSet[str]) -> bool:
        return 0 <= at < len(self.words) and self.words[at].said in said

    def _is_end(self, at: int) -> bool:
        word = self.words[at]
        if word.said in kinds.ENDS:
            return True
        return not word.is_capital and word.said.endswith(kinds.HAPPENS) and word.said not in kinds.NAMES_FOR_ALL_THAT

    def _is_fault(self, at: int) -> bool:
        return self._heard[at] in kinds.FAULTS

    def _is_fault_now(self, at: int) -> bool:
        return self._is_fault(at) and not self.words[at].is_capital and not self._is(at - 1, {"de", "del", "la", "el"})

    def _is_date(self, at: int) -> bool:
        """Such as "5 de mayo", which is how streets are called."""
        if at + 2 >= len(self.words) or not self.words[at].is_number:
            return False
        return self._is(at + 1, {"de"}) and self._heard[at + 2] in kinds.MONTHS

    def _is_own(self, at: int) -> bool:
        return at > 0 and self._heard[at - 1] in kinds.OWN

    def _is_own_or_general(self, start: int, end: int) -> bool:
        if start >= len(self.words):
            return False
        if self._heard[start] in kinds.OWN:
            return True
        is_general = end - start == 1 and (
            self._heard[start] in kinds.GENERAL or self.words[start].said in kinds.DEICTIC
        )
        return is_general and not self.words[start].is_capital

    def _past_articles(self, at: int) -> int:
        while at < len(self.words) and self._heard[at] in kinds.ARTICLES and not self.words[at].pause:
            at += 1
        return at

    def _singular(self, at: int) -> str:
        said = self._heard[at]
        for ending in ("es", "s"):
            if said.endswith(ending) and said.removesuffix(ending) in kinds.SITES:
                return said.removesuffix(ending)
        for small, plain in (("ita", "a"), ("ito", "o"), ("cita", ""), ("cito", "")):
            if said.endswith(small):
                return said.removesuffix(small) + plain
        return said
