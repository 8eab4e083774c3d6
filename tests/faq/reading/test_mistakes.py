"""One slip of the hand in one file of a sound folder: what is told, and on which line."""

from datetime import date

import pytest

from faq.reading.errors import ContentErrors
from faq.reading.library import load
from tests.faq.folders import edit, said, write_town


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("city.yaml", "name: Villa de Prueba", "name:", "city.yaml:1: name is empty"),
        ("city.yaml", "state: Jalisco\n", "", "city.yaml:1: state is missing"),
        (
            "city.yaml",
            "America/Mexico_City",
            "America/Guadalajara",
            "city.yaml:3: timezone 'America/Guadalajara' does not exist: write one such as America/Mexico_City",
        ),
        (
            "city.yaml",
            "[es, en]",
            "[en, es]",
            "city.yaml:4: languages must begin with es: Spanish is what is shown where another language lacks a text",
        ),
        (
            "city.yaml",
            "12 hours",
            "half a day",
            "city.yaml:7: conversation_expires_after must be a span such as 12 hours or 7 days, not 'half a day'",
        ),
        ("city.yaml", "7 days", "0 days", "city.yaml:8: drafts_kept_for must be more than 0"),
        (
            "city.yaml",
            "15:00\nworking",
            "3 pm\nworking",
            "city.yaml:9: cut_off must be a time such as 15:00, not '3 pm'",
        ),
        (
            "city.yaml",
            "monday: 09:00-15:00",
            "monday: 15:00-09:00",
            "city.yaml:11: monday must open before it closes: 15:00-09:00",
        ),
        (
            "city.yaml",
            "16:00-18:00",
            "13:00-18:00",
            "city.yaml:12: tuesday must have its spans in order, without overlap: 13:00-18:00",
        ),
        ("city.yaml", "  monday", "  lunes", "city.yaml:11: lunes is not a weekday"),
        (
            "city.yaml",
            "legal_profile: general",
            "legal_profile: genral",
            "city.yaml:13: legal profile genral is not among legal_profiles; did you mean general?",
        ),
        ("city.yaml", "answer_days: 20", "answer_days: 0", "city.yaml:16: answer_days must be more than 0"),
        (
            "city.yaml",
            "answer_days: 20",
            "answer_days: twenty",
            "city.yaml:16: answer_days must be a whole number, such as 1",
        ),
        ("city.yaml", "extension_days: 10", "extension_days: -1", "city.yaml:17: extension_days must be 0 or more"),
        (
            "city.yaml",
            "2026-11-01",
            "01/11/2026",
            "city.yaml:22: verified_on must be a date such as 2026-01-31, not '01/11/2026'",
        ),
        (
            "city.yaml",
            "2026-11-01",
            "2026-02-30",
            "city.yaml:22: verified_on must be a date such as 2026-01-31, not '2026-02-30'",
        ),
        ("city.yaml", "  front_desk: obras\n", "", "city.yaml:26: front_desk is missing"),
        (
            "city.yaml",
            "complaints: obras",
            "complaints: obra",
            "city.yaml:27: complaints: no department obra; did you mean obras?",
        ),
        (
            "city.yaml",
            "{es: Calles, en: Streets}",
            "{en: Streets}",
            "city.yaml:24: calles has no Spanish text: add `es: ...`",
        ),
        (
            "city.yaml",
            "state: Jalisco",
            "state: Jalisco\nstate: Colima",
            "city.yaml:3: state is there twice; it was first written on line 2",
        ),
        ("departments.yaml", "{es: Obras, en: Works}", "", "departments.yaml:2: name is empty"),
        ("departments.yaml", "  phone: 0331234567", "  phone: [1, 2]", "departments.yaml:3: phone must be a text"),
        (
            "services.yaml",
            "VIA-BACHE",
            "bache",
            "services.yaml:2: code 'bache' must be capitals and digits in two parts, such as VIA-BACHE",
        ),
        (
            "services.yaml",
            "group: calles",
            "group: calle",
            "services.yaml:3: group calle is not in city.yaml; did you mean calles?",
        ),
        (
            "services.yaml",
            "department: obras",
            "department: agua",
            "services.yaml:4: department agua is not in departments.yaml",
        ),
        ("services.yaml", "10 working days", "0 working days", "services.yaml:6: resolve_within must be more than 0"),
        ("services.yaml", "10 working days", "-3 días hábiles", "services.yaml:6: resolve_within must be more than 0"),
        (
            "services.yaml",
            "10 working days",
            "48 h",
            "services.yaml:6: resolve_within must be such as 4 working hours, 3 working days",
        ),
        (
            "services.yaml",
            "4 working hours",
            "11 working days",
            "services.yaml:2: respond_within must not be longer than resolve_within",
        ),
        (
            "services.yaml",
            "  group:",
            "  is_urgent: maybe\n  group:",
            "services.yaml:3: is_urgent must be true or false",
        ),
        (
            "services.yaml",
            "{es: Bache, en: Pothole}",
            "{es: Bache, hoyo}",
            "services.yaml:2: 'hoyo' is not a language such as es or en: texts with , or : need \"quotes\"",
        ),
        (
            "calendar.csv",
            "2026-12-25",
            "25/12/2026",
            "calendar.csv:2: day must be a date such as 2026-01-31, not '25/12/2026'",
        ),
        (
            "calendar.csv",
            "2027-01-01",
            "2026-12-25",
            "calendar.csv:3: 2026-12-25 is there twice: 'Navidad' has it already",
        ),
        ("calendar.csv", "Navidad", "", "calendar.csv:2: reason is empty: say why the day does not count"),
        (
            "calendar.csv",
            "LFT 74,2026-11-01\n2027",
            "LFT 74,ayer\n2027",
            "calendar.csv:2: verified_on must be a date such as 2026-01-31, not 'ayer'",
        ),
        (
            "calendar.csv",
            "Año Nuevo",
            "Año Nuevo, feriado",
            "calendar.csv:3: has more than 4 columns: put texts with commas in quotes",
        ),
        (
            "calendar.csv",
            "day,reason",
            "fecha,motivo",
            "calendar.csv:1: the first line must name the columns: day,reason,source,verified_on",
        ),
        ("places.geojson", '"kind": "colonia"', '"kind": "barrio"', "places.geojson:10: kind barrio must be one of"),
        (
            "places.geojson",
            '"id": "centro"',
            '"id": "limite"',
            "places.geojson:10: id limite is taken by Villa de Prueba",
        ),
        ("places.geojson", '"name": "Centro", ', "", "places.geojson:10: a feature has no name in its properties"),
        (
            "places.geojson",
            "[-102.5, 20.5]",
            "[20.5, -102.5]",
            "places.geojson:10: a position of Centro lies outside the Earth: write [longitude, latitude]",
        ),
        (
            "places.geojson",
            "[-102.5, 20.5]",
            '["a", "b"]',
            "places.geojson:10: a position of Centro must be [longitude, latitude]",
        ),
        (
            "places.geojson",
            '"Point"',
            '"LineString"',
            "places.geojson:10: geometry of Centro must be a Point, Polygon or MultiPolygon, not LineString",
        ),
        (
            "places.geojson",
            ", [-103, 21], [-103, 20]]]",
            ", [-103, 21]]]",
            "places.geojson:5: a ring of Villa de Prueba must have at least 4 positions, and end where it begins",
        ),
        (
            "places.geojson",
            '["zona centro"]',
            '"zona centro"',
            "places.geojson:10: aliases of Centro must be a list of texts",
        ),
        ("places.geojson", '"kind": "colonia"', '"kind": "colonia",,', "places.geojson:11: cannot be read as JSON"),
        ("places.geojson", '"colonia"', '"municipality"', "places.geojson:0: has 2 features of kind municipality"),
        ("es/messages.yaml", "{folio}", "{folio", "es/messages.yaml:4: report.filed has a brace without its partner"),
        (
            "es/messages.yaml",
            "{folio}",
            "{el folio}",
            "es/messages.yaml:4: report.filed has {el folio}: a placeholder is one name, such as {folio}",
        ),
        (
            "es/messages.yaml",
            '    other: "{n} reportes"\n',
            "",
            "es/messages.yaml:6: report.count has plural forms but no `other`: add it",
        ),
        (
            "es/messages.yaml",
            'filed: "Su folio es {folio}."',
            "filed: [a, b]",
            "es/messages.yaml:4: report.filed must be a text or a group of texts",
        ),
        (
            "es/messages.yaml",
            'filed: "Su folio es {folio}."',
            'filed: ""',
            "es/messages.yaml:4: filed is empty: write it or leave the line out",
        ),
        ("es/synonyms.yaml", "abarrotes", "{a: b}", "es/synonyms.yaml:1: tiendita must be a text"),
        (
            "es/synonyms.yaml",
            "caguamas",
            "tiendita",
            "es/synonyms.yaml:2: tiendita is there twice; it was first written on line 1",
        ),
        (
            "es/articles/predial.md",
            "theme: TRC",
            "theme: TCR",
            "es/articles/predial.md:7: theme TCR is not in city.yaml; did you mean TRC?",
        ),
        (
            "es/articles/predial.md",
            "office: obras",
            "office: caja",
            "es/articles/predial.md:8: office caja is not in departments.yaml",
        ),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(tmp_path, file, old, new, expected):
    """One slip of the hand gives one mistake, that says where it is and what to write."""
    write_town(tmp_path)
    edit(tmp_path, file, old, new)

    with pytest.raises(ContentErrors) as raised:
        load(tmp_path, today=date(2026, 11, 21))
    told = said(raised.value.problems)

    assert any(each.startswith(expected) for each in told), told
