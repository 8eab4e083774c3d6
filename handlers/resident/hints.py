"""What free words already said, so that nobody has to say it twice."""

import re
from typing import Final

#: Where a place begins in a sentence about a fault; what follows, up to a pause, is taken as its words.
_PLACE: Final = re.compile(
    r"\b((?:calle|c\.|av\.?|avenida|blvd\.?|boulevard|bulevar|calzada|privada|callej[oó]n|carretera|camino|libramiento|"
    r"esquina|entre|frente a|enfrente (?:de|a)|junto a|a un lado de|atr[aá]s de|cerca de|afuera de|"
    r"col\.?|colonia|barrio|fracc\.?|fraccionamiento|street|in front of|next to|near)\s[^,.;?!\n]{3,80})",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"\s(?:y|pero|porque|desde|hace|que|and|but|since)\s.*", re.IGNORECASE | re.DOTALL)


def place_in(words: str) -> str | None:
    """The words of a place inside a sentence: "hay un bache en la calle Hidalgo desde ayer" -> "calle Hidalgo"."""
    found = _PLACE.search(words)
    if found is None:
        return None
    place = _TAIL.sub("", found.group(1)).strip()
    return place if len(place) > len(place.split()[0]) + 2 else None
