"""Hears every text that is asked for while the tests run, and whatever is said with a brace still open.

Imported before anything that says a text: what it listens to is put in the place of the real thing, and does the same.
"""

from faq.model import Library, Text
from handlers import texts
from handlers.town import render

_heard: set[str] = set()
_known: set[str] = set()
_open: set[str] = set()
_text_of, _left_open = render.text_of, render._left_open


def _hearing(library: Library, key: str, language: str) -> Text:
    _heard.add(key)
    return _text_of(library, key, language)


def _noticing(key: str, text: Text) -> str:
    _open.add(key)
    return _left_open(key, text)


def listen() -> None:
    """Begin."""
    render.text_of, render._left_open = _hearing, _noticing


def undeclared() -> list[str]:
    """What was asked for since the last time, and no module declares."""
    if not _heard <= _known:
        _known.update(texts.needed())
    found = sorted(_heard - _known)
    _heard.clear()
    return found


def left_open() -> list[str]:
    """The texts that were said since the last time with a placeholder that nobody filled."""
    found = sorted(_open)
    _open.clear()
    return found
