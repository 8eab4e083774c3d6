"""Writes the weights of `faq.search.meanings`, and prints how well they do on texts that they were not fitted on.

Run it after a change of services' wordings, of lexicon/matters.yaml or signs.yaml, or of the features:
`python -m tests.tools.fit_meanings`. It needs the sentence model. It fits on the free words of the handed-out dialogues
as well, where they lie beside the repository.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

import numpy as np
import yaml

import faq
from faq.lexicon import matters
from faq.measuring.fitting_meanings import Told, fit_meanings
from faq.model import Article, Library, Service
from faq.reading.library import load
from faq.search.candidates import FEATURES, Candidates, Matter
from faq.search.engine import AnswerEngine
from faq.search.matters import KINDS, reported_by
from faq.search.meanings import MeaningFinder, chances
from faq.search.signs import home_of
from faq.text import is_question
from tests.faq import handout

_HOME = Path(faq.__file__).parent
_TESTS = Path(__file__).resolve().parents[1] / "faq"
#: How much a text of each source counts: dialogues and our own are like real messages, wordings are short and easy.
_WEIGHTS = {"dev": 1.0, "field_dev": 1.0, "own": 1.0, "sample_dev": 0.6, "sample_hard": 0.6, "wordings": 0.25}
#: Each part of the wordings is judged by a finder that never saw it.
_PARTS = 4
_FOLDS = 5
#: The features are read before there are weights for them.
_NO_WEIGHTS = (0.0,) * len(FEATURES)
#: Articles of the sample town that are right as well where a kind of matter is.
_AKIN = {
    "complaint": ("queja-o-denuncia", "hablar-persona"),
    "corruption": ("denuncia-corrupcion", "denuncia-anonima", "faltas-graves"),
    "request": ("solicitud-informacion",),
    "praise": ("calificar-servicio",),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A text with everything that it may mean: ids, codes, kinds; "nothing" is none of them."""

    source: str
    text: str
    means: tuple[str, ...]


def main() -> None:
    """Fits both kinds of weights."""
    library = load(_HOME / "content", today=datetime.now(tz=UTC).date())
    stored = {kind: _fitted(library, model) for kind, model in (("semantic", "auto"), ("words", "none"))}
    (_HOME / "meaning_weights.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _fitted(library: Library, model: str) -> dict[str, float]:
    told = [*_read(library, [*_dialogues(), *_questions(library), *_own()], model), *_read_wordings(library, model)]
    weights = fit_meanings([each for _, each in told])
    print(f"model {model}: judged on texts that the weights were not fitted on")
    print(_report(told))
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights, strict=True)}


def _read(
    library: Library, cases: Sequence[Case], model: str, services: Sequence[Service] = ()
) -> list[tuple[str, Told]]:
    """The cases as a finder reads them that knows these services; the library's where none are given."""
    articles = list(library.articles["es"].values())
    known = list(services or library.services.values())
    said = [text for service in library.services.values() for text in service.people_say]
    engine = AnswerEngine(articles, library.synonyms.get("es", {}), model=model, also=said)
    with mock.patch("faq.search.meanings.shipped", lambda _: _NO_WEIGHTS):
        finder = MeaningFinder(articles, known, engine.texts, home=home_of(library), model=model)
    found = []
    for case in cases:
        right = _rows(finder.candidates, case.means)
        if right:
            heard = engine.hear(finder.told_in(case.text))
            features = finder.features(heard, engine.chances(heard))
            found.append((case.source, Told(features, right, _WEIGHTS[case.source])))
    return found


def _rows(candidates: Candidates, means: Sequence[str]) -> tuple[int, ...]:
    rows = set()
    for each in means:
        if each in {"nothing", "outside"}:
            rows.add(len(candidates.meant))
        matter = Matter(each) if each in KINDS[:-1] else None
        for meant in ((Matter.ARTICLE, each), (Matter.SERVICE, each), (matter, "")):
            if meant in candidates.places:
                rows.add(candidates.places[meant])
    return tuple(sorted(rows))


def _read_wordings(library: Library, model: str) -> list[tuple[str, Told]]:
    """Every wording of the services and the matters, by a finder that knows the others."""
    found: list[tuple[str, Told]] = []
    for part in range(_PARTS):
        services, cases = [], []
        for service in library.services.values():
            kept, held = _split(service.people_say, part)
            services.append(replace(service, people_say=kept))
            cases += [Case("wordings", text, (service.code,)) for text in held]
        kinds: dict[str, tuple[str, ...]] = {}
        for kind, said in matters().items():
            kinds[kind], held = _split(said, part)
            cases += [Case("wordings", text, (kind, *_AKIN.get(kind, ()))) for text in held]
        with mock.patch("faq.search.matters.matters", lambda kinds=kinds: kinds):
            found += _read(library, cases, model, services)
    return found


def _split(said: Sequence[str], part: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kept = tuple(text for place, text in enumerate(said) if place % _PARTS != part)
    return kept, tuple(text for place, text in enumerate(said) if place % _PARTS == part)


def _dialogues() -> Iterator[Case]:
    """The free words among the handed-out dialogues: nothing is open, nothing was said before."""
    for name in ("dev", "field_dev"):
        source = handout.FOLDER.parent / "dialogues" / f"{name}.yaml"
        for case in yaml.safe_load(source.read_text(encoding="utf-8")) if source.is_file() else ():
            is_free = not set(case.get("given") or {}) - {"language"} and len(case["say"]) == 1
            if is_free and isinstance(case["say"][0], str):
                expected = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
                yield Case(name, case["say"][0], tuple(each for one in expected for each in _expected(one)))


def _expected(one: Mapping[str, str]) -> tuple[str, ...]:
    match one["outcome"]:
        case "answer" | "fact":
            return (one.get("article", ""),)
        case "report":
            return (one.get("service", ""),)
        case "offer":
            return (one["includes"],)
        case "request" | "complaint":
            return (one["outcome"],)
        case "denuncia":
            return ("corruption",)
        case "small_talk":
            return ("nothing", "praise")
        case "unknown":
            return ("outside",)
        case "person":
            return ("hablar-persona",)
        case "stop" | "menu" | "status":
            return ("nothing",)
        case _:
            return ()


def _questions(library: Library) -> Iterator[Case]:
    """The sample town's questions; what an article reports may be meant where nothing is asked."""
    articles: Mapping[str, Article] = library.articles["es"]
    for name in ("sample_dev", "sample_hard"):
        for line in (_TESTS / "questions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["gold"] is None:
                yield Case(name, entry["text"], ("outside",))
            elif entry["gold"] in articles:
                reported = () if is_question(entry["text"]) else reported_by(articles[entry["gold"]])
                yield Case(name, entry["text"], (entry["gold"], *reported))


def _own() -> Iterator[Case]:
    for line in (_TESTS / "meanings.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        akin = [each for kind in entry["means"] for each in _AKIN.get(kind, ())]
        yield Case("own", entry["text"], (*entry["means"], *akin))


def _report(told: Sequence[tuple[str, Told]]) -> str:
    """By source, with weights fitted on the other folds: right first, within three, and what would open a form."""
    part = np.random.default_rng(1).permutation(len(told)) % _FOLDS
    weights = [
        fit_meanings([each for (_, each), own in zip(told, part, strict=True) if own != fold]) for fold in range(_FOLDS)
    ]
    judged = [(s, each, chances(each.features, weights[own])) for (s, each), own in zip(told, part, strict=True)]
    first = FEATURES.index("service_constant")
    lines = [f"{'source':<12} {'n':>5} {'first':>6} {'three':>6} {'opened right':>13} {'opened wrong':>13}"]
    for source in dict.fromkeys(source for source, _ in told):
        own = [(each, found) for s, each, found in judged if s == source]
        opened = [(e, f) for e, f in own if f.max() >= 0.5 and e.features[f.argmax(), first] == 1]
        right = sum(int(found.argmax()) in each.right for each, found in opened)
        top = sum(int(found.argmax()) in each.right for each, found in own) / len(own)
        three = sum(bool(set(np.argsort(-found)[:3].tolist()) & set(each.right)) for each, found in own) / len(own)
        lines.append(f"{source:<12} {len(own):>5} {top:>6.3f} {three:>6.3f} {right:>13} {len(opened) - right:>13}")
    for least, most in ((0.9, 1.01), (0.4, 0.6)):
        sure = [
            int(f.argmax()) in e.right
            for _, e, f in judged
            if e.features[f.argmax(), first] == 1 and least <= f.max() < most
        ]
        lines.append(f"services of a chance of {least} to {most}: {sum(sure)} of {len(sure)} right")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
