"""Every pattern of the code takes time in proportion to the text, whatever the text.

One that does not holds up the whole process: the engine of `re` lets nobody else run, not even whoever asks it to end.
"""

import ast
import re
from functools import cache

import pytest

from tests.architecture.hostile import builds_for, fault, runner
from tests.architecture.patterns import MADE, Found, knows_re, patterns
from tests.architecture.source import modules

#: Of patterns that are all made in one way: so many, those with the most repetitions.
_ALIKE = 25


@cache
def _by_module() -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = {}
    for each in patterns():
        found.setdefault(each.module, []).append(each)
    for name in MADE:
        made = sorted(found[name], key=lambda each: -len(re.findall(r"[*+{?]", each.pattern.pattern)))
        found[name] = made[:_ALIKE]
    return found


@pytest.mark.parametrize("module", sorted(name for name, tree in modules().items() if knows_re(tree)))
def test_patterns_take_time_in_proportion(module: str):
    """Texts made of each pattern's own letters and repetitions, at a quarter of the longest text and at the longest."""
    slow = [
        f"{found.where} {way} {found.pattern.pattern[:60]!r} on {told}"
        for found in _by_module().get(module, ())
        for way in found.ways
        if (told := fault(runner(found.pattern, way), builds_for(found.pattern.pattern, found.pattern.flags)))
    ]
    assert not slow, "\n".join(slow)


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "search"),
        (r"(a+)+$", "search"),
        (r"[:,.]+$", "search"),
        (r"\s*\[[^\]\s]*\]", "search"),
        (r"[\w.+-]+@[\w-]+", "search"),
        (r"\*\*(?=\S)(.+?)(?<=\S)\*\*", "search"),
        (r"[*_#]|\(https?://[^)]*\)", "search"),
        (r"\bcalle\s+[^,;\n]{2,50}?\s*(?:#|no\.)?\s*\d{1,5}\b", "search"),
        (r"geo:|google\.[a-z.]+/maps", "search"),
        (r"(\d+)\s*[,; ]\s*(\d+)(?![\d.])", "search"),
        (r"(-?\d{1,4})\s+(.+)", "fullmatch"),
        (r"https://[^\s/]+\.[^\s]+", "fullmatch"),
    ],
)
def test_a_pattern_that_does_not_is_found_out(pattern: str, way: str):
    """All of these stood in this code, but for the second, which stands in the books."""
    assert fault(runner(re.compile(pattern), way), builds_for(pattern))


@pytest.mark.parametrize(
    "pattern", [r"\s+", r"(?<![\w.+-])[\w.+-]+@[\w-]+", r"\((?:[^()]|\([^()]*\))*\)", r"[a-z]{2,50}?\d"]
)
def test_a_pattern_that_does_is_left_alone(pattern: str):
    """Otherwise nobody would believe the test above."""
    assert fault(runner(re.compile(pattern), "search"), builds_for(pattern)) is None


def test_patterns_are_found_wherever_they_stand():
    """A constant, one in a table, one inside a function, and those that are made of a file."""
    found = [each.module for each in patterns()]
    assert {"handlers.redaction", "faq.search.evidence", "faq.text", "bot.web.texts", "bot.jobs.bell"} <= {*found}
    assert found.count("faq.text") > 20
    assert found.count("faq.emergencies") > 1000


def test_a_pattern_that_nobody_can_see_is_no_pattern_of_ours():
    """What is given to `re` by a name must be known to the module, or told to this test."""
    hidden = [
        name
        for name, tree in modules().items()
        if any(isinstance(each, ast.Name) and each.id in {"regex", "re2"} for each in ast.walk(tree))
    ]
    assert not hidden
