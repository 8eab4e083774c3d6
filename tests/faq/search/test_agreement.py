"""Articles are answered in the light of everything that a text may mean."""

import pytest

from faq.search.agreement import agreed
from faq.search.decide import Verdict
from faq.search.engine import Finding, Match
from faq.search.meanings import Matter, Meaning

FOUND = Finding(Verdict.ANSWER, (Match("deporte", 0.9), Match("robo", 0.09), Match("luz", 0.01)), 0.9)


def test_nothing_sure_changes_nothing():
    assert agreed(FOUND, (), ()) is FOUND
    assert agreed(FOUND, (Meaning(Matter.OUTSIDE, "", 0.4),), ()) is FOUND
    assert agreed(FOUND, (Meaning(Matter.COMPLAINT, "", 0.9),), ()) is FOUND
    assert agreed(FOUND, (Meaning(Matter.ARTICLE, "deporte", 0.9),), ()) is FOUND


def test_nobody_s_matter_has_no_answer():
    assert agreed(FOUND, (Meaning(Matter.OUTSIDE, "", 0.6),), {"luz"}).outcome is Verdict.UNKNOWN


def test_another_office_s_matter_is_offered_where_an_article_tells_of_it():
    found = agreed(FOUND, (Meaning(Matter.OUTSIDE, "", 0.6),), {"luz", "robo"})

    assert found.outcome is Verdict.OFFER
    assert [match.article for match in found.matches] == ["robo"]
    assert agreed(FOUND, (Meaning(Matter.OUTSIDE, "", 0.6),), {"deporte"}).outcome is Verdict.ANSWER


def test_the_article_that_is_meant_is_the_answer():
    found = agreed(FOUND, (Meaning(Matter.ARTICLE, "robo", 0.7),), ())

    assert found.outcome is Verdict.ANSWER
    assert [match.article for match in found.matches] == ["robo", "deporte", "luz"]
    assert found.score == 0.7


@pytest.mark.parametrize(("of_article", "outcome", "score"), [(0.03, Verdict.OFFER, 0.12), (0.11, Verdict.ANSWER, 0.9)])
def test_an_article_is_no_answer_to_what_is_far_likelier_a_report(of_article, outcome, score):
    meanings = (Meaning(Matter.SERVICE, "ALUM", 0.88), Meaning(Matter.ARTICLE, "deporte", of_article))

    found = agreed(FOUND, meanings, ())

    assert found.outcome is outcome
    assert found.score == pytest.approx(score)
