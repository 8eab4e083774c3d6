"""The base lexicon: how people say it, to the words of the town hall. Read once; the towns add their own synonyms.

Knows nothing of articles or of search.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

import yaml


@lru_cache(maxsize=8)
def base(language: str = "es") -> Mapping[str, tuple[str, ...]]:
    """What people say, to what the town hall says; empty where there is no lexicon for the language."""
    source = resources.files(__name__) / f"{language}.yaml"
    if not source.is_file():
        return MappingProxyType({})
    topics = yaml.safe_load(source.read_text(encoding="utf-8")) or {}
    found: dict[str, tuple[str, ...]] = {}
    for phrases in topics.values():
        for said, meant in (phrases or {}).items():
            targets = tuple(str(word) for word in (meant if isinstance(meant, list) else [meant]))
            found[str(said)] = found.get(str(said), ()) + targets
    return MappingProxyType(found)
