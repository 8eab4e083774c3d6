"""Owns the texts that come with the program, and how they stand in where a town's folder has none.

Knows neither who asks for a text nor how it is filled.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from faq.model import Text
from faq.reading.messages import Messages, placeholders, read_messages
from faq.reading.notes import Notes

#: Package data: the sample town, whose texts are those of the program.
HOME: Final = Path(__file__).parents[1] / "content"
#: What is said where no other language has a text.
LAST_RESORT: Final = "es"
#: Filled into every text.
_EVERYWHERE: Final = frozenset({"city"})
#: What a language says of itself: another one's is never taken for it.
_OF_ITSELF: Final = ("format.", "language.own_name")

Texts = Mapping[str, Text]


@cache
def shipped_texts() -> Mapping[str, Texts]:
    """The texts that come with the program, by language; read once. What cannot be read of them is left out."""
    languages = sorted(path.parent.name for path in HOME.glob("*/messages"))
    return {language: read_messages(HOME, language, Notes()).texts for language in languages}


def stand_ins(languages: Sequence[str]) -> dict[str, Texts]:
    """What comes with the program for each of a town's languages: its own, or the town's first, or Spanish."""
    shipped = shipped_texts()
    common = {**shipped.get(LAST_RESORT, {}), **shipped.get(languages[0], {})}
    return {language: {**_of_any(common), **shipped.get(language, {})} for language in languages}


def whole(own: Mapping[str, Texts], languages: Sequence[str]) -> dict[str, Texts]:
    """Every text in every language of a town, whatever its folder lacks.

    Looked for in this order: the town's own, the program's in this language, the town's in its first language, the
    program's in that one, the program's in Spanish.
    """
    shipped = shipped_texts()
    first = {**stand_ins(languages)[languages[0]], **own.get(languages[0], {})}
    return {
        language: {**_of_any(first), **shipped.get(language, {}), **own.get(language, {})} for language in languages
    }


def note_unfilled(messages: Messages, notes: Notes) -> None:
    """Warn of each placeholder that the program's texts of the same key do not have in any language."""
    for key, item in messages.places.items():
        known = _known_placeholders(key)
        for name in sorted((placeholders(messages.texts[key]) or frozenset()) - known) if known else ():
            message = (
                f"{key} has the placeholder {{{name}}}, which nobody fills: the program's own text is used instead"
            )
            notes.warn(item.file, item.line, message)


def _known_placeholders(key: str) -> frozenset[str]:
    """Empty for a key that does not come with the program."""
    texts = [texts[key] for texts in shipped_texts().values() if key in texts]
    return frozenset().union(*(placeholders(text) or () for text in texts), _EVERYWHERE) if texts else frozenset()


def _of_any(texts: Texts) -> Texts:
    return {key: text for key, text in texts.items() if not key.startswith(_OF_ITSELF)}
