"""Reading a content folder: what it yields, and every mistake with its file and line."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from faq.model import Duration, Holiday
from faq.reading.errors import ContentErrors
from faq.reading.library import load, read
from faq.reading.shipped import shipped_texts
from tests.faq.folders import FILES, edit, said, write, write_town

TODAY = date(2026, 11, 21)
SAMPLE = Path(__file__).parents[3] / "faq" / "content"


def mistakes(folder: Path) -> list[str]:
    """The errors that keep a folder from being used."""
    with pytest.raises(ContentErrors) as raised:
        load(folder, today=TODAY)
    return said(raised.value.problems)


def warnings(folder: Path) -> list[str]:
    return said(load(folder, today=TODAY).warnings)


def test_a_sound_folder_is_read_whole(tmp_path):
    """What is written in the files is what the counter knows, without a warning."""
    library = load(write_town(tmp_path), today=TODAY)

    assert library.warnings == ()
    assert (library.city.name, library.city.languages) == ("Villa de Prueba", ("es", "en"))
    assert library.city.conversation_expires_after == timedelta(hours=12)
    assert library.city.drafts_kept_for == timedelta(days=7)
    assert library.city.cut_off == time(15)
    assert library.city.working_hours[2] == ((time(9), time(14)), (time(16), time(18)))
    assert library.city.legal.answer_days == 20
    assert library.city.legal.verified_on == date(2026, 11, 1)
    assert library.city.desks["transparency"] == "transparencia"
    assert library.city.complaint_answer_days == 10
    assert library.departments["obras"].phone == "0331234567"
    service = library.services["VIA-BACHE"]
    assert (service.respond_within, service.resolve_within) == (Duration(4, "hours"), Duration(10, "days"))
    assert service.people_say == ("hay un bache", "hoyo en la calle")
    assert library.holidays[0] == Holiday(date(2026, 12, 25), "Navidad", "LFT 74")
    assert [area.kind for area in library.areas] == ["municipality", "colonia"]
    assert library.articles["es"]["predial"].body == "Se paga en la Tesorería."
    assert library.articles["en"]["predial"].title == "Property tax"
    assert library.messages["es"]["report.filed"] == "Su folio es {folio}."
    assert library.messages["en"]["report.count"] == {"one": "{n} report", "other": "{n} reports"}
    assert library.synonyms["es"] == {"tiendita": ("abarrotes",), "caguamas": ("cerveza", "alcohol")}


def test_the_sample_town_can_be_used():
    """The content that comes with the product starts, in every language that it offers."""
    library = load(SAMPLE, today=TODAY)

    assert library.city.name == "Poncitlán"
    assert set(library.city.themes) == {"TRC", "SJ", "EMA", "DE", "CI"}
    assert all(set(library.messages[language]) for language in library.city.languages)
    assert library.city.conversation_expires_after == timedelta(hours=12)


def test_every_mistake_is_told_at_once(tmp_path):
    """Mistakes in many files are mended in one go, not one start after the other."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "cut_off: 15:00", "cut_off: late")
    edit(tmp_path, "departments.yaml", "  phone", "phone")
    edit(tmp_path, "services.yaml", "10 working days", "0 working days")
    edit(tmp_path, "calendar.csv", "2026-12-25", "Christmas")
    edit(tmp_path, "places.geojson", '"features"', "features")
    edit(tmp_path, "es/messages.yaml", "{folio}", "{folio")
    edit(tmp_path, "es/articles/predial.md", "id: predial", "id: Predial!")

    with pytest.raises(ContentErrors) as raised:
        load(tmp_path, today=TODAY)

    files = {problem.file for problem in raised.value.problems}
    assert files == {
        "city.yaml", "departments.yaml", "services.yaml", "calendar.csv", "places.geojson", "es/messages.yaml",
        "es/articles/predial.md",
    }  # fmt: skip
    lines = str(raised.value).splitlines()
    assert lines[0] == f"{len(raised.value.problems)} mistakes in the content:"
    assert "  services.yaml:6: resolve_within must be more than 0" in lines


@pytest.mark.parametrize("file", ["city.yaml", "departments.yaml", "services.yaml"])
def test_a_town_cannot_do_without_its_main_files(tmp_path, file):
    """Each main file that is missing is named."""
    write_town(tmp_path, **{file: None})

    assert any(each.startswith(f"{file}:0: is missing") for each in mistakes(tmp_path))


@pytest.mark.parametrize("file", ["city.yaml", "departments.yaml", "services.yaml"])
def test_an_empty_main_file_is_as_good_as_none(tmp_path, file):
    """A file of nothing but notes is told."""
    write_town(tmp_path, **{file: "# later\n"})

    assert f"{file}:0: is empty" in mistakes(tmp_path)


