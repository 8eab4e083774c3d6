"""Reading articles: front matter and Markdown, one file each."""

from datetime import date

import pytest

from faq.check import check
from faq.reading.articles import load_articles, parse_article
from faq.reading.notes import Notes
from tests.faq.folders import ARTICLE, edit, said, write, write_town

TODAY = date(2026, 11, 21)

FULL = """\
---
id: acta-de-nacimiento
title: Copia del acta de nacimiento
questions:
  - sacar mi acta
  - "acta: ¿dónde?"
keywords: [registro, copia]
theme: TRC
office: registro_civil
cost: según la Ley de Ingresos
duration: el mismo día
hours: {horario}
requirements:
  - CURP
  - Identificación
source: https://example.org
verified_on: 2026-10-01
valid_until: 2026-12-31
related: [curp]
actions: [request, "report:VIA-BACHE", "url:https://example.org/actas"]
---

Pídala en el **Registro Civil**.

---

Lleve su CURP.
"""


def articles(folder):
    read, problems = load_articles(folder)
    return read, said(problems)


def test_an_article_is_read_with_all_that_it_says(tmp_path):
    """Front matter and answer come out as they were written; a line of dashes below belongs to the answer."""
    write(tmp_path, "es/articles/acta.md", FULL)

    read, problems = articles(tmp_path)
    article = read["es"]["acta-de-nacimiento"]

    assert problems == ["es/articles/acta.md:12: {horario} is still to be filled in by the town"]
    assert article.questions == ("sacar mi acta", "acta: ¿dónde?")
    assert article.keywords == ("registro", "copia")
    assert (article.theme, article.office) == ("TRC", "registro_civil")
    assert (article.cost, article.duration, article.hours) == ("según la Ley de Ingresos", "el mismo día", "{horario}")
    assert article.requirements == ("CURP", "Identificación")
    assert (article.verified_on, article.valid_until) == (date(2026, 10, 1), date(2026, 12, 31))
    assert article.related == ("curp",)
    assert article.actions == ("request", "report:VIA-BACHE", "url:https://example.org/actas")
    assert article.body == "Pídala en el **Registro Civil**.\n\n---\n\nLleve su CURP."
    assert (article.file, article.language) == ("es/articles/acta.md", "es")


def test_a_folder_with_nothing_but_articles_is_enough(tmp_path):
    """Articles of any town can be searched without its other files."""
    write(tmp_path, "es/articles/deep/predial.md", ARTICLE)

    read, problems = articles(tmp_path)

    assert (list(read["es"]), problems) == (["predial"], [])


def test_markdown_files_without_a_language_count_as_spanish(tmp_path):
    """A plain folder of files works; a read-me and what editors leave are not articles."""
    write(tmp_path, "predial.md", ARTICLE)
    write(tmp_path, "agua/contrato.md", ARTICLE.replace("id: predial", "id: contrato"))
    write(tmp_path, "README.md", "# Notas")
    write(tmp_path, ".predial.md", "half")
    write(tmp_path, ".git/notes.md", "half")

    read, problems = articles(tmp_path)

    assert (sorted(read["es"]), problems) == (["contrato", "predial"], [])


def test_ids_of_one_language_are_taken_once(tmp_path):
    """The second file of the same id is named, with the first; another language may have it."""
    write(tmp_path, "es/articles/a.md", ARTICLE)
    write(tmp_path, "es/articles/b.md", ARTICLE)
    write(tmp_path, "en/articles/a.md", ARTICLE)

    read, problems = articles(tmp_path)

    assert problems == ["es/articles/b.md:2: id predial is taken by es/articles/a.md"]
    assert read["es"]["predial"].file == "es/articles/a.md"
    assert read["en"]["predial"].language == "en"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("---\nid", "id", "a.md:1: must begin with a line of ---"),
        ("---\nSe paga", "Se paga", "a.md:1: must end its front matter with a line of ---"),
        ("Se paga en la Tesorería.\n", "  \n", "a.md:10: has no answer below the front matter"),
        ("title: Pago del predial", "title: Pago: predial", "a.md:3: cannot be read as YAML"),
        ("title: Pago del predial\n", "", "a.md:2: title is missing"),
        ("id: predial", "id:", "a.md:2: id is empty"),
        ("id: predial", "id: Pago del predial", "a.md:2: id 'Pago del predial' must be such as acta-de-nacimiento"),
        (
            "questions:\n  - dónde pago el predial\n  - cuánto es de predial\n",
            "questions: []\n",
            "a.md:4: questions is empty: write at least one way that people ask for this",
        ),
        ("  - dónde pago el predial", "  - {a: b}", "a.md:5: questions 1 must be a text"),
        ("  - dónde pago el predial", "  -", "a.md:5: questions 1 is empty: write it or leave the line out"),
        ("2026-11-01", "noviembre", "a.md:9: verified_on must be a date such as 2026-01-31, not 'noviembre'"),
        ("theme: TRC", "themes: TRC", "a.md:7: themes is not known here and is ignored; did you mean theme?"),
        ("theme: TRC", "title: Otro", "a.md:7: title is there twice; it was first written on line 3"),
    ],
)
def test_a_mistake_in_an_article_is_told_with_its_line(tmp_path, old, new, expected):
    """The line is that of the file, not of its front matter."""
    assert ARTICLE.count(old) == 1
    write(tmp_path, "a.md", ARTICLE.replace(old, new))

    _, problems = articles(tmp_path)

    assert [each for each in problems if each.startswith(expected)], problems
    assert len(problems) == 1


