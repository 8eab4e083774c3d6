"""Kernel ridge regression: from how alike a question and known wordings are, to how much it asks for each class.

Knows nothing of texts, articles or outcomes: it is given likenesses, 0..1, and answers with numbers near 0..1.
"""

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
#: How fast a wording's say falls with unlikeness.
_STEEPNESS = 2.0
#: What a question like nothing known still shares with every wording; it learns how common each class is.
_COMMON = 0.05
#: Distrust of each single wording.
_SMOOTHING = 0.4


class Regression:
    """Learns classes from wordings once; then every question is one product of a row and a matrix."""

    def __init__(self, likeness: Rows, classes: Rows) -> None:
        """likeness: wordings by wordings. classes: wordings by classes, the share of each wording in each class."""
        kernel = _kernel(likeness)
        kernel[np.diag_indices_from(kernel)] += np.float32(_SMOOTHING)
        self._weights = np.linalg.solve(kernel, classes).astype(np.float32)

    def scores(self, likeness: Rows) -> Rows:
        """The score of each class (columns) for each question (rows) by its likeness to every wording."""
        return np.asarray(_kernel(likeness) @ self._weights, dtype=np.float32)


def _kernel(likeness: Rows) -> Rows:
    """Nothing in common is nearly 0, the same text is nearly 1."""
    kernel = likeness * np.float32(_STEEPNESS)
    kernel -= np.float32(_STEEPNESS)
    np.exp(kernel, out=kernel)
    kernel += np.float32(_COMMON - np.exp(-_STEEPNESS))
    return kernel
