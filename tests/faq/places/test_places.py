"""Places by name, by pin and by link."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.model import Area
from faq.places.gazetteer import Gazetteer
from faq.places.geometry import distance_metres
from faq.places.map_links import is_short_map_link, parse_map_link
from faq.reading.notes import Notes
from faq.reading.places import read_places

SAMPLE = Path(__file__).parents[3] / "faq" / "content"


@pytest.fixture(scope="module")
def town() -> Gazetteer:
    return Gazetteer(read_places(SAMPLE, Notes()))


def square(latitude: float, longitude: float, half: float) -> tuple[tuple[float, float], ...]:
    south, north, west, east = latitude - half, latitude + half, longitude - half, longitude + half
    return ((south, west), (south, east), (north, east), (north, west))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("en la col. centro", "centro"),
        ("Poncitlan centro", "centro"),
        ("Centro, Poncitlán", "centro"),
        ("por mescala", "mezcala"),
        ("Mezcala, Poncitlán", "mezcala"),
        ("MEZCALA DE LA ASUNCIÓN", "mezcala"),
        ("las calles de mezcala", "mezcala"),
        ("in Mezcala near the church", "mezcala"),
        ("san pedro itsican", "san-pedro-itzican"),
        ("san pedro iztican", "san-pedro-itzican"),
        ("SAN  PEDRO   ITZICAN!!", "san-pedro-itzican"),
        ("calle Mezcala 5 en san pedro", "san-pedro-itzican"),
        ("ponsitlan", "poncitlan"),
        ("kuitzeo", "cuitzeo"),
        ("cuiceo", "cuitzeo"),
        ("sta. maria de la joya", "santa-maria-de-la-joya"),
        ("san migel sapotitlan", "san-miguel-zapotitlan"),
        ("casablanca", "casa-blanca"),
        ("en Casa Blanca junto a la escuela", "casa-blanca"),
        ("en agua caliente no hay luz", "agua-caliente"),
        ("Agua caliente, calle Juárez 5", "agua-caliente"),
        ("soy de agua caliente", "agua-caliente"),
        ("la sapotera", "la-zapotera"),
        ("por el rumbo de chalpikote", "chalpicote"),
        ("tlachichilko", "tlachichilco"),
        ("no hay luz en san jasinto desde ayer", "san-jacinto"),
        ("atras del mercado", "mercado-municipal"),
        ("x la plaza", "plaza-principal"),
        ("afuera de la presidencia", "presidencia-municipal"),
    ],
)
def test_a_place_is_found_however_it_is_spelt(town, words, expected):
    """People write places as they sound, in the middle of a sentence."""
    found = town.find(words)

    assert found is not None
    assert found.id == expected


@pytest.mark.parametrize(
    "words",
    [
        "hay un bache en la calle Hidalgo",
        "entre hidalgo y juarez",
        "calle Mezcala 5",
        "carretera a mezcala",
        "no sale agua caliente",
        "vivo en la casa blanca de la esquina",
        "por el centro de salud",
        "una bolsa de mezcla en la calle",
        "por dentro",
        "la presidencia no contesta",
        "hola",
        "",
        "¿?",
        "\x00\u202e",
        "20.38, -102.92",
    ],
)
def test_what_is_not_a_place_is_not_found(town, words):
    """A street, a house or hot water is no locality, even where one has its name."""
    assert town.find(words) is None


def test_a_name_that_two_places_share_is_nobodys(town):
    """Better no place than the wrong one."""
    twins = Gazetteer(
        [Area("a", "La Loma", "colonia"), Area("b", "La Loma", "colonia"), Area("c", "El Salto", "colonia")]
    )

    assert twins.find("en la colonia La Loma") is None
    assert twins.find("en El Salto").id == "c"


def test_a_long_story_is_searched_in_its_beginning_only(town):
    """10,000 characters take no longer than a sentence."""
    assert town.find("en mezcala " + "bla " * 2500).id == "mezcala"
    assert town.find("bla " * 2500 + "en mezcala") is None


@given(st.text(max_size=80))
def test_any_text_can_be_asked(text):
    """Nothing that a person can type breaks the search for places or for links."""
    gazetteer = Gazetteer([Area("a", "Mezcala", "locality", center=(20.3, -103.0))])

    gazetteer.find(text)
    parse_map_link(text)
    is_short_map_link(text)


@given(st.from_regex(r"(https://(www\.)?google\.com/maps|geo:|https://waze\.com/ul|20\.3)[/@?!=&0-9a-z.,+%:-]{0,60}"))
def test_any_link_can_be_pasted(link):
    """A garbled link has no place, or one on Earth."""
    found = parse_map_link(link)

    assert found is None or (-90 <= found[0] <= 90 and -180 <= found[1] <= 180)


def test_a_pin_lies_in_the_smallest_area_around_it(town):
    """The centre lies in the town, the town in the municipality: the centre is told."""
    assert town.area_at(20.3826, -102.9277).id == "centro"
    assert town.area_at(20.3900, -102.9300).id == "poncitlan"


def test_a_pin_outside_all_polygons_belongs_to_the_nearest_locality_within_reach(town):
    """Half a kilometre from Mezcala is Mezcala; far from everything is nowhere."""
    assert town.area_at(20.3390, -103.0230).id == "mezcala"
    assert town.area_at(19.43, -99.13) is None
    reach = Gazetteer([Area("a", "A", "locality", center=(20.0, -103.0))])
    assert reach.area_at(20.026, -103.0).id == "a"  # 2.9 km
    assert reach.area_at(20.028, -103.0) is None  # 3.1 km


def test_a_landmark_is_not_where_a_pin_lies(town):
    """A pin beside the cemetery is in the town, not in the cemetery."""
    near = Gazetteer(
        [Area("x", "X", "landmark", center=(20.0, -103.0)), Area("a", "A", "locality", center=(20.01, -103.0))]
    )

    assert near.area_at(20.0, -103.0).id == "a"


def test_holes_and_islands_of_a_polygon_count(town):
    """A hole is outside, a second part is inside."""
    ring = Area("r", "R", "colonia", polygon=(square(20, -103, 1), square(20, -103, 0.5), square(25, -103, 0.5)))
    shapes = Gazetteer([ring])

    assert shapes.area_at(20.7, -103) is ring
    assert shapes.area_at(20, -103) is None
    assert shapes.area_at(25.1, -103.1) is ring


def test_a_pin_is_inside_the_municipality_or_not_or_nobody_knows(town):
    """Without a limit in the file, nobody is told that the place is elsewhere."""
    assert town.is_inside(20.3826, -102.9277) is True
    assert town.is_inside(20.3550, -102.7730) is False  # Ocotlán
    assert Gazetteer([Area("a", "A", "locality", center=(20.0, -103.0))]).is_inside(20.0, -103.0) is None


def test_every_sample_place_lies_in_the_sample_municipality(town):
    """The sample hangs together, and says of each place that it is a sample."""
    areas = read_places(SAMPLE, Notes())

    assert all(area.is_sample for area in areas)
    assert all(town.is_inside(*area.center) for area in areas if area.center)


def test_every_sample_place_is_found_by_its_name_and_its_other_names(town):
    """What stands in the file can be said."""
    for area in read_places(SAMPLE, Notes()):
        for name in (area.name, *area.aliases) if area.kind != "municipality" else ():
            assert town.find(f"en {name}").id == area.id, name


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((20.0, -103.0), (20.0, -103.0), 0),
        ((20.0, -103.0), (21.0, -103.0), 111_195),  # 6,371,008.8 * pi / 180
        ((20.0, -103.0), (20.0, -102.0), 104_489),  # 111,195 * cos 20°
        ((0.0, 179.9), (0.0, -179.9), 22_239),  # 0.2 degrees, across the date line
    ],
)
def test_distances_are_as_the_crow_flies(a, b, metres):
    """Known arcs of the globe."""
    assert distance_metres(a, b) == pytest.approx(metres, abs=2)


@pytest.mark.parametrize(
    "text",
    [
        "20.38, -102.92",
        "20.38,-102.92",
        "(20.38 -102.92)",
        "es aquí 20.3800 , -102.9200 gracias",
        "20.38, −102.92",  # a typographer's minus
        "20.38° N, 102.92° O",
        "20°22'48.0\"N 102°55'12.0\"W",
        "geo:20.38,-102.92",
        "geo:20.38,-102.92?z=17",
        "geo:0,0?q=20.38,-102.92(Casa)",
        "https://maps.google.com/?q=20.38,-102.92",
        "https://maps.google.com/maps?q=loc:20.38,-102.92&z=16",
        "https://www.google.com.mx/maps?ll=20.38,-102.92",
        "https://www.google.com/maps/search/?api=1&query=20.38%2C-102.92",
        "https://www.google.com/maps/search/20.38,+-102.92?entry=tts",
        "https://www.google.com/maps/@20.38,-102.92,17z",
        "https://www.google.com/maps/dir/?api=1&destination=20.38,-102.92",
        "https://www.google.com/maps/dir//20.38,-102.92/@20.1,-102.1,10z",
        "https://www.google.com/maps/place/Plaza/@20.1,-102.1,15z/data=!3m1!4b1!8m2!3d20.38!4d-102.92!16s",
        "https://www.google.com/maps/place/20%C2%B022'48.0%22N+102%C2%B055'12.0%22W/@20.1,-102.1,17z",
        "Mi ubicación: https://maps.google.com/?q=20.38,-102.92 ahí mero",
        "maps.google.com/?q=20.38,-102.92",
        "https://waze.com/ul?ll=20.38%2C-102.92&navigate=yes",
        "https://www.waze.com/live-map/directions?to=ll.20.38%2C-102.92",
        "https://www.waze.com/livemap/directions?latlng=20.38%2C-102.92",
        "https://maps.apple.com/?ll=20.38,-102.92&q=Casa",
        "https://maps.apple.com/place?coordinate=20.38,-102.92&name=Casa",
        "https://www.openstreetmap.org/?mlat=20.38&mlon=-102.92#map=17/20.1/-102.1",
        "https://www.openstreetmap.org/#map=17/20.38/-102.92",
    ],
)
def test_a_pasted_link_or_pair_is_a_place(text):
    """However a telephone shares a place, its coordinates are read without asking any server."""
    assert parse_map_link(text) == pytest.approx((20.38, -102.92))


def test_the_link_of_a_telephones_share_button_is_read_too():
    """Waze writes the place as letters."""
    assert parse_map_link("https://waze.com/ul/hsv8wrqfm1q") == pytest.approx((32.0741, 34.7749), abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "calle 5, 12",
        "me cobraron 20.50, 100.20 pesos",
        "mi cel 33 1234 5678",
        "95.0, 200.1",
        "-102.92, 20.38",
        "20,38 -102,92",
        "0.0, 0.0",
        "https://maps.google.com/?q=120.3,-102.9",
        "https://maps.google.com/?q=Plaza+Principal",
        "https://maps.google.com/?q=nan,inf",
        "https://example.com/@20.38,-102.92",
        "https://google.com.evil.example/maps?q=20.38,-102.92",
        "https://maps.app.goo.gl/AbCdEf123",
        "http://[broken",
        "geo:",
        "geo:0,0",
        "https://waze.com/ul/h",
        "https://www.google.com/maps/@,,17z",
    ],
)
def test_what_is_no_place_on_a_map_is_none(text):
    """Prices, telephones and places that do not exist are not taken for coordinates."""
    assert parse_map_link(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://maps.app.goo.gl/AbCdEf123?g_st=aw", True),
        ("Aquí: https://goo.gl/maps/xyz gracias", True),
        ("goo.gl/maps/xyz", True),
        ("https://maps.apple/p/abc", True),
        ("https://goo.gl/abc", False),
        ("https://maps.google.com/?q=20.38,-102.92", False),
        ("https://example.com/maps.app.goo.gl", False),
        ("calle Hidalgo 5", False),
    ],
)
def test_a_shortened_link_is_known_as_such(text, expected):
    """It is never opened: the person is asked for the pin instead."""
    assert is_short_map_link(text) is expected