@pytest.mark.parametrize("file", ["calendar.csv", "places.geojson", "es/messages.yaml", "en/messages.yaml"])
def test_a_town_can_do_without_the_others(tmp_path, file):
    """Without them the counter opens, and says what is missing."""
    write_town(tmp_path, **{file: None})

    assert [each for each in warnings(tmp_path) if each.startswith(f"{file}:0: is missing")]


def test_synonyms_may_be_missing_without_a_word(tmp_path):
    """Nobody is bothered about synonyms."""
    assert warnings(write_town(tmp_path, **{"es/synonyms.yaml": None})) == []


def test_a_folder_that_is_not_there_is_named(tmp_path):
    """A wrong CONTENT_DIR is told as such."""
    assert f".:0: there is no folder {tmp_path / 'gone'}: CONTENT_DIR must name one" in mistakes(tmp_path / "gone")


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith(".yaml")])
@pytest.mark.parametrize(
    "text", ["a: b: c\n", "a: [1\n", "\tx: 1\n", "a: &x [*x]\n", "\x00", "- a\n- b\n", "just words\n"]
)
def test_a_file_that_is_not_what_it_should_be_never_breaks_the_reader(tmp_path, file, text):
    """Whatever stands in a file, there is a list of mistakes, or a warning, with that file's name."""
    write_town(tmp_path, **{file: text})

    content = read(tmp_path, today=TODAY)

    assert content.problems


def test_a_broken_yaml_file_is_told_with_the_line_where_it_breaks(tmp_path):
    """A text with a colon and without quotes is the usual case."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", '"¿En qué le ayudo?"', "Elija: reporte o pregunta")

    assert mistakes(tmp_path) == [
        "es/messages.yaml:2: cannot be read as YAML: mapping values are not allowed in this context; "
        'texts with : # { } need "quotes"'
    ]


def test_texts_of_unknown_signs_are_told_with_their_line(tmp_path):
    """A file that a spreadsheet saved in an old encoding is not guessed at."""
    write_town(tmp_path)
    write(tmp_path, "calendar.csv", "day,reason\n2026-12-25,Navidad\n2027-01-01,Año Nuevo\n".encode("cp1252"))

    assert mistakes(tmp_path) == ["calendar.csv:3: has a character that is not UTF-8: save the file as UTF-8"]


def test_a_file_that_is_far_too_large_is_told_and_not_read(tmp_path: Path):
    """Somebody copied a film into the folder."""
    write_town(tmp_path)
    with (tmp_path / "calendar.csv").open("r+b") as file:
        file.truncate(40 * 1024 * 1024)
    assert mistakes(tmp_path)[0] == "calendar.csv:0: has more than 32 MB: nothing of it is read"


def test_files_from_windows_are_read_like_any_other(tmp_path):
    """A byte order mark and carriage returns change nothing."""
    for file, text in FILES.items():
        write(tmp_path, file, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    library = load(tmp_path, today=TODAY)

    assert library.warnings == ()
    assert library.articles["es"]["predial"].body == "Se paga en la Tesorería."


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    """Nothing but a file can be read."""
    write_town(tmp_path, **{"services.yaml": None})
    (tmp_path / "services.yaml").mkdir()

    assert any(each.startswith("services.yaml:0: cannot be read") for each in mistakes(tmp_path))


def test_facts_that_are_not_filled_in_are_warned_of(tmp_path):
    """A placeholder is seen by the administrator before a resident sees it; quotes around it do not matter."""
    write_town(tmp_path)
    edit(tmp_path, "departments.yaml", "0331234567", "{telefono}")
    edit(tmp_path, "city.yaml", "https://example.org/aviso", '"https://{sitio}/aviso"')
    edit(tmp_path, "es/articles/predial.md", "Tesorería.", "Tesorería, {horario de caja}.\nTambién en {banco}.")

    library = load(tmp_path, today=TODAY)

    assert library.departments["obras"].phone == "{telefono}"
    assert said(library.warnings) == [
        "city.yaml:6: {sitio} is still to be filled in by the town",
        "departments.yaml:3: {telefono} is still to be filled in by the town",
        "es/articles/predial.md:11: {horario de caja} is still to be filled in by the town",
        "es/articles/predial.md:12: {banco} is still to be filled in by the town",
    ]
    assert not any(problem.is_error for problem in library.warnings)


def test_what_a_language_lacks_is_warned_of(tmp_path):
    """A label that is not translated is shown in Spanish; a text that leaves a fact out may be meant so."""
    write_town(tmp_path)
    edit(tmp_path, "en/messages.yaml", "folio is {folio}.", "report is filed.")
    edit(tmp_path, "services.yaml", "{es: Bache, en: Pothole}", "{es: Bache}")
    edit(tmp_path, "city.yaml", "{es: Calles, en: Streets}", "{es: Calles}")

    assert warnings(tmp_path) == [
        "city.yaml:24: calles has no text in en: Spanish is shown",
        "en/messages.yaml:4: report.filed lacks the placeholder {folio} of the Spanish text",
        "services.yaml:2: name has no text in en: Spanish is shown",
    ]


def test_a_broken_spanish_file_does_not_accuse_the_other_languages(tmp_path):
    """One broken file is one mistake."""
    write_town(tmp_path, **{"es/messages.yaml": "menu: a: b\n"})

    assert [problem.file for problem in read(tmp_path, today=TODAY).problems] == ["es/messages.yaml"]


def test_messages_may_be_spread_over_files(tmp_path):
    """All files of messages/ count as one; the same key in two of them is a mistake."""
    write_town(tmp_path)
    write(tmp_path, "es/messages/staff.yaml", "staff:\n  queue: Su cola\nreport:\n  closed: Cerrado\n")
    write(tmp_path, "en/messages/staff.yaml", "staff: {queue: Your queue}\nreport: {closed: Closed}\n")
    assert load(tmp_path, today=TODAY).messages["es"]["report.closed"] == "Cerrado"

    write(tmp_path, "es/messages/more.yaml", "report:\n  filed: Otra vez {folio}\n")
    assert mistakes(tmp_path) == [
        "es/messages/more.yaml:2: report.filed is there twice; it was first written in es/messages.yaml, line 4"
    ]


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path):
    """`no`, `on` and 15:00 are texts where a text is meant."""
    write_town(tmp_path)
    for language in ("es", "en"):
        write(tmp_path, f"{language}/messages/words.yaml", "words:\n  no: no\n  yes: on\n  hour: 15:00\n  n: 007\n")

    texts = load(tmp_path, today=TODAY).messages["es"]

    assert [texts[f"words.{key}"] for key in ("no", "yes", "hour", "n")] == ["no", "on", "15:00", "007"]


def test_braces_of_a_plural_are_checked_in_each_form(tmp_path):
    """A form may leave a placeholder out, as in `un reporte`; a broken one is a mistake."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", '"{n} reporte"', '"un reporte"')
    assert warnings(tmp_path) == []

    edit(tmp_path, "es/messages.yaml", '"un reporte"', '"{n reporte"')
    assert mistakes(tmp_path)[0].startswith("es/messages.yaml:6: report.count has a brace without its partner")


