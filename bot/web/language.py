"""Owns which of the town's languages a browser asks for. Knows no text."""

from collections.abc import Sequence


def preferred(accept_language: str, languages: Sequence[str]) -> str:
    """The offered language that the header likes best; the first offered where it likes none.

    accept_language: such as "en-US,en;q=0.9,es;q=0.8". What cannot be read is passed over.
    """
    wishes = [wish for wish in map(_wish, accept_language.split(",")) if wish is not None]
    for _, code in sorted(wishes, key=lambda wish: -wish[0]):
        if code in languages:
            return code
    return languages[0]


def _wish(part: str) -> tuple[float, str] | None:
    """How much, and which language."""
    tag, _, parameter = part.strip().partition(";")
    code = tag.strip().split("-")[0].lower()
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        return None
    return (weight, code) if code and weight > 0 else None
