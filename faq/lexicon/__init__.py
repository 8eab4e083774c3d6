"""What is known of Mexican town halls in general: how people say things, and what they come for. Read once.

Knows nothing of any town, of articles or of search.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, cast

import yaml


@dataclass(frozen=True, slots=True)
class Need:
    """Something people come for, whether or not a town has an article on it."""

    #: What a town hall calls it.
    names: tuple[str, ...]
    #: How people tell it.
    wordings: tuple[str, ...]
    #: No town hall's business, unless an article of the town says so.
    is_elsewhere: bool


@lru_cache(maxsize=8)
def base(language: str = "es") -> Mapping[str, tuple[str, ...]]:
    """What people say, to what the town hall says; empty where there is no lexicon for the language."""
    source = resources.files(__name__) / f"{language}.yaml"
    if not source.is_file():
        return MappingProxyType({})
    topics = _read(source.read_text(encoding="utf-8")) or {}
    found: dict[str, tuple[str, ...]] = {}
    for phrases in topics.values():
        for said, meant in (phrases or {}).items():
            targets = tuple(str(word) for word in (meant if isinstance(meant, list) else [meant]))
            found[str(said)] = found.get(str(said), ()) + targets
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def needs() -> tuple[Need, ...]:
    """Everything in the `needs` folder, in the order of the files' names."""
    found: list[Need] = []
    for source in sorted((resources.files(__name__) / "needs").iterdir(), key=lambda entry: entry.name):
        if source.name.endswith(".yaml"):
            entries = _read(source.read_text(encoding="utf-8"))
            is_elsewhere = source.name == "elsewhere.yaml"
            found += [Need(tuple(names.split("; ")), tuple(said), is_elsewhere) for names, said in entries.items()]
    return tuple(found)


@lru_cache(maxsize=16)
def speech(name: str) -> Mapping[str, Any]:
    """A file of the `speech` folder, by its name without the ending: how people say what they do with a sentence.

    Empty where there is no such file.
    """
    source = resources.files(__name__) / "speech" / f"{name}.yaml"
    return MappingProxyType((_read(source.read_text(encoding="utf-8")) if source.is_file() else None) or {})


@lru_cache(maxsize=1)
def matters() -> Mapping[str, tuple[str, ...]]:
    """How people say what is neither a service nor a question, by its kind, as matters.yaml describes them."""
    found = _read((resources.files(__name__) / "matters.yaml").read_text(encoding="utf-8"))
    return MappingProxyType({kind: tuple(said) for kind, said in found.items()})


def _read(text: str) -> dict[str, Any]:
    """Safe YAML, by libyaml where it is there: the same result, ten times sooner."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return cast("dict[str, Any]", yaml.load(text, Loader=loader))  # noqa: S506 - both loaders are the safe ones
