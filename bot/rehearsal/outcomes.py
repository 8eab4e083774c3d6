"""Owns what each thing that is said or stored comes to: the tables of outcomes.yaml, one line for each key."""

from collections.abc import Mapping
from importlib import resources
from typing import Final

import yaml

_TABLES: Final = yaml.safe_load(resources.files(__package__).joinpath("outcomes.yaml").read_text(encoding="utf-8"))

#: What a reply comes to, by its key.
SAID: Final[Mapping[str, str]] = _TABLES["said"]
#: The work that an official's words are read as, by the key of the reply that reads them so.
ACTIONS: Final[Mapping[str, str]] = _TABLES["actions"]
#: The same, by the flow of the official that is open, and by what it was answered.
OF_FLOW: Final[Mapping[str, str]] = _TABLES["of_flow"]
OF_ANSWER: Final[Mapping[str, str]] = _TABLES["of_answer"]
#: What a line of a ticket's history comes to where its author wrote it.
OF_AUTHOR: Final[Mapping[str, str]] = _TABLES["of_author"]
#: The work that a line of history is, where an official wrote it.
OF_OFFICIAL: Final[Mapping[str, str]] = _TABLES["of_official"]

#: Danger that is told in one word covers all that threatens bodies and houses.
DANGERS: Final[Mapping[str, frozenset[str]]] = {
    "danger": frozenset({"danger", "fire", "accident", "medical", "gas", "electric"}),
}

#: The forms of residents: opened where nobody wanted one, they are told apart.
FORMS: Final = frozenset({"report", "request", "complaint"})

#: Flows whose words go nowhere from where they stand: a search is no place to keep what somebody said.
KEEPS_NOTHING: Final = frozenset({"ask", "menu", "not_useful"})

#: Given as an answer, this article is the way to a person.
PERSON_ARTICLE: Final = "hablar-persona"


def found(table: Mapping[str, str], key: str) -> str | None:
    """The line of a table for a key, the most exact one; None where there is none."""
    if key in table:
        return table[key]
    best = max((name for name in table if "*" in name and _fits(name, key)), key=len, default=None)
    return None if best is None else table[best].replace("{}", key[best.index("*") :])


def _fits(name: str, key: str) -> bool:
    head, _, tail = name.partition("*")
    return key.startswith(head) and key.endswith(tail) and len(key) >= len(head) + len(tail)
