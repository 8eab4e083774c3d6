"""Writes articles: front matter and answer, changing no line that need not change. Knows nothing of where they lie."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import yaml

from faq.text import fold

#: What a key of the front matter may hold; nothing takes the key out.
Value = str | date | Sequence[str] | None

_FENCE: Final = "---"
_LONGEST_SLUG: Final = 40


def slug(title: str, taken: Sequence[str] = ()) -> str:
    """An id for a title, such as acta-de-nacimiento, that is not taken yet."""
    cut = "-".join(fold(title).encode("ascii", "ignore").decode().split())[:_LONGEST_SLUG].strip("-") or "articulo"
    numbers = (f"{cut}-{n}" for n in range(2, len(taken) + 3))
    return cut if cut not in taken else next(each for each in numbers if each not in taken)


def article_text(values: Mapping[str, Value], body: str) -> str:
    """The text of a new article."""
    front = "".join(_lines(key, value) for key, value in values.items())
    return f"{_FENCE}\n{front}{_FENCE}\n{body.strip()}\n"


def with_value(text: str, key: str, value: Value) -> str:
    """The text with another value under one key of its front matter; comments and all other lines stay.

    `text` is an article that could be read.
    """
    front, body = _split(text)
    lines = front.splitlines(keepends=True)
    start, end = _place(front, key, len(lines))
    return f"{_FENCE}\n{''.join(lines[:start])}{_lines(key, value)}{''.join(lines[end:])}{_FENCE}\n{body}"


def with_body(text: str, body: str) -> str:
    """The text with another answer."""
    front, _ = _split(text)
    return f"{_FENCE}\n{front}{_FENCE}\n{body.strip()}\n"


def _lines(key: str, value: Value) -> str:
    """A key and its value as YAML; nothing where there is nothing to write."""
    if value is None or (not isinstance(value, date) and not value):
        return ""
    plain = value if isinstance(value, str | date) else list(value)
    written: str = yaml.safe_dump({key: plain}, allow_unicode=True, sort_keys=False, width=1_000)
    return written


def _split(text: str) -> tuple[str, str]:
    """Front matter and body, without the fences."""
    lines = text.split("\n")
    end = next(i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE)
    front = "".join(f"{line}\n" for line in lines[1:end])
    root = yaml.compose(front, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode) and root.flow_style:
        # Written in braces: there is no line for each key.
        front = yaml.safe_dump(yaml.load(front, yaml.BaseLoader), allow_unicode=True, sort_keys=False)  # noqa: S506
    return front, "\n".join(lines[end + 1 :])


def _place(front: str, key: str, count: int) -> tuple[int, int]:
    """The lines that hold a key and its value; an empty span at the end where it is not there."""
    root = yaml.compose(front, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    starts = [key_node.start_mark.line for key_node, _ in pairs]
    for number, (key_node, value_node) in enumerate(pairs):
        if key_node.value == key:
            after = starts[number + 1] if number + 1 < len(starts) else count
            return starts[number], min(after, max(starts[number] + 1, _end(value_node)))
    return count, count


def _end(node: yaml.Node) -> int:
    """The first line after a value: comments below it belong to what follows."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return node.end_mark.line + (1 if node.end_mark.column else 0)
