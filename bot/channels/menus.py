"""Owns what a menu of commands is to a channel. Knows neither which commands there are nor any vendor."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from handlers.commands import RESIDENT

#: The role whose menu everybody has.
EVERYBODY: Final = RESIDENT


@dataclass(frozen=True, slots=True)
class MenuCommand:
    """One line of a menu."""

    #: Without its slash.
    name: str
    #: What it does, by language code.
    descriptions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Menus:
    """The menu of each role ("resident", "agent", ...), in every language of the town."""

    #: One at least.
    languages: tuple[str, ...]
    by_role: Mapping[str, tuple[MenuCommand, ...]]

    @property
    def first(self) -> str:
        """The language for whoever speaks none of the others."""
        return self.languages[0]

    def of(self, role: str) -> tuple[MenuCommand, ...]:
        """The menu of a role; empty for one that has none."""
        return self.by_role.get(role, ())

    def digest(self, role: str) -> str:
        """A short name for what the menu of a role says, in all languages."""
        lines = [(command.name, *map(command.descriptions.get, self.languages)) for command in self.of(role)]
        return hashlib.sha256(repr((self.languages, lines)).encode()).hexdigest()[:16]
