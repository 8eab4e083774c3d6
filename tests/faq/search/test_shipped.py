"""What the answer engine ships fits what it reads."""

import numpy as np
import pytest

from faq.lexicon import needs
from faq.reading.articles import load_articles
from faq.search.decide import shipped
from faq.search.engine import AnswerEngine, Verdict
from faq.search.needs import gather
from faq.search.semantic import digest, load, shipped_vectors
from tests.tools.fit_search import _HOME


def test_every_text_of_the_needs_has_its_vector():
    """After a change of the needs, `python -m tests.tools.fit_search` writes the vectors anew."""
    known = shipped_vectors()

    assert [text for text in gather(needs()).texts if digest(text) not in known] == []


def test_shipped_vectors_are_those_of_the_model():
    texts = gather(needs()).texts[::400]
    known = shipped_vectors()

    fresh = load("auto").embed(texts)

    alike = [float(row @ known[digest(text)]) for text, row in zip(texts, fresh, strict=True)]
    assert min(alike) > 0.995


@pytest.mark.parametrize("kind", ["semantic", "words"])
def test_the_shipped_weights_are_whole(kind):
    weights = shipped(kind)

    assert 0 < weights.offer_from < weights.answer_from < 1
    assert np.isfinite([*weights.articles, *weights.none]).all()


def test_no_wording_of_a_need_stands_twice():
    wordings = [wording for need in needs() for wording in need.wordings]

    assert len(wordings) > 2000
    assert len(set(wordings)) == len(wordings)


@pytest.mark.parametrize("model", ["auto", "none"])
def test_the_sample_town_s_articles_are_found_by_their_own_wordings(model):
    """An article that its own example questions do not find is lost to residents."""
    articles, _ = load_articles(_HOME / "content")
    town = list(articles["es"].values())
    engine = AnswerEngine(town, model=model)
    asked = [(article.id, question) for article in town for question in article.questions]

    found = [(right, engine.ask(question)) for right, question in asked]

    assert sum(right == finding.matches[0].article for right, finding in found) >= 0.98 * len(found)
    assert sum(finding.outcome is Verdict.UNKNOWN for _, finding in found) <= 0.02 * len(found)
