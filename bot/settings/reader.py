"""Owns how settings are read: one value after the other, all mistakes together. Knows no setting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable as the documentation shows it."""

    name: str
    #: What holds when it is not set, in words.
    default: str
    meaning: str


class SettingsErrors(Exception):
    """One or more settings are wrong; each mistake says what to do."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Reader:
    """Takes one value after the other and collects what is wrong with them. An empty value counts as not set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        # Ordered, and each mistake once: two channels may read the same setting.
        self._wrong: dict[str, None] = {}
        self._contradictions: dict[str, None] = {}

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What was found so far: first the single values, then what is wrong with them taken together."""
        return (*self._wrong, *self._contradictions)

    def raw(self, name: str) -> str | None:
        """What was set, whether it is right or wrong: so that no mistake is told twice in two forms."""
        return self._environ.get(name, "").strip() or None

    def take(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        """The value, or the default where it is not set or not what `parse` takes (by ValueError)."""
        value = self.raw(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as mistake:
            self._wrong[f"{name} {mistake}"] = None
            return default

    def note(self, mistake: str) -> None:
        """Settings that are right one by one contradict each other, or one is missing beside them."""
        self._contradictions[mistake] = None
