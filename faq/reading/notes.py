"""YAML with line numbers: each value knows where it stands, and each mistake is noted instead of raised.

Knows nothing of what the files mean.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Final

import yaml

from faq.model import Problem

_NULL: Final = "tag:yaml.org,2002:null"
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES_NO: Final = {
    **dict.fromkeys(("true", "yes", "on", "sí", "si"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}


@dataclass(slots=True)
class Notes:
    """The mistakes found so far."""

    problems: list[Problem] = field(default_factory=list)

    def error(self, file: str, line: int, message: str) -> None:
        """Note what must be mended."""
        self.problems.append(Problem(file, line, message))

    def warn(self, file: str, line: int, message: str) -> None:
        """Note what should be looked at."""
        self.problems.append(Problem(file, line, message, is_error=False))


@dataclass(frozen=True, slots=True)
class Item:
    """A value of a YAML file. Its readers note a mistake and return something empty of the right type."""

    node: yaml.Node
    file: str
    notes: Notes
    #: How messages call it: "resolve_within".
    name: str
    #: Lines of the file before the YAML begins.
    offset: int = 0

    @property
    def line(self) -> int:
        """The line it stands on; the first line of a file is 1."""
        return int(self.node.start_mark.line) + 1 + self.offset

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there."""
        return self.node.tag == _NULL

    def error(self, message: str) -> None:
        """Note a mistake here."""
        self.notes.error(self.file, self.line, message)

    def warn(self, message: str) -> None:
        """Note something to look at here."""
        self.notes.warn(self.file, self.line, message)

    def child(self, node: yaml.Node, name: str) -> "Item":
        """A value inside this one."""
        return replace(self, node=node, name=name)

    def text(self) -> str:
        """The text as it is written, so that 0123 and `no` stay what they are; never empty without a note."""
        written = as_written(self.node)
        if written is None:
            self.error(f"{self.name} must be a text")
        elif not written.strip():
            self.error(f"{self.name} is empty: write it or leave the line out")
        return (written or "").strip()

    def texts(self) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        return tuple(text for item in self.items() if (text := item.text()))

    def items(self) -> tuple["Item", ...]:
        """The members of a list; a single value counts as a list of one, nothing as an empty list."""
        if isinstance(self.node, yaml.SequenceNode):
            return tuple(self.child(node, f"{self.name} {i}") for i, node in enumerate(self.node.value, 1))
        return () if self.is_empty else (self,)

    def entries(self) -> tuple[tuple[str, "Item"], ...]:
        """Key and value of a mapping, in order; a key that is there twice is a mistake, and its first value stays."""
        if not isinstance(self.node, yaml.MappingNode):
            if not self.is_empty:
                self.error(f"{self.name} must be a list of `key: value` lines")
            return ()
        found: dict[str, Item] = {}
        for key_node, value in self.node.value:
            key = as_written(key_node) or ""
            named = self.child(key_node, key)
            if not key:
                named.error(f"{self.name} has a key that is not a text")
            elif key in found:
                named.error(f"{key} is there twice; it was first written on line {found[key].line}")
            else:
                found[key] = self.child(value, key)
        return tuple(found.items())

    def whole_number(self, *, at_least: int = 0) -> int:
        """A whole number; at least 0 or what is said."""
        written = self.text()
        if not re.fullmatch(r"-?\d{1,9}", written):
            if written:
                self.error(f"{self.name} must be a whole number, such as {max(at_least, 1)}")
            return at_least
        if int(written) < at_least:
            self.error(f"{self.name} must be {'more than 0' if at_least == 1 else f'{at_least} or more'}")
        return int(written)

    def yes_no(self) -> bool:
        """True or false, as YAML and people write it."""
        written = self.text().lower()
        if written and written not in _YES_NO:
            self.error(f"{self.name} must be true or false")
        return _YES_NO.get(written, False)

    def day(self) -> date | None:
        """A date; None where nothing is written."""
        if self.is_empty:
            return None
        written = self.text()
        day = parse_day(written)
        if day is None and written:
            self.error(f"{self.name} must be a date such as 2026-01-31, not {written!r}")
        return day


def parse_day(written: str) -> date | None:
    """The date written as 2026-01-31; None for anything else."""
    if not _DAY.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def as_written(node: yaml.Node) -> str | None:
    """The text of a scalar; None for a list or a mapping.

    `{telefono}` without quotes is a mapping to YAML: here it is the placeholder that its writer meant.
    """
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.MappingNode) and node.flow_style and node.value:
        parts = [key.value for key, value in node.value if value.tag == _NULL and isinstance(key, yaml.ScalarNode)]
        if len(parts) == len(node.value):
            return "{" + ", ".join(parts) + "}"
    return None


class Record:
    """A mapping whose keys are known: what is missing or unknown is noted."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self._entries = dict(item.entries())
        self._asked: list[str] = []

    def find(self, key: str) -> Item | None:
        """The value of a key that may be left out or left empty."""
        self._asked.append(key)
        found = self._entries.get(key)
        return None if found is None or found.is_empty else found

    def get(self, key: str) -> Item | None:
        """The value of a key that must be there."""
        found = self.find(key)
        if found is None:
            at = self._entries.get(key, self.item)
            at.error(f"{key} is missing" if at is self.item else f"{key} is empty")
        return found

    def text(self, key: str) -> str:
        """A text that must be there."""
        found = self.get(key)
        return found.text() if found else ""

    def text_or_none(self, key: str) -> str | None:
        """A text that may be left out."""
        found = self.find(key)
        return (found.text() or None) if found else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts that may be left out."""
        found = self.find(key)
        return found.texts() if found else ()

    def labels(self, key: str) -> dict[str, str]:
        """A text by language that must be there, Spanish always; a single text is Spanish."""
        found = self.get(key)
        return read_labels(found) if found else {"es": ""}

    def whole_number(self, key: str, *, at_least: int = 0) -> int:
        """A whole number that must be there."""
        found = self.get(key)
        return found.whole_number(at_least=at_least) if found else at_least

    def yes_no(self, key: str) -> bool:
        """True or false; false where it is left out."""
        found = self.find(key)
        return found.yes_no() if found else False

    def day(self, key: str) -> date | None:
        """A date that may be left out."""
        found = self.find(key)
        return found.day() if found else None

    def line_of(self, key: str) -> int:
        """Where a key's value stands; the record's own line where it is left out."""
        return self._entries.get(key, self.item).line

    def lines(self) -> dict[str, int]:
        """Where each key stands, and each member of a list as "questions 2"."""
        own = {key: item.line for key, item in self._entries.items()}
        return own | {each.name: each.line for item in self._entries.values() for each in item.items()}

    def note_unknown_keys(self) -> None:
        """Warn of every key that nobody asked for: most are misspelt."""
        for key, item in self._entries.items():
            if key not in self._asked:
                item.warn(f"{key} is not known here and is ignored{did_you_mean(key, self._asked)}")


def read_labels(item: Item) -> dict[str, str]:
    """A text by language; a single text is Spanish."""
    if as_written(item.node) is not None:
        return {"es": item.text()}
    labels: dict[str, str] = {}
    for language, each in item.entries():
        if not _LANGUAGE.fullmatch(language):
            each.error(f'{language!r} is not a language such as es or en: texts with , or : need "quotes"')
        elif text := each.text():
            labels[language] = text
    if "es" not in labels:
        item.error(f"{item.name} has no Spanish text: add `es: ...`")
    return {"es": "", **labels}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or nothing where no known word comes close."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""
