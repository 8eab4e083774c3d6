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
        kernel = _kernel(likeness) + _SMOOTHING * np.eye(len(likeness), dtype=np.float32)
        inverse = np.linalg.inv(kernel)
        self._weights = np.ascontiguousarray(inverse @ classes, dtype=np.float32)
        self._inverse_diagonal = np.diag(inverse).astype(np.float32)
        self._classes = classes

    def scores(self, likeness: Rows) -> Rows:
        """The score of each class (columns) for each question (rows) by its likeness to every wording."""
        return np.asarray(_kernel(likeness) @ self._weights, dtype=np.float32)

    def left_out(self) -> Rows:
        """The scores of each wording had it not been among those learnt from."""
        return np.asarray(self._classes - self._weights / self._inverse_diagonal[:, None], dtype=np.float32)


def _kernel(likeness: Rows) -> Rows:
    """Nothing in common is nearly 0, the same text is nearly 1."""
    nothing = np.float32(np.exp(-_STEEPNESS))
    return np.asarray(np.exp(_STEEPNESS * (likeness - 1)) - nothing + _COMMON, dtype=np.float32)
