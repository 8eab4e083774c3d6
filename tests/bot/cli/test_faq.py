"""`faq ask` and `faq evaluate`: the formats that other tools rely on."""

import io
import json
from pathlib import Path

import pytest

from bot.cli.main import main

ARTICLE = """\
---
id: {id}
title: {title}
questions: ["{question}"]
---
{title}: en la presidencia municipal.
"""


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds nothing but articles."""
    folder = tmp_path_factory.mktemp("articles")
    for slug, title, question in (
        ("predial", "Pago del predial", "¿Dónde pago el predial?"),
        ("acta", "Acta de nacimiento", "¿Cómo saco un acta de nacimiento?"),
        ("basura", "Recolección de basura", "¿Qué día pasa la basura?"),
    ):
        (folder / f"{slug}.md").write_text(ARTICLE.format(id=slug, title=title, question=question), encoding="utf-8")
    return folder


def asked(
    lines: str, *arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    code = main(["faq", "ask", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_each_question_gets_one_line(
    articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lines = '{"text": "¿dónde pago el predial?"}\n\n{"text": "q dia pasa la basura"}\n{"text": ""}\n'
    code, out, _ = asked(lines, "--content", str(articles), "--jsonl", monkeypatch=monkeypatch, capsys=capsys)
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(answers) == 3
    for answer in answers:
        assert set(answer) == {"outcome", "articles", "score"}
        assert answer["outcome"] in {"answer", "offer", "unknown"}
        assert len(answer["articles"]) <= 5
        assert 0 <= answer["score"] <= 1
    assert answers[0]["articles"][0] == "predial"
    assert answers[1]["articles"][0] == "basura"


def test_plain_questions_will_do(articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    code, out, _ = asked(
        '¿dónde "pago" el predial?\n', "--content", str(articles), monkeypatch=monkeypatch, capsys=capsys
    )
    assert code == 0
    assert json.loads(out)["articles"][0] == "predial"


def test_a_line_that_is_no_question_is_told_by_its_number(
    articles: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lines = '{"text": "hola"}\n{"question": "x"}\n'
    code, _, err = asked(lines, "--content", str(articles), "--jsonl", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert "line 2" in err


def test_answers_are_measured(articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    questions = tmp_path / "questions.jsonl"
    rows = [
        ("¿dónde pago el predial?", "predial", "plain"),
        ("cuando pasan por la basura", "basura", "street"),
        ("¿quién ganó el partido?", None, "plain"),
    ]
    questions.write_text(
        "".join(json.dumps({"text": text, "gold": gold, "style": style}) + "\n" for text, gold, style in rows),
        encoding="utf-8",
    )
    assert main(["faq", "evaluate", "--content", str(articles), str(questions)]) == 0
    out = capsys.readouterr().out
    for word in ("top-1", "within 3", "wrong", "plain", "street", "median", "p99"):
        assert word in out


def test_a_file_that_is_not_there_is_told(articles: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["faq", "evaluate", "--content", str(articles), "/no/such/file"]) == 2
    assert "/no/such/file" in capsys.readouterr().err
