"""What `faq check` finds besides what reading finds."""

from datetime import date

from faq import check as checking
from faq.check import check
from faq.model import Problem
from tests.faq.folders import ARTICLE, edit, said, write, write_town

TODAY = date(2026, 11, 21)


def test_a_sound_folder_has_nothing_to_tell(tmp_path):
    """No mistake, no warning."""
    assert check(write_town(tmp_path), TODAY) == ()


def test_errors_and_warnings_come_together_in_the_order_of_files_and_lines(tmp_path):
    """An administrator mends a file from its top to its bottom."""
    write_town(tmp_path)
    edit(tmp_path, "services.yaml", "10 working days", "0 working days")
    edit(tmp_path, "departments.yaml", "0331234567", "{telefono}")
    edit(tmp_path, "city.yaml", "name: Villa de Prueba", "name:")

    problems = check(tmp_path, TODAY)

    assert [(p.file, p.line, p.is_error) for p in problems] == [
        ("city.yaml", 1, True),
        ("departments.yaml", 3, False),
        ("services.yaml", 6, True),
    ]


def test_a_folder_that_is_not_there_is_told_not_raised(tmp_path):
    """The command prints a list, whatever it is pointed at."""
    assert any(problem.is_error for problem in check(tmp_path / "gone", TODAY))


def test_two_articles_of_the_same_title_are_a_mistake(tmp_path):
    """Two buttons with the same words cannot be told from each other; accents and capitals make no difference."""
    write_town(tmp_path)
    twin = ARTICLE.replace("id: predial", "id: otro").replace("title: Pago del predial", "title: PAGO del predíal")
    write(
        tmp_path, "es/articles/z.md", twin.replace("dónde pago", "a qué hora pago").replace("cuánto es", "qué tanto es")
    )

    problems = [problem for problem in check(tmp_path, TODAY) if problem.is_error]

    assert said(problems) == [
        "es/articles/z.md:3: title is the same as in es/articles/predial.md: residents could not tell them apart"
    ]


def test_the_same_question_in_two_articles_is_told(tmp_path):
    """A question leads to one answer."""
    write_town(tmp_path)
    twin = ARTICLE.replace("id: predial", "id: otro").replace("title: Pago", "title: Descuento")
    write(tmp_path, "es/articles/z.md", twin.replace("dónde pago el predial", "¿DONDE pago el predial?"))

    told = said(check(tmp_path, TODAY))

    assert "es/articles/z.md:5: question '¿DONDE pago el predial?' is also in es/articles/predial.md: " in told[1]
    assert "es/articles/z.md:6: question 'cuánto es de predial' is also in es/articles/predial.md" in told[2]


def test_the_same_question_twice_in_one_article_is_told(tmp_path):
    """It says nothing new."""
    write_town(tmp_path)
    edit(tmp_path, "es/articles/predial.md", "cuánto es de predial", "Dónde pago el predial?")

    assert said(check(tmp_path, TODAY)) == [
        "es/articles/predial.md:6: question 'Dónde pago el predial?' is there twice"
    ]


def test_articles_without_translation_are_told(tmp_path):
    """One line for each article; one for all where a language has none."""
    write_town(tmp_path)
    agua = ARTICLE.replace("id: predial", "id: agua").replace("predial", "agua")
    write(tmp_path, "es/articles/agua.md", agua)
    assert said(check(tmp_path, TODAY)) == [
        "es/articles/agua.md:1: agua has no translation in en: residents get the Spanish one"
    ]

    (tmp_path / "en/articles/predial.md").unlink()
    assert said(check(tmp_path, TODAY)) == [
        "en/articles:0: none of the 2 articles has a translation: residents get the Spanish ones"
    ]


def test_a_wording_of_two_services_is_told(tmp_path):
    """The same words cannot mean two services."""
    write_town(tmp_path)
    edit(tmp_path, "services.yaml", "VIA-BACHE:", SECOND + "VIA-BACHE:")

    assert said(check(tmp_path, TODAY)) == [
        "services.yaml:15: people_say 'hay un bache' is in VIA-OTRA and in VIA-BACHE: keep it in one"
    ]