def test_an_empty_file_is_told(tmp_path):
    """Nothing at all is a mistake too."""
    write(tmp_path, "a.md", "")
    write(tmp_path, "b.md", "---\n---\nHola.\n")

    assert articles(tmp_path) == (
        {},
        [
            "a.md:1: must begin with a line of ---",
            "b.md:1: front matter is empty: write at least id, title and questions",
        ],
    )


def test_an_article_with_mistakes_is_still_there(tmp_path):
    """One slip in a date does not take the answer away from those who only search."""
    write(tmp_path, "a.md", ARTICLE.replace("2026-11-01", "ayer"))

    read, problems = articles(tmp_path)

    assert read["es"]["predial"].verified_on is None
    assert len(problems) == 1


def test_an_article_can_be_read_before_it_has_a_file():
    """What an administrator writes in the chat is checked the same way."""
    notes = Notes()

    read = parse_article(ARTICLE, notes, language="es", file="es/articles/predial.md")

    assert read is not None
    assert (read.article.title, notes.problems) == ("Pago del predial", [])
    assert (read.line("theme"), read.line("questions 2"), read.line("cost")) == (7, 6, 2)


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        ("related: [agua]", "es/articles/predial.md:10: related: no article agua"),
        ("related: [predail]", "es/articles/predial.md:10: related: no article predail; did you mean predial?"),
        ("related:\n  - predial", "es/articles/predial.md:11: related names the article itself: take it out"),
        (
            "actions: [pay]",
            "es/articles/predial.md:10: action pay must be report:CODE, report, request, complain, track",
        ),
        (
            "actions: [report:VIA-BACH]",
            "es/articles/predial.md:10: action report:VIA-BACH: no service VIA-BACH; did you",
        ),
        ("actions: ['url:http://x.org']", "es/articles/predial.md:10: action url:http://x.org must be url:https://..."),
        ("actions:\n  - request\n  - 'report:'", "es/articles/predial.md:12: action report:: no service"),
        ("valid_until: 2026-10-01", "es/articles/predial.md:10: valid_until 2026-10-01 comes before verified_on"),
        ("valid_until: 2026-11-20", "es/articles/predial.md:10: was valid until 2026-11-20"),
    ],
)
def test_what_an_article_names_must_exist(tmp_path, added, expected):
    """Related articles, services to report and addresses are looked up; days must make sense."""
    write_town(tmp_path)
    edit(tmp_path, "es/articles/predial.md", "verified_on: 2026-11-01\n", f"verified_on: 2026-11-01\n{added}\n")

    problems = said(check(tmp_path, TODAY))

    assert [each for each in problems if each.startswith(expected)], problems


@pytest.mark.parametrize("action", ["report", "request", "complain", "track", "report:VIA-BACHE", "url:https://a.mx/x"])
def test_what_an_article_may_offer(tmp_path, action):
    """Each of these can stand in an article."""
    write_town(tmp_path)
    edit(tmp_path, "es/articles/predial.md", "theme: TRC\n", f"theme: TRC\nactions: ['{action}']\n")

    assert check(tmp_path, TODAY) == ()


def test_a_related_article_may_be_in_spanish_only(tmp_path):
    """A translation may point to what is not translated yet: residents get the Spanish one."""
    write_town(tmp_path)
    write(tmp_path, "es/articles/agua.md", ARTICLE.replace("id: predial", "id: agua").replace("predial", "agua"))
    edit(tmp_path, "en/articles/predial.md", "id: predial\n", "id: predial\nrelated: [agua]\n")

    assert not [problem for problem in check(tmp_path, TODAY) if problem.is_error]


def test_old_articles_are_told_but_not_refused(tmp_path):
    """What was verified more than a year ago, or is past its day, is looked at again; tomorrow cannot be verified."""
    write_town(tmp_path)
    edit(tmp_path, "es/articles/predial.md", "2026-11-01", "2025-11-20")
    assert said(check(tmp_path, TODAY)) == [
        "es/articles/predial.md:9: was verified on 2025-11-20, more than a year ago: confirm it and change verified_on"
    ]
    assert not check(tmp_path, TODAY)[0].is_error
    assert check(tmp_path, date(2026, 11, 20)) == ()

    edit(tmp_path, "es/articles/predial.md", "2025-11-20", "2026-11-22")
    assert said(check(tmp_path, TODAY)) == ["es/articles/predial.md:9: verified_on 2026-11-22 lies in the future"]
    assert check(tmp_path, TODAY)[0].is_error
