"""Words: every text is said in some language, whatever the town's files lack, and in the way that language writes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from faq.model import Library
from faq.reading.library import load
from faq.reading.shipped import shipped_texts
from handlers.town import render
from tests import listening
from tests.faq.folders import edit, write, write_town

TODAY = date(2026, 11, 21)
#: A Monday, 10:05 in the town.
MOMENT = datetime(2026, 11, 23, 16, 5, tzinfo=UTC)
FACTS = {"folio": "K7M4-TX9", "department": "Obras", "due_at": MOMENT, "city": "Villa de Prueba"}

#: Reads a town with a third language, whose messages are these.
Nah = Callable[[str], Library]


@pytest.fixture
def nah(tmp_path: Path) -> Nah:
    @cache
    def made(messages: str) -> Library:
        write_town(tmp_path)
        edit(tmp_path, "city.yaml", "[es, en]", "[es, en, nah]")
        if messages:
            write(tmp_path, "nah/messages.yaml", messages)
        return load(tmp_path, today=TODAY)

    return made


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "lun 23 nov, 10:05 a.m."), ("en", "Mon 23 Nov, 10:05 a.m.")],
)
def test_a_moment_is_written_as_the_language_writes_it(nah: Nah, language: str, said: str) -> None:
    """In the town's time, by the pattern that the language's folder gives."""
    assert render.shown(nah(""), MOMENT, language) == said


@pytest.mark.parametrize(
    ("messages", "moment", "day"),
    [
        # CLDR does not know the code: as the town's first language does.
        ("menu: {title: Tlen}", "lun 23 nov, 10:05 a.m.", "lunes 23 de noviembre"),
        # The folder names a region that CLDR knows.
        ("format: {locale: en_US, moment: 'HH:mm EEE', day: d MMMM}", "10:05 Mon", "23 November"),
        # Without patterns, by CLDR's own for that region.
        ("format: {locale: en_GB}", "23/11/2026, 10:05", "23 Nov 2026"),
        # What is no region and no pattern counts as nothing.
        ("format: {locale: klingon, moment: qqqqqqqqq, day: HH}", "lun 23 nov, 10:05 a.m.", "lunes 23 de noviembre"),
    ],
)
def test_a_third_language_says_how_it_writes_dates(nah: Nah, messages: str, moment: str, day: str) -> None:
    """By its own folder, or CLDR, or the town's first language; a slip in the file never breaks a message."""
    assert (render.shown(nah(messages), MOMENT, "nah"), render.shown(nah(messages), TODAY.replace(day=23), "nah")) == (
        moment,
        day,
    )


def test_a_language_that_cldr_knows_is_written_by_it(tmp_path: Path) -> None:
    """A folder that says nothing of dates has them as CLDR has them, not as Spanish does."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "[es, en]", "[es, en, pt]")
    library = load(tmp_path, today=TODAY)
    assert render.shown(library, MOMENT, "pt") == "23/11/2026 10:05"
    assert render.language_name(library, "pt") == "português"


@pytest.mark.parametrize(
    ("messages", "name"),
    [("language: {own_name: Nawatl}", "Nawatl"), ("web: {language_name: Mexicano}", "Mexicano"), ("", "nah")],
)
def test_a_language_calls_itself_as_its_folder_says(nah: Nah, messages: str, name: str) -> None:
    """Under the key of today, or the one of before; its code where it says nothing."""
    assert render.language_name(nah(messages), "nah") == name


def test_a_town_without_any_texts_says_everything(tmp_path: Path) -> None:
    """Each key in each language, as the program brings it."""
    library = load(write_town(tmp_path, **{"es/messages.yaml": None, "en/messages.yaml": None}), today=TODAY)
    for language in ("es", "en"):
        for key, text in shipped_texts()[language].items():
            assert render.text_of(library, key, language) == text
    listening.undeclared()  # also texts that only documents show


def test_a_placeholder_that_nobody_fills_gives_way_to_the_programs_words(tmp_path: Path) -> None:
    """The resident reads a whole sentence, and not a report that failed."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", "Su folio es {folio}.", "Su folio es {folio}, {nombre}.")
    library = load(tmp_path, today=TODAY)
    assert render.words(library, "report.filed", "es", FACTS) == shipped_texts()["es"]["report.filed"].format(
        **{**FACTS, "due_at": "lun 23 nov, 10:05 a.m"}
    )


