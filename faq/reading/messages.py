"""Reads the texts of each language: messages.yaml, messages/*.yaml and synonyms.yaml.

Knows neither where they are used nor which of them come with the program.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Final

import yaml

from faq.model import Text
from faq.reading.files import files_below, read_yaml
from faq.reading.notes import Item, Notes, as_written

#: CLDR plural categories: a mapping with no other keys is one text in its plural forms.
PLURALS: Final = frozenset({"zero", "one", "two", "few", "many", "other"})

#: Keys of before, and what they are called now: a town's folder may go on with the old ones.
_RENAMED: Final = {"web.language_name": "language.own_name"}

_DEPTH: Final = 8


@dataclass(slots=True)
class Messages:
    """The texts of one language, and where each one stands."""

    texts: dict[str, Text] = field(default_factory=dict)
    places: dict[str, Item] = field(default_factory=dict)
    #: False where a file could not be read: what is missing then may be in it.
    is_whole: bool = True


def read_messages(folder: Path, language: str, notes: Notes) -> Messages:
    """All texts of a language by dotted key, from messages.yaml and every file of messages/."""
    messages = Messages()
    home = folder / language
    paths = [home / "messages.yaml", *files_below(home / "messages", ".yaml")]
    paths = [path for path in paths if path.exists()]
    if not paths:
        notes.warn(f"{language}/messages.yaml", 0, "is missing: the texts that come with the program are used")
    for path in paths:
        before = len(notes.problems)
        root = read_yaml(path, folder, notes)
        if root:
            _merge(messages, "", root, _DEPTH)
        elif len(notes.problems) > before:
            messages.is_whole = False
    for old, key in _RENAMED.items():
        _rename(messages, old, key)
    return messages


def note_left_out(messages: Messages, first: Messages, notes: Notes) -> None:
    """Warn of each placeholder of the town's first language that the same text of another one leaves out."""
    for key, item in messages.places.items():
        own, wanted = placeholders(messages.texts[key]), placeholders(first.texts.get(key, ""))
        for name in sorted((wanted or frozenset()) - own) if own is not None else ():
            notes.warn(item.file, item.line, f"{key} lacks the placeholder {{{name}}} of the Spanish text")


def placeholders(text: Text) -> frozenset[str] | None:
    """The names in braces, in any of the plural forms; None where the braces are broken."""
    try:
        return frozenset(name for form in _forms(text).values() for name in _names(form))
    except ValueError:
        return None


def read_synonyms(folder: Path, language: str, notes: Notes) -> Mapping[str, tuple[str, ...]]:
    """How people say it -> how the town hall says it; empty where the language has no such file."""
    path = folder / language / "synonyms.yaml"
    root = read_yaml(path, folder, notes) if path.exists() else None
    return {said: item.texts() for said, item in root.entries()} if root else {}


def _rename(messages: Messages, old: str, key: str) -> None:
    if old in messages.texts:
        text, place = messages.texts.pop(old), messages.places.pop(old)
        messages.texts.setdefault(key, text)
        messages.places.setdefault(key, place)


def _merge(messages: Messages, prefix: str, item: Item, depth: int) -> None:
    for name, each in item.entries():
        key = f"{prefix}{name}"
        if isinstance(each.node, yaml.SequenceNode) or not depth:
            each.error(f"{key} must be a text or a group of texts")
        elif isinstance(each.node, yaml.MappingNode) and as_written(each.node) is None and not _is_plural(each):
            _merge(messages, f"{key}.", each, depth - 1)
        elif key in messages.places:
            first = messages.places[key]
            each.error(f"{key} is there twice; it was first written in {first.file}, line {first.line}")
        else:
            messages.texts[key] = _text(key, each)
            messages.places[key] = each


def _is_plural(item: Item) -> bool:
    if not isinstance(item.node, yaml.MappingNode) or not item.node.value:
        return False
    return all(as_written(key) in PLURALS and as_written(value) is not None for key, value in item.node.value)


def _text(key: str, item: Item) -> Text:
    if not _is_plural(item):
        text = item.text()
        _check_braces(key, text, item)
        return text
    forms = {category: each.text() for category, each in item.entries()}
    if "other" not in forms:
        item.error(f"{key} has plural forms but no `other`: add it")
    for form in forms.values():
        _check_braces(key, form, item)
    return {"other": "", **forms}


def _check_braces(key: str, text: str, item: Item) -> None:
    try:
        names = list(_names(text))
    except ValueError:
        item.error(f"{key} has a brace without its partner: write {{name}}, or {{{{ for a brace that is to be seen")
        return
    for name in names:
        if not name.isidentifier():
            item.error(f"{key} has {{{name}}}: a placeholder is one name, such as {{folio}}")


def _names(text: str) -> Iterator[str]:
    for _, name, spec, _ in Formatter().parse(text):
        if name is not None:
            yield name
            yield from _names(spec or "")


def _forms(text: Text) -> Mapping[str, str]:
    return {"other": text} if isinstance(text, str) else text
