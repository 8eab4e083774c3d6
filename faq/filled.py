"""What the town has still to fill in, `{telefono}`, cut out of what residents read: no brace ever reaches them.

Knows texts only, and neither articles nor who is told where to ask instead.
"""

import re
from dataclasses import dataclass
from typing import Final

_GAP: Final = r"\{[^{}\n]{0,80}\}"
_BESIDE: Final = re.compile(rf" ?\([^(){{}}\n]{{0,200}}{_GAP}[^(){{}}\n]{{0,200}}\)|, {_GAP}(?=[,.;]|$)")
_CLAUSE_END: Final = re.compile(r"(?<=;) ")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) ")
_AFTER_COLON: Final = re.compile(rf": ?{_GAP}.*")
_SHORT_FORM: Final = re.compile(
    r"(?:^|[ (])(?:arts?|av|col|n[uú]m|no|lic|dra?|sra?|tel|ext|p|inc|fracc|\d{1,3})\.$", re.IGNORECASE
)
_ENDING: Final = 8
_MARK: Final = re.compile(r"^(?:[-*•] |\d{1,2}[.)] )")

#: A clause stands without what was to follow its colon from this many words on.
_STANDS_FROM: Final = 6
_LEFT_HANGING: Final = frozenset(
    ("es", "son", "está", "están", "cercano", "cercana", "vigente", "vigentes", "aquí", "hay", "línea")
) | {"próxima", "próximo", "is", "are", "here", "at", "nearest"}
_NOUN_FIRST: Final = frozenset(("el", "la", "los", "las", "lo", "the", "what"))


@dataclass(frozen=True, slots=True)
class Filled:
    """A text without its gaps."""

    text: str
    #: Whether anything was cut out.
    is_cut: bool


def is_filled(text: str) -> bool:
    """Whether a text has no gap, nor a brace that somebody lost."""
    return "{" not in text and "}" not in text


def filled(text: str | None) -> str | None:
    """A value, or None where it is not all known: half a cost misleads."""
    return text if text and is_filled(text) else None


def cut(text: str) -> Filled:
    """A text of lines and sentences without those that lack their fact; what stands by itself of them stays.

    "Ve a Tránsito, {domicilio}, con tu papel." -> "Ve a Tránsito, con tu papel."; "Las rutas son: {tabla}." -> "".
    """
    if is_filled(text):
        return Filled(text, is_cut=False)
    lines = (_line(line) for line in text.split("\n"))
    kept = "\n".join(line for line in lines if line is not None)
    return Filled(re.sub(r"\n{3,}", "\n\n", kept).strip(), is_cut=True)


def _line(line: str) -> str | None:
    """A line without its gaps; None where nothing of it is left."""
    if is_filled(line):
        return line
    mark = _MARK.match(line)
    begins, rest = (mark[0], line[mark.end() :]) if mark else ("", line)
    said = [each for sentence in _sentences(rest) if (each := _sentence(sentence))]
    return begins + " ".join(said) if said else None


def _sentences(line: str) -> list[str]:
    found: list[str] = []
    for piece in _SENTENCE_END.split(line):
        if found and _SHORT_FORM.search(found[-1][-_ENDING:]):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return found


def _sentence(sentence: str) -> str:
    """A sentence without its gaps; empty where it does not stand without them."""
    said = _BESIDE.sub("", sentence)
    if is_filled(said):
        return said
    kept: list[str] = []
    for clause in _CLAUSE_END.split(said):
        if is_filled(clause):
            kept.append(clause)
        elif (before := _AFTER_COLON.sub("", clause)) != clause and is_filled(before) and _stands(before):
            kept.append(before)
    whole = " ".join(kept).rstrip(" ;,:")
    if not whole or not kept[0] or not said.startswith(kept[0][:20]):
        return ""  # what is left would begin in the middle
    if whole.count("**") % 2:
        whole = whole.replace("**", "")
    return whole if whole[-1] in ".!?" else f"{whole}."


def _stands(clause: str) -> bool:
    words = clause.lower().replace("*", "").split()
    if len(words) < _STANDS_FROM or words[-1] in _LEFT_HANGING:
        return False
    return words[0] not in _NOUN_FIRST or "se" in words
