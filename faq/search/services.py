"""Which offered label an answer means.

Knows nothing of articles or conversations.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from faq.text import STOP_WORDS, fold

#: Too common to tell one service from another; "no" and "hay" are not among them, "no hay agua" needs them.
_SMALL = (STOP_WORDS - {"no", "hay", "sin", "nada", "mucho", "mucha"}) | {"calle", "colonia", "avenida"}

#: Characters; longer words are no label, and comparing them takes time for each label.
_ANSWER_AT_MOST = 300


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
