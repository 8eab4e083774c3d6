"""Fits the weights of `faq.search.meanings` on texts whose meaning is known.

Knows nothing of how evidence is gathered. Needed when measuring and before a release, not when serving.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from faq.search.meanings import chances

Numbers = NDArray[np.float64]
#: Every weight is a small leap of faith; this keeps them near 0 unless the texts insist.
_MODESTY = 0.3
_STEPS, _LONGEST_STEP = 60, 2.0
_ENOUGH = 1e-4


@dataclass(frozen=True, slots=True)
class Told:
    """A text with what it means."""

    #: A row for each candidate and one for none, a column for each feature.
    features: Numbers
    #: The rows that are right, any of them.
    right: tuple[int, ...]
    #: How much it counts.
    weight: float = 1.0


def fit_meanings(told: Sequence[Told]) -> Numbers:
    """The most likely modest weights under which one of the right rows is chosen, by guarded Newton steps."""
    place = np.zeros(told[0].features.shape[1])
    for _ in range(_STEPS):
        slope, bend = _MODESTY * place, _MODESTY * np.eye(len(place))
        for each in told:
            found = chances(each.features, place)
            right = np.zeros_like(found)
            right[list(each.right)] = found[list(each.right)]
            right /= max(float(right.sum()), 1e-12)
            mean = found @ each.features
            slope += each.weight * (mean - right @ each.features)
            # Of the chances alone: it bends at least as much as what is minimised, so that no step goes too far.
            spread = (each.features * found[:, None]).T @ each.features - np.outer(mean, mean)
            bend += each.weight * spread
        step = np.linalg.solve(bend, slope)
        place = place - step * min(1.0, _LONGEST_STEP / float(np.abs(step).max()))
        if np.abs(step).max() < _ENOUGH:
            break
    return place