def test_a_key_that_nobody_knows_is_warned_of(tmp_path):
    """Most unknown keys are misspelt, so the nearest one is named."""
    write_town(tmp_path)
    edit(tmp_path, "services.yaml", "  group: calles", "  is_urgnt: true\n  group: calles")

    assert warnings(tmp_path) == ["services.yaml:3: is_urgnt is not known here and is ignored; did you mean is_urgent?"]


def test_an_unverified_legal_profile_is_warned_of(tmp_path):
    """Nobody promises a term by law that nobody has confirmed."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "    verified_on: 2026-11-01\n", "    verified_on:\n")

    assert warnings(tmp_path) == [
        "city.yaml:16: legal profile general has no verified_on: have the transparency unit confirm its terms"
    ]


def test_a_calendar_from_a_spreadsheet_in_spanish_is_read(tmp_path):
    """Semicolons and notes are as good as commas."""
    write_town(
        tmp_path,
        **{"calendar.csv": "# notas; del año\nday;reason\n\n2027-01-01;Año Nuevo, lunes\n2026-12-25;Navidad\n"},
    )

    library = load(tmp_path, today=TODAY)

    assert [(h.day.isoformat(), h.reason) for h in library.holidays] == [
        ("2026-12-25", "Navidad"),
        ("2027-01-01", "Año Nuevo, lunes"),
    ]
    assert said(library.warnings) == [
        "calendar.csv:0: 2 of 2 days have no verified_on: confirm them with the town's decree"
    ]


def test_a_calendar_that_ends_soon_is_warned_of(tmp_path):
    """In November the terms reach into the next year: its holidays must be there."""
    write_town(tmp_path)
    edit(tmp_path, "calendar.csv", "2027-01-01,Año Nuevo,LFT 74,2026-11-01\n", "")

    assert warnings(tmp_path) == ["calendar.csv:0: has no days of 2027: terms will count its holidays as working days"]


def test_a_town_without_articles_is_warned_of(tmp_path):
    """The counter opens, and can answer nothing."""
    write_town(tmp_path, **{"es/articles/predial.md": None, "en/articles/predial.md": None})

    assert warnings(tmp_path) == ["es/articles:0: has no articles: no question can be answered"]


def test_a_service_that_nobody_can_name_is_warned_of(tmp_path):
    """Without wordings a service is found by the menu only."""
    write_town(tmp_path)
    edit(tmp_path, "services.yaml", "  people_say:\n    - hay un bache\n    - hoyo en la calle\n", "")

    assert warnings(tmp_path)[0].startswith("services.yaml:2: VIA-BACHE has no people_say")


def test_what_is_unknown_of_a_missing_file_is_not_counted_as_mistakes(tmp_path):
    """A missing departments.yaml is one mistake, not one for each service."""
    write_town(tmp_path, **{"departments.yaml": None})

    assert mistakes(tmp_path) == ["departments.yaml:0: is missing: every town needs one"]


def test_another_language_is_another_folder(tmp_path):
    """The third language needs its code in city.yaml and its folder, nothing else."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "[es, en]", "[es, en, nah]")
    write(tmp_path, "nah/messages.yaml", "menu:\n  title: Tlen?\n")

    library = load(tmp_path, today=TODAY)

    assert library.messages["nah"]["menu.title"] == "Tlen?"
    assert library.messages["nah"]["report.filed"] == "Su folio es {folio}.", "what it lacks is the town's Spanish"
    assert library.messages["nah"]["system.apology"] == shipped_texts()["es"]["system.apology"], "or the program's"


