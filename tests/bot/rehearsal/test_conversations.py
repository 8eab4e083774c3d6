"""Conversations from end to end, the sample town's own, and the command."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.clock import SystemClock
from bot.content.source import TownSource
from bot.rehearsal.cases import OUTCOMES, read_cases
from bot.rehearsal.rehearse import rehearse
from bot.rehearsal.telling import one_line
from bot.rehearsal.town_cases import FILE, fails, read_own
from tests.handlers.counter import CONTENT, sample_town

#: Of the sample town's own conversations, so many still come out otherwise. Only ever to be made smaller.
STILL_FAIL = 22

#: A form that takes an answer is that form too; who leaves one sees the menu.
ALSO = {("place", "report"), ("photo", "report"), ("cancelled", "menu")}

CASES = """\
- id: report
  say: ["Reporto un bache en la calle Reforma 44, se me tronó una llanta"]
  expect: {outcome: report, service: VIA-BACHE, place_contains: Reforma, keeps: "se me tronó"}
- id: form-and-filed
  given: {form: {flow: report, filled: {service: VIA-BACHE, place: "Reforma 44", story: "un pozo hondo"}, at: review}}
  say: ["1"]
  expect: {outcome: filed}
- id: place
  given: {form: {flow: report, filled: {service: VIA-BACHE}, at: place}}
  say: [{pin: [20.382, -102.93]}]
  expect: {outcome: form, key: place, contains: "20.382"}
- id: photo
  given: {form: {flow: report, filled: {service: VIA-BACHE, place: "Reforma 44", story: "un pozo hondo"}, at: photos}}
  say: [{photo: true}]
  expect: {outcome: form, key: photos}
- id: cancelled
  given: {form: {flow: complaint, filled: {}, at: story}}
  say: ["cancelar"]
  expect: {outcome: cancelled}
- id: status
  given: {tickets: [{alias: t1, service: VIA-BACHE, story: "un pozo hondo", days_ago: 4}]}
  say: ["{t1}"]
  expect: {outcome: status, ticket: t1}
- id: added
  given: {tickets: [{alias: t1, service: VIA-BACHE, story: "un pozo hondo", asked: "¿Qué tan hondo?"}]}
  say: [{reply_to: t1, text: "como de medio metro"}]
  expect: {outcome: added, ticket: t1}
- id: reopened
  given: {tickets: [{alias: t1, service: VIA-BACHE, story: "un pozo hondo", state: resolved, answered: "Listo."}]}
  say: ["/agregar {t1} ahí sigue el pozo", "1"]
  expect: {outcome: reopened, ticket: t1}
- id: withdrawn
  given: {tickets: [{alias: t1, service: VIA-BACHE, story: "un pozo hondo"}]}
  say: ["/retirar {t1}", "sí"]
  expect: {outcome: withdrawn, ticket: t1}
- id: staff
  given:
    role: agent
    department: obras_publicas
    tickets: [{alias: t1, service: VIA-BACHE, story: "un pozo hondo", notice: true}]
  say: ["/nota {t1} vamos mañana"]
  expect: {outcome: staff, ticket: t1, action: note}
- id: language
  given: {form: {flow: report, filled: {service: VIA-BACHE}, at: place}}
  say: ["english"]
  expect: {outcome: language}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


def test_conversations_that_come_out_right(file: Path) -> None:
    results = list(rehearse(sample_town(), read_cases(file, "cases.yaml").cases))
    assert [one_line(result) for result in results if not result.verdict.is_right] == []


def test_none_of_them_comes_to_anything_else(file: Path) -> None:
    """The same turns under every other name: a judge who is always content fails here."""
    cases = read_cases(file, "cases.yaml").cases
    wrong = []
    for other in sorted(OUTCOMES):
        text = "".join(
            f"{line}\n" if "expect:" not in line else f"  expect: {{outcome: {other}}}\n" for line in CASES.splitlines()
        )
        file.write_text(text, encoding="utf-8")
        renamed = [
            new
            for old, new in zip(cases, read_cases(file, "cases.yaml").cases, strict=True)
            if old.expect[0].outcome != other and (old.id, other) not in ALSO
        ]
        wrong += [f"{each.case.id}: {other}" for each in rehearse(sample_town(), renamed) if each.verdict.is_right]
    assert wrong == []


