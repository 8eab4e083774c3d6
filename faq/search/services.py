"""Which public service a resident's words are about, and which offered label an answer means.

Knows nothing of articles or conversations.
"""

import re
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

from faq.model import Service
from faq.search.spelling import Vocabulary
from faq.text import GREETING, STOP_WORDS, fold, gist, stem, words

#: Too common to tell one service from another; "no" and "hay" are not among them, "no hay agua" needs them.
_SMALL = (STOP_WORDS - {"no", "hay", "sin", "nada", "mucho", "mucha"}) | {"calle", "colonia", "avenida"}

#: Somebody who says one of these is after a procedure or a price, not reporting a failure.
_ERRAND = re.compile(
    r"\b(?:pag(?:ar|o|ue|a)|cuest[ao]n?|cuanto|requisitos?|tramit\w*|permiso|licencia|contrat\w+|inscrib\w+|descuento|"
    r"horarios?|a que hora|pay|cost|how much|permit)\b"
)
_LEAST = 0.42
#: Characters; longer words are no label, and comparing them takes time for each label.
_ANSWER_AT_MOST = 300


class ServiceFinder:
    """Free words to service codes: "hay un bache en la calle Hidalgo" is VIA-BACHE."""

    def __init__(self, services: Sequence[Service]) -> None:
        self._codes = [service.code for service in services]
        said = [[_matter(text) for text in (*service.people_say, *service.name.values())] for service in services]
        self._vocabulary = Vocabulary([[word for phrase in phrases for word in phrase] for phrases in said])
        self._names = list(self._vocabulary.places)
        #: For each service, its phrases: how much each word counts.
        self._phrases = [[self._weighed(phrase) for phrase in phrases if phrase] for phrases in said]
        #: The rarity that one word must have to tell a service by itself.
        self._telling = float(np.median(self._vocabulary.rarity)) * 0.9
        self._errands = [bool(_ERRAND.search(fold(" ".join(service.people_say)))) for service in services]

    def find(self, text: str, limit: int = 3) -> tuple[tuple[str, float], ...]:
        """Up to `limit` service codes with how likely each is meant (0..1), best first; only plausible ones."""
        text = gist(text)
        heard = self._hear(GREETING.sub("", " ".join(words(text))))
        is_errand = bool(_ERRAND.search(fold(text)))
        scored = [
            (code, max((self._likeness(heard, phrase) for phrase in phrases), default=0.0))
            for code, phrases, has_errands in zip(self._codes, self._phrases, self._errands, strict=True)
            if has_errands or not is_errand
        ]
        plausible = sorted((pair for pair in scored if pair[1] >= _LEAST), key=lambda pair: -pair[1])
        best = plausible[0][1] if plausible else 0.0
        return tuple((code, round(score, 4)) for code, score in plausible[:limit] if score >= 0.6 * best)

    def _hear(self, said: str) -> dict[str, float]:
        heard: dict[str, float] = {}
        for word in said.split():
            found = self._vocabulary.read(word) if word not in _SMALL else None
            if found is not None:
                name = self._names[found[0]]
                heard[name] = max(heard.get(name, 0.0), found[1])
        return heard

    def _weighed(self, phrase: Sequence[str]) -> dict[str, float]:
        places = self._vocabulary.places
        return {name: float(self._vocabulary.rarity[places[name]]) for name in frozenset(map(stem, phrase))}

    def _likeness(self, heard: dict[str, float], weights: dict[str, float]) -> float:
        covered = sum(weight * heard[name] for name, weight in weights.items() if name in heard)
        if not covered:
            return 0.0
        strength = min(1.0, covered / self._telling)
        return covered / sum(weights.values()) * strength


def _matter(text: str) -> list[str]:
    return [word for word in words(text) if word not in _SMALL]


def closest(text: str, labels: Sequence[str]) -> int | None:
    """The index of the label that a typed answer means; None if it is like none, or as like one as another."""
    said = fold(text[:_ANSWER_AT_MOST])
    if not said or len(text) > _ANSWER_AT_MOST:
        return None
    folded = [fold(label) for label in labels]
    if folded.count(said) == 1:
        return folded.index(said)
    scores = sorted(((_label_likeness(said, label), i) for i, label in enumerate(folded)), reverse=True)
    if not scores or scores[0][0] < 78 or (len(scores) > 1 and scores[0][0] - scores[1][0] < 8):
        return None
    return scores[0][1]


def _label_likeness(said: str, label: str) -> float:
    whole = fuzz.ratio(said, label)
    tokens_said = [word for word in said.split() if word not in _SMALL]
    if not tokens_said or not label:
        return whole
    named = label.split()
    hits = [max((fuzz.ratio(word, name) for name in named), default=0.0) for word in tokens_said if len(word) > 2]
    if not hits or min(hits) < 80:
        return whole
    return max(whole, 0.92 * sum(hits) / len(hits) + 8 * len(hits) / max(len(named), len(hits)))