def test_a_language_never_calls_itself_by_the_name_of_another(tmp_path):
    """What a folder does not say of its language, its name and how it writes dates, is not taken from Spanish."""
    write_town(tmp_path)
    edit(tmp_path, "city.yaml", "[es, en]", "[es, en, nah]")
    write(tmp_path, "nah/messages.yaml", "menu:\n  title: Tlen?\n")

    texts = load(tmp_path, today=TODAY).messages

    assert (texts["es"]["language.own_name"], texts["en"]["language.own_name"]) == ("Español", "English")
    assert not [key for key in texts["nah"] if key.startswith(("format.", "language.own_name"))]


def test_a_text_that_the_town_lacks_comes_with_the_program(tmp_path):
    """In each language its own; the town's words stand where it has some."""
    library = load(write_town(tmp_path, **{"en/messages.yaml": None}), today=TODAY)

    for language in ("es", "en"):
        assert library.messages[language]["request.filed"] == shipped_texts()[language]["request.filed"]
    assert library.messages["es"]["report.filed"] == "Su folio es {folio}."
    assert library.messages["en"]["report.filed"] == shipped_texts()["en"]["report.filed"], "English before Spanish"


def test_a_key_of_before_goes_on_being_read(tmp_path):
    """A release that calls a text by another name does not take the town's words away."""
    write_town(tmp_path)
    write(tmp_path, "es/messages/web.yaml", "web: {language_name: Castellano}\n")

    library = load(tmp_path, today=TODAY)

    assert library.messages["es"]["language.own_name"] == "Castellano"
    assert library.warnings == ()


def test_a_placeholder_that_nobody_fills_is_warned_of(tmp_path):
    """The counter opens all the same; `{city}` is filled everywhere."""
    write_town(tmp_path)
    edit(tmp_path, "es/messages.yaml", "Su folio es {folio}.", "Su folio de {city} es {folio}, {nombre}.")

    assert warnings(tmp_path) == [
        "en/messages.yaml:4: report.filed lacks the placeholder {city} of the Spanish text",
        "en/messages.yaml:4: report.filed lacks the placeholder {nombre} of the Spanish text",
        "es/messages.yaml:4: report.filed has the placeholder {nombre}, which nobody fills: "
        "the program's own text is used instead",
    ]


def test_an_address_for_letters_that_nobody_reads_is_no_mistake(tmp_path):
    """Departments wrote their e-mail there; it goes on being accepted."""
    write_town(tmp_path)
    edit(tmp_path, "departments.yaml", "  phone: 0331234567", "  phone: 0331234567\n  email: obras@example.org")

    assert warnings(tmp_path) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(sorted(FILES)),
    at=st.integers(min_value=0, max_value=900),
    cut=st.integers(min_value=0, max_value=40),
    put=st.text(alphabet="abc{}[]:,-#&*!|>'\"%@` \n\t\x00é0", max_size=6),
)
def test_no_slip_of_the_hand_brings_the_reader_down(tmp_path, file, at, cut, put):
    """Cut anything out, put anything in: the reader yields problems or a library, never a crash."""
    text = FILES[file]
    at %= len(text) + 1
    write_town(tmp_path, **{file: text[:at] + put + text[at + cut :]})

    content = read(tmp_path, today=TODAY)

    assert all(problem.file and problem.message and problem.line >= 0 for problem in content.problems)