def test_a_line_for_each_case(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["converse", str(file), "--content", str(CONTENT), "--jsonl"]) == 0
    told: Mapping[str, Any] = {line["id"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert len(told) == CASES.count("- id")
    report = told["report"]
    assert (report["outcome"], report["service"], report["ok"]) == ("report", "VIA-BACHE", True)
    assert report["slots"]["service"] == "VIA-BACHE"
    assert "¿Dónde es?" in report["replies"][0]
    assert told["added"]["ticket"] == "t1"


def test_a_table_and_what_failed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(CASES.replace("outcome: language", "outcome: stop"), encoding="utf-8")
    assert main(["converse", str(file), "--content", str(CONTENT)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"^all +11 +10 +0 +0 +0$", out, re.MULTILINE)
    assert "said      english" in out
    assert "expected  stop" in out
    assert "came to   language" in out


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("- id: a\n  say: [x]\n  expect: {outcome: hapy}\n", "3: outcome 'hapy' is not known"),
        ("- id: a\n  say: [x]\n  expect: {outcome: menu}\n- id: a\n  say: [x]\n  expect: {outcome: menu}\n", "4: a is"),
        ("- id: a\n  say: [x]\n", "1: expect is missing"),
        ("- id: a\n  say: [{pin: [1]}]\n  expect: {outcome: menu}\n", "2: pin must be two numbers"),
        ("- id: a\n  given: {role: king}\n  say: [x]\n  expect: {outcome: menu}\n", "2: role must be one of"),
        ("- id: [a\n", "cannot be read as YAML"),
    ],
)
def test_a_file_with_mistakes(text: str, mistake: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(text, encoding="utf-8")
    assert main(["converse", str(file), "--content", str(CONTENT)]) == 2
    assert mistake in capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["converse", str(tmp_path / "gone.yaml"), "--content", str(CONTENT)]) == 2
    assert "gone.yaml" in capsys.readouterr().err


def test_a_towns_own_are_mistakes_where_more_fail_than_are_known_to(tmp_path: Path) -> None:
    """What is right stays unsaid; whoever mends one is told to write the smaller number."""
    path = tmp_path / FILE
    path.parent.mkdir()
    failing = CASES.replace("outcome: language", "outcome: stop")
    path.write_text(f"failing: 0\ncases:\n{failing}", encoding="utf-8")
    told = list(fails(read_own(tmp_path), sample_town()))
    assert [(each.is_error, each.message.partition(":")[0]) for each in told] == [(True, "language")]
    path.write_text(f"failing: 1\ncases:\n{failing}", encoding="utf-8")
    assert [each.is_error for each in fails(read_own(tmp_path), sample_town())] == [False]
    path.write_text(f"failing: 3\ncases:\n{failing}", encoding="utf-8")
    assert [each.message for each in fails(read_own(tmp_path), sample_town())][
        -1
    ] == "failing says 3, and 1 fail: write 1"


def test_a_town_without_its_own_has_none(tmp_path: Path) -> None:
    assert read_own(tmp_path).cases == ()


def test_the_sample_towns_own() -> None:
    """At least 220, over every style, a hundred of them in a situation; what still fails may only become less."""
    own = read_own(CONTENT)
    assert own.problems == ()
    assert len(own.cases) >= 220
    assert sum(bool(case.given.order) for case in own.cases) >= 100
    assert own.failing <= STILL_FAIL
    told = [each.message for each in fails(own, TownSource(CONTENT, SystemClock()).current) if each.is_error]
    assert told == []
