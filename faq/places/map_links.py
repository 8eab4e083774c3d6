"""Coordinates out of what people paste: map links, geo: addresses, plain numbers. Never opens a link."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, unquote_plus, urlsplit

Coordinates = tuple[float, float]

#: Longer messages are stories; a link stands in their beginning.
_LOOKED_AT: Final = 4000

_URL: Final = re.compile(
    r"(?:https?://|\b(?:www\.|maps\.|goo\.gl/|waze\.com/|google\.[a-z]{2,3}(?:\.[a-z]{2})?/maps))[^\s<>\"]+|\bgeo:[^\s<>\"]+",
    re.I,
)
_NUMBER: Final = r"([+-]?\d{1,3}(?:\.\d{1,20})?)"
_PAIR: Final = re.compile(rf"(?:loc:|ll\.)?\s*{_NUMBER}\s*,\s*{_NUMBER}(?![\d.])", re.I)
_PRECISE_PAIR: Final = re.compile(r"(?<![\d.,])([+-]?\d{1,2}\.\d{3,20})\s?[,; ]\s?([+-]?\d{1,3}\.\d{3,20})(?![\d.])")
_WHOLE_PAIR: Final = re.compile(r"\W{0,3}?([+-]?\d{1,2}\.\d{1,20})\s?[,; ]\s?([+-]?\d{1,3}\.\d{1,20})\W{0,3}")
_DEGREES: Final = re.compile(
    r"(\d{1,3}(?:\.\d+)?)\s*°\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"″”]|'')\s*)?([NSEWO])\b",
    re.I,
)
_PIN: Final = re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}")
_VIEW: Final = re.compile(rf"/@{_NUMBER},{_NUMBER}")
_OSM_VIEW: Final = re.compile(rf"map=\d+(?:\.\d+)?/{_NUMBER}/{_NUMBER}")
_GEOHASH: Final = re.compile(r"/ul/h([0-9b-hjkmnp-z]{6,12})\b")
_GEOHASH_LETTERS: Final = "0123456789bcdefghjkmnpqrstuvwxyz"

_GOOGLE: Final = re.compile(r"(?:^|\.)google\.(?:com|[a-z]{2,3})(?:\.[a-z]{2})?$")
_SHORT_HOSTS: Final = frozenset({"maps.app.goo.gl", "goo.gl", "maps.apple", "g.co"})


def parse_map_link(text: str) -> Coordinates | None:
    """(latitude, longitude) of the first place in a text, out of a link of Google Maps, Waze, Apple or OpenStreetMap,
    a geo: address or plain coordinates; None where there is none, or it does not exist on Earth.

    Offline: a shortened link holds no coordinates, see `is_short_map_link`.
    """
    looked_at = " ".join(text[:_LOOKED_AT].replace("−", "-").split())
    for link in _URL.finditer(looked_at):
        for found in _in_link(link[0]):
            if _exists(found):
                return found
    return _in_words(_URL.sub(" ", looked_at))


def is_short_map_link(text: str) -> bool:
    """Whether a text holds a shortened map link: the person is asked for the pin, or for the long link."""
    return any(_is_short(match[0]) for match in _URL.finditer(text[:_LOOKED_AT]))


def _is_short(link: str) -> bool:
    host, path = _host_and_path(link)
    return host in _SHORT_HOSTS and (host not in {"goo.gl", "g.co"} or path.startswith(("/maps", "/kgs")))


def _host_and_path(link: str) -> tuple[str, str]:
    try:
        parts = urlsplit(link if "//" in link[:9] else f"https://{link}")
        return (parts.hostname or "").lower(), parts.path
    except ValueError:
        return "", ""


def _in_link(link: str) -> Iterator[Coordinates]:
    if link[:4].lower() == "geo:":
        yield from _in_geo(link)
        return
    host, _ = _host_and_path(link)
    if _GOOGLE.search(host):
        yield from _in_google(link)
    elif host == "waze.com" or host.endswith(".waze.com"):
        yield from _in_query(link, "ll", "latlng", "to", "from")
        yield from _in_geohash(link)
    elif host == "maps.apple.com":
        yield from _in_query(link, "coordinate", "ll", "q", "daddr", "address", "sll", "center")
    elif host.endswith(("openstreetmap.org", "osm.org")):
        yield from _in_osm(link)


def _in_geo(link: str) -> Iterator[Coordinates]:
    yield from _in_query(link, "q")
    yield from _pairs(link[4:].partition("?")[0])


def _in_google(link: str) -> Iterator[Coordinates]:
    plain = unquote_plus(link)
    # The pin of a place comes after its view, and after the pins that a route passes.
    yield from [_pair(match) for match in _PIN.finditer(plain)][-1:]
    yield from _in_query(link, "q", "query", "destination", "daddr", "ll", "center", "cbll", "viewpoint", "sll")
    path = unquote_plus(urlsplit(link).path)
    for part in reversed(path.split("/")):
        if not part.startswith("@"):
            yield from _pairs(part)
            yield from _in_degrees(part)
    yield from (_pair(match) for match in _VIEW.finditer(plain))


def _in_osm(link: str) -> Iterator[Coordinates]:
    query = _query(link)
    if "mlat" in query and "mlon" in query:
        yield from _pairs(f"{query['mlat']},{query['mlon']}")
    yield from (_pair(match) for match in _OSM_VIEW.finditer(link))


def _in_geohash(link: str) -> Iterator[Coordinates]:
    # Waze: the address that its share button makes ends in h and a geohash.
    match = _GEOHASH.search(link.lower())
    if match:
        yield _geohash(match[1])


def _geohash(letters: str) -> Coordinates:
    spans = [[-180.0, 180.0], [-90.0, 90.0]]
    bits = "".join(f"{_GEOHASH_LETTERS.index(letter):05b}" for letter in letters)
    for i, bit in enumerate(bits):
        low, high = spans[i % 2]
        spans[i % 2][0 if bit == "1" else 1] = (low + high) / 2
    longitude, latitude = (sum(span) / 2 for span in spans)
    return round(latitude, 6), round(longitude, 6)


def _in_query(link: str, *names: str) -> Iterator[Coordinates]:
    query = _query(link)
    for name in names:
        if name in query:
            yield from _pairs(query[name])
            yield from _in_degrees(query[name])


def _query(link: str) -> dict[str, str]:
    _, _, query = link.partition("?")
    try:
        return {name: values[0] for name, values in parse_qs(query.partition("#")[0], max_num_fields=50).items()}
    except ValueError:
        return {}


def _in_words(text: str) -> Coordinates | None:
    match = _WHOLE_PAIR.fullmatch(text.strip()) or _PRECISE_PAIR.search(text)
    found = _pair(match) if match else next(_in_degrees(text), None)
    return found if found and _exists(found) else None


def _in_degrees(text: str) -> Iterator[Coordinates]:
    """Such as 20°22'57.0"N 102°55'39.0"W, or 20.38° N, 102.92° O."""
    found = [(_turn(match), match[4].upper()) for match in _DEGREES.finditer(text)]
    latitudes = [turn if side == "N" else -turn for turn, side in found if side in "NS"]
    longitudes = [turn if side == "E" else -turn for turn, side in found if side in "EWO"]
    if latitudes and longitudes:
        yield latitudes[0], longitudes[0]


def _turn(match: re.Match[str]) -> float:
    return round(float(match[1]) + float(match[2] or 0) / 60 + float(match[3] or 0) / 3600, 6)


def _pairs(text: str) -> Iterator[Coordinates]:
    match = _PAIR.match(text)
    if match:
        yield _pair(match)


def _pair(match: re.Match[str]) -> Coordinates:
    return float(match[1]), float(match[2])


def _exists(found: Coordinates) -> bool:
    # 0,0 lies in the Atlantic: what maps write when they know nothing.
    return abs(found[0]) <= 90 and abs(found[1]) <= 180 and found != (0, 0)