def test_labels_that_telephones_cut_off_are_told(tmp_path):
    """A menu shows 24 characters of a label."""
    write_town(tmp_path)
    edit(tmp_path, "services.yaml", "es: Bache,", "es: Bache en la calle o en la carretera,")

    (told,) = said(check(tmp_path, TODAY))
    assert told.startswith(
        "services.yaml:2: name 'Bache en la calle o en la carretera' (es) is longer than 24 characters"
    )


def test_groups_that_a_menu_cannot_show_are_told(tmp_path):
    """A group without services leads nowhere, one with more than ten does not fit."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "groups:\n", "groups:\n  agua: {es: Agua, en: Water}\n")
    assert said(check(tmp_path, TODAY)) == ["city.yaml:24: group agua has 0 services: give it 1 to 10, or take it out"]


def test_a_new_check_is_one_function_in_the_list(tmp_path, monkeypatch):
    """Checks that need the search engine are added without touching the reader."""

    def too_few(content, today):
        if len(content.articles) < 3:
            yield Problem("es/articles", 0, f"only {len(content.articles)} articles on {today}", is_error=False)

    monkeypatch.setattr(checking, "CHECKS", (*checking.CHECKS, too_few))

    assert said(check(write_town(tmp_path), TODAY)) == ["es/articles:0: only 2 articles on 2026-11-21"]


SECOND = """\
VIA-OTRA:
  name: {es: Otra, en: Other}
  group: calles
  department: obras
  respond_within: 1 working day
  resolve_within: 24 natural hours
  people_say: [Hay un BACHE]
"""


NEEDED = {
    "menu.title": ("handlers.menu",),
    "report.count": ("handlers.report",),
    "report.filed": ("handlers.report", "handlers.shown"),
}


def test_a_text_that_a_folder_lacks_is_told_with_where_it_is_used(tmp_path):
    """The program's own stands in for it; in a language that the program does not speak, another language does."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "[es, en]", "[es, en, nah]")
    edit(tmp_path, "es/messages.yaml", '  filed: "Su folio es {folio}."\n', "")
    write(tmp_path, "nah/messages.yaml", "menu: {title: Tlen}\nreport: {count: '{n}'}\n")

    told = [each for each in said(check(tmp_path, TODAY, NEEDED)) if "has no text: " in each]

    assert told == [
        "es/messages:0: report.filed has no text: the program's own is used "
        "(asked for in handlers.report, handlers.shown)",
        "nah/messages:0: report.filed has no text: that of another language than nah is used "
        "(asked for in handlers.report, handlers.shown)",
    ]


def test_a_folder_with_a_few_words_of_its_own_is_told_in_one_line(tmp_path):
    """Who changes three texts is not told of all the others."""
    write_town(tmp_path)
    write(tmp_path, "en/messages.yaml", "menu: {title: Hello}\n")

    assert said(check(tmp_path, TODAY, NEEDED)) == ["en/messages:0: has 1 of 3 texts: the others come with the program"]


def test_a_town_without_texts_is_told_once(tmp_path):
    """All of them come with the program."""
    write_town(tmp_path, **{"es/messages.yaml": None})

    assert said(check(tmp_path, TODAY, NEEDED)) == [
        "es/messages.yaml:0: is missing: the texts that come with the program are used"
    ]


def test_a_text_that_nobody_asks_for_is_told(tmp_path):
    """It is misspelt, or of a release before."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", "menu:\n", "menu:\n  titel: Hola\n")

    assert said(check(tmp_path, TODAY, NEEDED)) == [
        "es/messages.yaml:2: nobody asks for menu.titel: it is never shown; did you mean menu.title?"
    ]


def test_a_text_that_comes_with_the_program_is_never_told_as_left_over(tmp_path):
    """Who copied the program's files did nothing wrong, even where only a document shows a text."""
    write_town(tmp_path)
    assert said(check(tmp_path, TODAY, {"menu.title": ("m",), "report.count": ("r",)})) == []


def test_none_of_this_keeps_a_town_from_opening(tmp_path):
    """Texts are warned of; a release never stops a town."""
    write_town(tmp_path, **{"en/messages.yaml": None})
    edit(tmp_path, "es/messages.yaml", '  filed: "Su folio es {folio}."\n', "  old: '{nobody}'\n")

    assert not [problem for problem in check(tmp_path, TODAY, NEEDED) if problem.is_error]