@pytest.mark.parametrize("slip", ["{folio:d}", "{folio.name}", "{folio[9]}"])
def test_a_placeholder_that_asks_for_too_much_gives_way_too(tmp_path: Path, slip: str) -> None:
    """Programmers' forms have no place in a sentence."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", "Su folio es {folio}.", "Su folio es {folio}. XX")
    library = load(tmp_path, today=TODAY)
    texts = {**library.messages["es"], "report.filed": f"XX {slip}"}
    broken = replace(library, messages={**library.messages, "es": texts})
    said = render.words(broken, "report.filed", "es", FACTS)
    assert "K7M4-TX9" in said
    assert "XX" not in said


def test_a_town_may_use_whatever_is_filled(tmp_path: Path) -> None:
    """Also the name of the town, and what the program's own words leave out."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", "Su folio es {folio}.", "{city}, {extra}: {folio}")
    library = load(tmp_path, today=TODAY)
    assert render.words(library, "report.filed", "es", {**FACTS, "extra": 5}) == "Villa de Prueba, 5: K7M4-TX9"


def test_a_text_that_even_the_program_lacks_loses_no_work(tmp_path: Path) -> None:
    """What was done stays done; the tests hear of the key."""
    library = load(write_town(tmp_path), today=TODAY)
    assert render.words(library, "report.nobody_wrote_this", "es", FACTS) == "report.nobody_wrote_this"
    assert listening.undeclared() == ["report.nobody_wrote_this"]


def test_a_placeholder_that_the_programs_own_words_leave_open_is_heard(tmp_path: Path) -> None:
    """It is a mistake of the program, which no test lets through; people read the sentences that are whole."""
    library = load(write_town(tmp_path, **{"es/messages.yaml": None}), today=TODAY)
    said = render.words(library, "report.filed", "es", {})
    assert "Te aviso por aquí" in said and "{" not in said
    assert listening.left_open() == ["report.filed"]


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ({"nah": "Ohtli", "es": "Calle"}, "Ohtli"),
        ({"es": "Calle", "en": "Street"}, "Calle"),
        ({"en": "Street"}, "Street"),
        ({"nah": "{toponimo}", "es": "Calle"}, "Calle"),
        ({"es": "{nombre_de_la_calle}"}, "nombre de la calle"),
        ({}, ""),
    ],
)
def test_a_label_is_shown_in_whatever_language_there_is(nah: Nah, labels: dict[str, str], said: str) -> None:
    """The person's, or the town's first, or any."""
    assert render.label(nah(""), labels, "nah") == said


def test_the_languages_follow_each_other_in_a_circle(nah: Nah) -> None:
    """The last is followed by the first; one that the town no longer has, too."""
    from handlers.town.town import Town  # noqa: PLC0415  the search engine is large

    town = Town(nah(""), model="none")
    assert [town.language_after(each) for each in ("es", "en", "nah", "fr")] == ["en", "nah", "es", "es"]


@pytest.mark.parametrize(
    ("messages", "halves"),
    [
        ("menu: {title: Tlen}", ("a.m.", "p.m.")),
        ("format: {locale: en_US, moment: 'h:mm a'}", ("AM", "PM")),
        ("format: {locale: es_MX, moment: \"d MMM 'a las' HH:mm\"}", None),
        # Without a pattern, by CLDR's own for that region.
        ("format: {locale: en_US}", ("AM", "PM")),
        ("format: {locale: en_GB}", None),
    ],
)
def test_a_page_counts_hours_as_the_messages_do(nah: Nah, messages: str, halves: tuple[str, str] | None) -> None:
    """To twelve with the same letters, or to 24."""
    assert render.halves_of_day(nah(messages), "nah") == halves
    written = render.shown(nah(messages), MOMENT, "nah")
    assert (halves is not None and halves[0] in written) == (halves is not None)
