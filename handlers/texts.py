"""Which texts can be asked for, and where: every module that asks declares its keys beside its imports.

    declare(__name__, "report.filed", *under("report", "place", "story"), *under("state", *TicketState))

Knows no text and no language. Tests prove that what is asked for is declared, and that what is declared has a text.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

#: A key, or what makes keys of something that is known only once everything was imported.
Declared = str | Callable[[], Iterable[str]]

#: Makes a key of a word.
KeyOf = Callable[[str], str]

_NOTHING: Final[Mapping[str, KeyOf]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one place asks for."""

    keys: tuple[Declared, ...]
    #: Functions of this place that make a key of the first word they are given, by their name.
    passes: Mapping[str, KeyOf]

    def all(self) -> frozenset[str]:
        """Every key, those that are made included."""
        made = (key for each in self.keys if not isinstance(each, str) for key in each())
        return frozenset([*(each for each in self.keys if isinstance(each, str)), *made])


_DECLARATIONS: Final[dict[str, Declaration]] = {}


def declare(place: str, *keys: Declared, passes: Mapping[str, KeyOf] = _NOTHING) -> None:
    """Say, once a module, which texts it may ask for.

    place: the module, or the file where it is no Python.
    passes: functions here that others give a word, of which a key is made, such as {"Told": "notice.{}".format}: that
    key is declared here, or where the word is given.
    """
    if place in _DECLARATIONS:
        raise ValueError(f"{place} declares its texts twice: once is enough")
    _DECLARATIONS[place] = Declaration(keys, passes)


def under(prefix: str, *names: str) -> tuple[str, ...]:
    """The keys of one group: "state.open" and "state.to" of "state" and "open to", or of an enumeration's members."""
    return tuple(f"{prefix}.{name}" for each in names for name in each.split())


def declarations() -> Mapping[str, Declaration]:
    """What each place declared that was imported so far."""
    return MappingProxyType(_DECLARATIONS)


def needed() -> Mapping[str, tuple[str, ...]]:
    """Every declared key, and the places that ask for it, both in order. Import first whatever may ask."""
    places: dict[str, list[str]] = {}
    for place in sorted(_DECLARATIONS):
        for key in _DECLARATIONS[place].all():
            places.setdefault(key, []).append(place)
    return {key: tuple(places[key]) for key in sorted(places)}
