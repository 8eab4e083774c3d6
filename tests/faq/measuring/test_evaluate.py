"""Measuring tells the truth, and questions from a file are answered line by line."""

import json

import pytest

from faq.measuring.evaluate import BadQuestionError, Question, ask_lines, evaluate, read_questions
from faq.model import Article
from faq.search.engine import AnswerEngine
from tests.faq import handout

TOWN = [
    Article(
        "predial", "¿Dónde se paga el predial?", ("Pagar el predial", "Pago del impuesto predial"), "En Tesorería."
    ),
    Article("bache", "¿Cómo reporto un bache?", ("Hay un bache", "Reportar baches"), "Con una foto."),
    Article("basura", "¿Qué días pasa la basura?", ("Horario de la basura", "Camión de la basura"), "Los lunes."),
]
ASKED = [
    Question("donde pago el predial", "predial", "plain"),
    Question("hay un bache", "bache", "plain"),
    Question("que dia pasa el camion de la basura", "basura", "long"),
    Question("quien gano el partido", None, "outside"),
]


def words(articles):
    return AnswerEngine(articles, model="none")


def test_each_line_gets_one_line_in_the_promised_shape():
    lines = ['{"text": "donde pago el predial"}', "", '{"text": "jajaja"}']

    answers = [json.loads(line) for line in ask_lines(words(TOWN), lines)]

    assert [set(answer) for answer in answers] == [{"outcome", "articles", "score"}] * 2
    assert answers[0]["articles"][0] == "predial"
    assert answers[0]["outcome"] == "answer"
    assert answers[1]["outcome"] in {"offer", "unknown"}
    assert all(0 <= answer["score"] <= 1 and len(answer["articles"]) <= 5 for answer in answers)


@pytest.mark.parametrize("line", ["{", '{"question": "x"}', "[]", '{"text": 5}'])
def test_a_line_that_is_no_question_is_named(line):
    with pytest.raises(BadQuestionError, match="line 2"):
        list(ask_lines(words(TOWN), ['{"text": "x"}', line]))


def test_questions_are_read_with_gold_and_style():
    assert read_questions(['{"text": "a", "gold": null}', '{"text": "b", "gold": "x", "style": "s"}']) == [
        Question("a", None),
        Question("b", "x", "s"),
    ]


def test_the_report_counts_by_style_beside_plain_matchers():
    report = evaluate(words, TOWN, ASKED, folds=0)

    whole, outside = report.row(), report.row(style="outside")
    assert (whole.inside, whole.outside, whole.top_1) == (3, 1, 1.0)
    assert (outside.inside, outside.outside, outside.top_1) == (0, 1, None)
    assert {"engine", "rapidfuzz WRatio", "rapidfuzz token_set", "BM25 stems"} <= {row.method for row in report.rows}
    assert "within 3" in str(report)


def test_weights_are_fitted_on_other_questions_than_they_are_judged_on():
    report = evaluate(words, TOWN, ASKED * 5, folds=2, beside=False)

    assert report.folds == 2
    assert report.row().top_1 == 1.0


@pytest.mark.skipif(not handout.FOLDER.is_dir(), reason="the handed-out questions are not beside the repository")
@pytest.mark.parametrize(
    ("name", "top_1", "within_3", "wrong"), [("dev.jsonl", 0.8, 0.9, 0.03), ("hard.jsonl", 0.55, 0.78, 0.06)]
)
def test_the_handed_out_questions_find_their_articles(name, top_1, within_3, wrong):
    """The promise of the product, with the shipped weights; the cross-validated figures stand in the documentation."""
    report = evaluate(AnswerEngine, handout.articles(), read_questions(handout.lines(name)), folds=0, beside=False)

    whole = report.row()
    assert whole.top_1 >= top_1
    assert whole.within_3 >= within_3
    assert whole.wrong_direct <= wrong
    assert whole.outside_answered <= 0.05
