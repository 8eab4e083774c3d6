"""Fits the weights of `search_decide` on tuning questions, and chooses from what probability to answer.

Knows nothing of how evidence is gathered. Needed when measuring and before a release, not when serving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from faq.search.decide import Weights, probabilities
from faq.search.evidence import ARTICLE_EVIDENCE, NONE_EVIDENCE, Evidence

Numbers = NDArray[np.float64]
#: Scores and likenesses live in 0..1 as flags and shares do, but they differ by tenths where it matters.
_SCALE = 5.0
_SCALED_NONE = len(NONE_EVIDENCE) - 3
#: Every weight is a small leap of faith; this keeps them near 0 unless the questions insist.
_MODESTY = 0.5
_STEPS, _LONGEST_STEP = 25, 3.0
#: What the threshold must keep on the tuning questions.
_WRONG_AT_MOST, _OUTSIDE_AT_MOST = 0.03, 0.05
#: Asking for more certainty than this would leave most of what is known unanswered.
_SUREST = 0.85
_OFFER_FROM = 0.15


@dataclass(frozen=True, slots=True)
class Sample:
    """A tuning question as the engine read it."""

    evidence: Evidence
    #: The place of the right article, None where no article answers.
    right: int | None


def fit(samples: Sequence[Sample], also: Sequence[Sample] = (), *, seed: int = 0) -> Weights:
    """Weights under which the samples are likely, with thresholds chosen on samples they were not fitted on.

    also: samples to fit on whose mistakes do not count for the thresholds, such as made-up towns.
    """
    weights = fit_weights([*samples, *also])
    folds = np.random.default_rng(seed).permutation(len(samples)) % 5
    chances: list[tuple[Sample, Numbers]] = []
    for fold in range(5):
        kept = fit_weights([*also, *(sample for sample, own in zip(samples, folds, strict=True) if own != fold)])
        chances += [(s, probabilities(s.evidence, kept)) for s, own in zip(samples, folds, strict=True) if own == fold]
    return replace(weights, answer_from=_threshold(chances))


def fit_weights(samples: Sequence[Sample]) -> Weights:
    """The maximum of the samples' likelihood under modest weights, by Newton's steps; samples may be of many towns."""
    groups = [_Group.of(samples, size) for size in sorted({len(sample.evidence.articles) for sample in samples})]
    split = len(ARTICLE_EVIDENCE)
    place = np.zeros(split + len(NONE_EVIDENCE) + 1)
    for _ in range(_STEPS):
        slope, bend = _MODESTY * place, _MODESTY * np.eye(len(place))
        for group in groups:
            more_slope, more_bend = group.slope_and_bend(place)
            slope, bend = slope + more_slope, bend + more_bend
        step = np.linalg.solve(bend, slope)
        # Far from the maximum a whole step may overshoot.
        place = place - step * min(1.0, _LONGEST_STEP / float(np.abs(step).max()))
    scaled = place * np.concatenate([np.full(split, _SCALE), _none_scale()])
    return Weights(tuple(map(float, scaled[:split])), tuple(map(float, scaled[split:])), 0.75, _OFFER_FROM)


@dataclass(frozen=True, slots=True)
class _Group:
    """Samples with the same number of articles, as arrays."""

    articles: Numbers
    none: Numbers
    right: Numbers

    @classmethod
    def of(cls, samples: Sequence[Sample], size: int) -> "_Group":
        chosen = [sample for sample in samples if len(sample.evidence.articles) == size]
        right = np.zeros((len(chosen), size + 1))
        for row, sample in enumerate(chosen):
            right[row, size if sample.right is None else sample.right] = 1
        articles = np.stack([sample.evidence.articles for sample in chosen]) * _SCALE
        none = np.stack([np.append(sample.evidence.none, 1) for sample in chosen]) * _none_scale()
        return cls(articles, none, right)

    def slope_and_bend(self, place: Numbers) -> tuple[Numbers, Numbers]:
        """The first and second derivatives of minus the logarithm of the likelihood."""
        count, _, split = self.articles.shape
        say = np.concatenate([self.articles @ place[:split], (self.none @ place[split:])[:, None]], axis=1)
        raised = np.exp(say - say.max(axis=1, keepdims=True))
        chances = raised / raised.sum(axis=1, keepdims=True)
        error = chances - self.right
        slope = np.concatenate([np.einsum("na,nak->k", error[:, :-1], self.articles), error[:, -1] @ self.none])
        # What the evidence is on average under the chances, and how it spreads around that.
        mean = np.zeros((count, len(place)))
        mean[:, :split] = np.einsum("na,nak->nk", chances[:, :-1], self.articles)
        mean[:, split:] = chances[:, -1:] * self.none
        spread = np.zeros((len(place), len(place)))
        weighted = (self.articles * chances[:, :-1, None]).reshape(-1, split)
        spread[:split, :split] = weighted.T @ self.articles.reshape(-1, split)
        spread[split:, split:] = (self.none * chances[:, -1:]).T @ self.none
        return slope, spread - mean.T @ mean


def _none_scale() -> Numbers:
    return np.append(np.where(np.arange(len(NONE_EVIDENCE)) < _SCALED_NONE, _SCALE, 1.0), 1.0)


def _threshold(chances: Sequence[tuple[Sample, Numbers]]) -> float:
    """The least probability to answer from that keeps both promises; from 0.5 to `_SUREST`."""
    for tried in np.arange(0.5, _SUREST, 0.01):
        direct = [(sample, found) for sample, found in chances if found[:-1].max() >= tried]
        wrong = sum(sample.right is not None and int(found[:-1].argmax()) != sample.right for sample, found in direct)
        outside = sum(sample.right is None for sample, _ in direct)
        inside = sum(sample.right is not None for sample, _ in chances)
        if wrong <= _WRONG_AT_MOST * inside and outside <= _OUTSIDE_AT_MOST * max(1, len(chances) - inside):
            return round(float(tried), 2)
    return _SUREST
