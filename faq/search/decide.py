"""From evidence to a probability for each article, and from probabilities to an outcome.

Knows nothing of texts. The weights were fitted on tuning questions by `faq.fitting` and are shipped beside this module.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from faq.search.evidence import ARTICLE_EVIDENCE, NONE_EVIDENCE, Evidence

Numbers = NDArray[np.float64]
#: Ids that something speaks for besides the text, and what is added to the logit of each.
Favoured = tuple[tuple[str, float], ...]


class Verdict(StrEnum):
    """What the counter does with a question."""

    ANSWER = "answer"
    #: Up to three articles to choose from.
    OFFER = "offer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each piece of evidence counts, and how sure is sure enough."""

    #: By ARTICLE_EVIDENCE.
    articles: tuple[float, ...]
    #: By NONE_EVIDENCE, and the constant at the end.
    none: tuple[float, ...]
    #: The probability from which the best article is given as the answer.
    answer_from: float
    #: The probability from which articles are offered.
    offer_from: float


@lru_cache(maxsize=2)
def shipped(kind: str) -> Weights:
    """The fitted weights for "semantic" or "words"."""
    stored = json.loads((resources.files("faq") / "search_weights.json").read_text(encoding="utf-8"))[kind]
    return Weights(
        articles=tuple(stored["articles"][name] for name in ARTICLE_EVIDENCE),
        none=tuple(stored["none"][name] for name in (*NONE_EVIDENCE, "constant")),
        answer_from=stored["answer_from"],
        offer_from=stored["offer_from"],
    )


def probabilities(evidence: Evidence, weights: Weights) -> Numbers:
    """The probability of each article, in order, and of none at the end; they sum to 1."""
    say = np.append(
        evidence.articles @ np.array(weights.articles), np.append(evidence.none, 1) @ np.array(weights.none)
    )
    raised = np.exp(say - say.max())
    return np.asarray(raised / raised.sum())


def favour(chances: Numbers, ids: Sequence[str], favoured: Favoured) -> Numbers:
    """The chances after something was added to the logits of some ids; those after the last id stay as they compare."""
    if not favoured:
        return chances
    added = dict(favoured)
    raised = chances * np.exp([added.get(each, 0.0) for each in ids] + [0.0] * (len(chances) - len(ids)))
    return np.asarray(raised / raised.sum())


def decide(chances: Numbers, weights: Weights) -> Verdict:
    """The outcome for probabilities as `probabilities` gives them."""
    best = float(chances[:-1].max(initial=0))
    if best >= weights.answer_from:
        return Verdict.ANSWER
    return Verdict.OFFER if best >= weights.offer_from else Verdict.UNKNOWN
