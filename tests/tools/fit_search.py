"""Writes what the answer engine ships: the vectors of the needs and the fitted weights.

Run it after a change of `faq/lexicon/needs` or of the evidence: `python -m tests.tools.fit_search`.
"""

import json
import random
from collections.abc import Sequence
from pathlib import Path

import faq
from faq.lexicon import matters, needs
from faq.measuring.evaluate import Question, read_questions, samples
from faq.measuring.fitting import Sample, fit
from faq.model import Article
from faq.reading.articles import load_articles
from faq.reading.notes import Notes
from faq.reading.services import KnownIds, read_services
from faq.search.decide import Weights
from faq.search.engine import AnswerEngine
from faq.search.evidence import ARTICLE_EVIDENCE, NONE_EVIDENCE
from faq.search.needs import gather
from faq.search.semantic import store_vectors
from tests.faq import handout

Town = tuple[list[Article], list[Question]]
_HOME = Path(faq.__file__).parent
_QUESTIONS = Path(__file__).resolve().parents[1] / "faq" / "questions"


def main() -> None:
    """Vectors first: the engines below use them."""
    keep_vectors()
    towns = real_towns()
    made_up = [thinned(*town, seed=seed) for town in towns for seed in (1, 2)]
    fitted = {
        kind: fit(read(towns, model), read(made_up, model)) for kind, model in (("semantic", "auto"), ("words", "none"))
    }
    stored = json.dumps({kind: _plain(weights) for kind, weights in fitted.items()}, indent=1)
    (_HOME / "search_weights.json").write_text(stored + "\n", encoding="utf-8")


def keep_vectors() -> None:
    """The vectors of the needs, of the matters, and of the services' wordings that most towns start from."""
    services = read_services(_HOME / "content", KnownIds((), ()), Notes())
    said = [text for service in services.values() for text in (*service.people_say, *service.name.values())]
    told = [text for each in matters().values() for text in each]
    with (_HOME / "lexicon" / "needs_vectors.npz").open("wb") as target:
        store_vectors(list(dict.fromkeys((*gather(needs()).texts, *told, *said))), target)


def real_towns() -> list[Town]:
    """The handed-out corpus and the sample town, with their tuning questions."""
    corpus = [line for name in ("dev.jsonl", "hard.jsonl") for line in handout.lines(name)]
    sample = [line for file in sorted(_QUESTIONS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    articles, _ = load_articles(_HOME / "content")
    town = list(articles["es"].values())
    ids = {article.id for article in town}
    asked = [question for question in read_questions(sample) if question.gold is None or question.gold in ids]
    return [(handout.articles(), read_questions(corpus)), (town, asked)]


def thinned(articles: list[Article], questions: list[Question], seed: int) -> Town:
    """The town without a quarter of its articles: what they answered is now beyond it, and near misses abound."""
    gone = set(random.Random(seed).sample([article.id for article in articles], len(articles) // 4))
    asked = [Question(q.text, None if q.gold in gone else q.gold, q.style) for q in questions]
    return [article for article in articles if article.id not in gone], asked


def read(towns: Sequence[Town], model: str) -> list[Sample]:
    """All questions of all towns, as an engine over their town reads them."""
    return [
        sample
        for articles, questions in towns
        for sample in samples(AnswerEngine(articles, model=model), articles, questions)
    ]


def _plain(weights: Weights) -> dict[str, object]:
    return {
        "articles": {n: round(w, 4) for n, w in zip(ARTICLE_EVIDENCE, weights.articles, strict=True)},
        "none": {n: round(w, 4) for n, w in zip((*NONE_EVIDENCE, "constant"), weights.none, strict=True)},
        "answer_from": weights.answer_from,
        "offer_from": weights.offer_from,
    }


if __name__ == "__main__":
    main()
