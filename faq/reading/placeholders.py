"""Facts that the town has still to fill in, written as `{telefono}`. Knows nothing of the placeholders of messages."""

import re
from collections.abc import Iterator
from typing import Final

import yaml

from faq.reading.notes import Item, Notes, as_written

_PLACEHOLDER: Final = re.compile(r"\{[^{}\n]+\}")
_DEPTH: Final = 8


def note_placeholders(item: Item) -> None:
    """Warn of each one in the values of a YAML file; comments may name them."""
    for line, text in _written(item.node, _DEPTH):
        note_placeholders_in(text, item.file, line + item.offset, item.notes)


def note_placeholders_in(text: str, file: str, first_line: int, notes: Notes) -> None:
    """Warn of each one in a text that begins on a line, once a line."""
    for line, words in enumerate(text.split("\n"), first_line):
        for placeholder in dict.fromkeys(_PLACEHOLDER.findall(words)):
            notes.warn(file, line, f"{placeholder} is still to be filled in by the town")


def _written(node: yaml.Node, depth: int) -> Iterator[tuple[int, str]]:
    text = as_written(node)
    if text is not None:
        yield node.start_mark.line + 1, text
    elif depth:
        for child in _children(node):
            yield from _written(child, depth - 1)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []
