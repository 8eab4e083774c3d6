"""How often what a message does is heard in the conversation cases that are handed out beside the repository."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from faq.speech import Act, acts
from faq.speech.language import language_of
from tests.faq import handout
from tests.faq.speech.test_tickets import PLAIN

_FOLDER = handout.FOLDER.parent / "dialogues"
_ACTS = {"status": Act.STATUS, "reopened": Act.NOT_FIXED, "confirmed": Act.FIXED, "withdrawn": Act.WITHDRAW}
_STAFF = {
    "take": Act.TAKE,
    "resolve": Act.RESOLVE,
    "note": Act.NOTE,
    "ask": Act.ASK_RESIDENT,
    "route": Act.ROUTE,
    "queue": Act.QUEUE,
}

pytestmark = pytest.mark.skipif(
    not _FOLDER.is_dir(), reason="the handed-out conversations are not beside the repository"
)


def _cases(*styles: str) -> Iterator[tuple[str, set[Act]]]:
    """The last words of each case, and the acts that would do."""
    for case in yaml.safe_load((_FOLDER / "dev.yaml").read_text(encoding="utf-8")):
        last = case["say"][-1]
        expected = case["expect"] if isinstance(case["expect"], list) else [case["expect"]]
        if case["style"] in styles:
            yield (
                last if isinstance(last, str) else last.get("text", ""),
                {act for each in expected for act in _acts(each)},
            )


def _acts(expected: dict[str, Any]) -> Iterator[Act]:
    if expected["outcome"] in _ACTS:
        yield _ACTS[expected["outcome"]]
    if expected.get("action") in _STAFF:
        yield _STAFF[expected["action"]]


def test_words_of_tickets_and_of_work_are_heard() -> None:
    wanted = [(text, among) for text, among in _cases("status", "dispute", "official") if among]
    missed = [
        text for text, among in wanted if not any(said.act in among and said.sure >= PLAIN for said in acts(text))
    ]
    assert len(wanted) > 20
    assert len(missed) <= len(wanted) / 10, missed


def test_english_is_told_from_spanish() -> None:
    english = [language_of(text, ("es", "en")) for text, _ in _cases("english")]
    spanish = [
        language_of(text, ("es", "en"))
        for text, _ in _cases("status", "dispute", "rambling", "voice_like", "all_in_one")
    ]
    assert spanish.count("en") == 0
    assert spanish.count("es") > 0.9 * len(spanish)
    assert english.count("en") > 0.7 * len(english)
