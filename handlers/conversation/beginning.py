"""A conversation to begin, as a value: which flow, and what was said for it already. Begins none."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.ports import Json


@dataclass(frozen=True, slots=True)
class Do:
    """A conversation to begin: the flow, words its questions read as if typed, and answers in their stored form."""

    flow: str
    said: Mapping[str, str] = field(default_factory=dict, repr=False)
    answers: Mapping[str, Json] = field(default_factory=dict, repr=False)


def to_json(do: Do) -> Json:
    """As a journal keeps it."""
    return {"flow": do.flow, "said": dict(do.said), "answers": dict(do.answers)}


def from_json(held: object) -> Do | None:
    """What was kept."""
    if not isinstance(held, dict) or not isinstance(held.get("flow"), str):
        return None
    said, answers = held.get("said"), held.get("answers")
    words = {key: value for key, value in said.items() if isinstance(value, str)} if isinstance(said, dict) else {}
    return Do(held["flow"], words, answers if isinstance(answers, dict) else {})
