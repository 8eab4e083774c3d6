"""What plain matchers make of the same questions: the yardsticks beside which the engine is measured.

Knows nothing of outcomes: a yardstick only ranks.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from rapidfuzz import fuzz, process

from faq.model import Article
from faq.search.semantic import load
from faq.search.words import Rows, by_owner, owner_of
from faq.text import fold, stems, tokens

#: Ranks articles: the score of each, in order, for a question.
Ranker = Callable[[str], Rows]


def yardsticks(articles: Sequence[Article], *, model: str = "auto") -> Mapping[str, Ranker]:
    """By name: rapidfuzz alone, BM25 alone, and the semantic model alone where there is one."""
    wordings = [tuple(dict.fromkeys((article.title, *article.questions))) for article in articles]
    owners = owner_of(wordings)
    texts = [text for own in wordings for text in own]

    def best(scores: Rows) -> Rows:
        return np.asarray(by_owner(scores[None], owners, len(articles))[0])

    found: dict[str, Ranker] = {
        "rapidfuzz WRatio": lambda question: best(_fuzzy(question, texts, fuzz.WRatio)),
        "rapidfuzz token_set": lambda question: best(_fuzzy(question, texts, fuzz.token_set_ratio)),
        "BM25 stems": _bm25([" ".join((*own, a.body)) for own, a in zip(wordings, articles, strict=True)]),
    }
    semantic = load(model)
    if semantic is not None:
        vectors = semantic.keep(texts)
        found["semantic model"] = lambda question: best(vectors @ semantic.embed([question])[0])
    return found


def _fuzzy(question: str, texts: Sequence[str], scorer: Callable[..., float]) -> Rows:
    return np.asarray(process.cdist([question], texts, scorer=scorer, processor=fold)[0], dtype=np.float32)


def _bm25(documents: Sequence[str]) -> Ranker:
    """Okapi BM25 with Spanish stems, a document for each article; k1 1.5, b 0.75."""
    counted = [Counter(stems(tokens(document))) for document in documents]
    lengths = np.array([counts.total() for counts in counted], dtype=np.float32)
    weight = 1.5 * (0.25 + 0.75 * lengths / max(1.0, float(lengths.mean())))
    found = Counter(token for counts in counted for token in counts)
    rarity = {token: math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for token, n in found.items()}

    def rank(question: str) -> Rows:
        scores = np.zeros(len(documents), dtype=np.float32)
        for token in stems(tokens(question)):
            if token in rarity:
                uses = np.array([counts[token] for counts in counted], dtype=np.float32)
                scores += rarity[token] * uses * 2.5 / (uses + weight)
        return scores

    return rank
