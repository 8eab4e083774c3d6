"""The sample town's answers and their test questions: short, honest on what is known, no empty promises."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from faq.model import Article
from faq.reading.articles import load_articles
from faq.text import fold

CONTENT = Path(__file__).parents[2] / "faq" / "content"
QUESTIONS = Path(__file__).parent / "questions"
BY_LANGUAGE, PROBLEMS = load_articles(CONTENT)
SPANISH = BY_LANGUAGE["es"]
EVERY = [article for articles in BY_LANGUAGE.values() for article in articles.values()]
COMMANDS = frozenset(
    {"menu", "preguntar", "reportar", "solicitar", "queja", "misfolios"}
    | {"folio", "agregar", "retirar", "idioma", "privacidad", "ayuda", "cancelar"}
)
LAW = re.compile(r"\b(?:Ley|Law|Constitución|Constitution|LGTAIP)\b")

every_article = pytest.mark.parametrize("article", EVERY, ids=[article.file for article in EVERY])


def asked(name: str) -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (QUESTIONS / f"sample_{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_there_is_an_answer_for_what_towns_are_asked() -> None:
    """At least 75 answers in Spanish and 25 in English, read without a mistake."""
    assert [str(problem) for problem in PROBLEMS if problem.is_error] == []
    assert len(SPANISH) >= 75
    assert len(BY_LANGUAGE["en"]) >= 25
    assert set(BY_LANGUAGE["en"]) <= set(SPANISH)


@every_article
def test_an_answer_is_short_first(article: Article) -> None:
    """Somebody in a hurry reads one paragraph; six to twelve wordings lead to it."""
    assert len(article.body.split("\n\n")[0]) <= 350
    assert len(article.body) <= 700
    assert 6 <= len(article.questions) <= 12


@every_article
def test_an_answer_promises_no_command_that_is_not_there(article: Article) -> None:
    """What the counter cannot do yet is said with the place to go to instead."""
    named = set(re.findall(r"(?<![\w./])/([a-z]+)", article.body))
    assert named <= COMMANDS


@every_article
def test_only_what_was_read_in_a_law_is_called_verified(article: Article) -> None:
    """A date of verification stands beside an article of a law, never beside hearsay."""
    assert article.source
    if article.verified_on is not None:
        assert LAW.search(article.source)
        assert "art" in article.source


@every_article
def test_money_that_changes_each_year_expires(article: Article) -> None:
    """An amount in pesos is not given as fact for ever."""
    if re.search(r"\d{3} pesos|\$ ?\d", article.body):
        assert article.valid_until is not None


@pytest.mark.parametrize(
    "article_id",
    [
        *("ine", "pasaporte", "visa-americana", "licencia-conducir", "placas-vehiculo", "antecedentes-penales"),
        *("cfe-luz", "sat-rfc", "imss", "infonavit", "pension-bienestar", "estudios-adultos"),
        *("conflicto-laboral", "notario-testamento", "profeco-quejas"),
    ],
)
def test_what_another_office_does_is_said_first(article_id: str) -> None:
    """Nobody queues at the town hall for a passport."""
    first = SPANISH[article_id].body.split(". ")[0]
    assert re.search(r"de otra oficina|no es del ayuntamiento", first)


@pytest.mark.parametrize(("name", "least", "out_of_scope"), [("dev", 140, 25), ("hard", 80, 20)])
def test_there_are_questions_to_measure_with(name: str, least: int, out_of_scope: int) -> None:
    """Enough of each, every gold is an article, and no question is one of the articles' own examples."""
    questions = asked(name)
    examples = {fold(example) for article in SPANISH.values() for example in article.questions}
    assert len(questions) >= least
    assert sum(question["gold"] is None for question in questions) >= out_of_scope
    assert {question["gold"] for question in questions if question["gold"]} <= set(SPANISH)
    assert [each["text"] for each in questions if fold(str(each["text"])) in examples] == []
    assert [text for text, times in Counter(str(each["text"]) for each in questions).items() if times > 1] == []
