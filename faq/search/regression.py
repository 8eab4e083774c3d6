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
#: Rows solved in one go: small enough that the general solver's work on them does not show.
_BLOCK = 128


class Regression:
    """Learns classes from wordings once; then every question is one product of a row and a matrix."""

    def __init__(self, likeness: Rows, classes: Rows) -> None:
        """likeness: wordings by wordings; it is used up. classes: the share of each wording in each class."""
        kernel = _kernel(likeness, out=likeness)
        kernel[np.diag_indices_from(kernel)] += np.float32(_SMOOTHING)
        self._weights = _solve(kernel, classes)

    def scores(self, likeness: Rows) -> Rows:
        """The score of each class (columns) for each question (rows) by its likeness to every wording."""
        return np.asarray(_kernel(likeness) @ self._weights, dtype=np.float32)


def _kernel(likeness: Rows, out: Rows | None = None) -> Rows:
    """Nothing in common is nearly 0, the same text is nearly 1."""
    kernel = np.multiply(likeness, np.float32(_STEEPNESS), out=out)
    kernel -= np.float32(_STEEPNESS)
    np.exp(kernel, out=kernel)
    kernel += np.float32(_COMMON - np.exp(-_STEEPNESS))
    return kernel


def _solve(kernel: Rows, classes: Rows) -> Rows:
    """What times the kernel gives the classes: by Cholesky, at half the work of a general solution."""
    _factor(kernel)
    found = classes.astype(np.float32)
    starts = range(0, len(kernel), _BLOCK)
    for start in starts:
        block = slice(start, start + _BLOCK)
        found[block] -= kernel[block, :start] @ found[:start]
        found[block] = np.linalg.solve(kernel[block, block], found[block])
    for start in reversed(starts):
        block, after = slice(start, start + _BLOCK), slice(start + _BLOCK, None)
        found[block] -= kernel[after, block].T @ found[after]
        found[block] = np.linalg.solve(kernel[block, block].T, found[block])
    return found


def _factor(kernel: Rows) -> None:
    """Puts the lower Cholesky factor in the kernel's own place: numpy's needs five times the memory."""
    for start in range(0, len(kernel), _BLOCK):
        block, after = slice(start, start + _BLOCK), slice(start + _BLOCK, None)
        kernel[start:, block] -= kernel[start:, :start] @ kernel[block, :start].T
        corner = np.linalg.cholesky(kernel[block, block])
        kernel[block, block] = corner
        kernel[after, block] = np.linalg.solve(corner, kernel[after, block].T).T
