"""Puts questions that ask for the same thing together. Knows nothing of where they come from."""

from collections.abc import Sequence
from typing import Final

from faq.search.words import WordLikeness

#: The places of texts in a list, group by group.
Groups = tuple[tuple[int, ...], ...]

#: From this likeness on, 0..1, two questions are taken for the same.
_ALIKE: Final = 0.3


def group(texts: Sequence[str]) -> Groups:
    """The places of texts that are alike, the largest group first; in a group, the one most like the others first."""
    if not texts:
        return ()
    likeness = WordLikeness(texts).rows(texts)
    left = dict.fromkeys(range(len(texts)))
    groups = []
    # The text with most neighbours leads its group: chains of "a is like b, b is like c" do not grow.
    for leader in sorted(left, key=lambda place: (-int((likeness[place] >= _ALIKE).sum()), place)):
        if leader in left:
            alike = [place for place in left if place == leader or likeness[leader, place] >= _ALIKE]
            groups.append(tuple(sorted(alike, key=lambda place: (-float(likeness[leader, place]), place))))
            for place in alike:
                del left[place]
    return tuple(sorted(groups, key=lambda places: (-len(places), places)))
