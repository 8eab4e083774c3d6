"""Reads places.geojson. Knows nothing of names in free words."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from faq.model import Area
from faq.places.geometry import Point, middle, size
from faq.reading.files import read_text
from faq.reading.notes import Notes, did_you_mean

FILE: Final = "places.geojson"
KINDS: Final = ("locality", "colonia", "landmark", "municipality")

_FEATURE: Final = re.compile(r'"type"\s*:\s*"Feature"')
_Ring = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class _Where:
    """Where a feature stands, so that mistakes in it can be noted."""

    line: int
    notes: Notes

    def error(self, message: str) -> None:
        self.notes.error(FILE, self.line, message)


def read_places(folder: Path, notes: Notes) -> tuple[Area, ...]:
    """The areas in the order of the file; without the file none, and that is a warning."""
    path = folder / FILE
    if not path.exists():
        notes.warn(FILE, 0, "is missing: no place can be recognised")
        return ()
    text = read_text(path, FILE, notes)
    features = _features(text, notes) if text is not None else []
    areas: dict[str, Area] = {}
    for where, feature in features:
        area = _area(feature, where)
        if area and area.id in areas:
            where.error(f"id {area.id} is taken by {areas[area.id].name}")
        elif area:
            areas[area.id] = area
    _note_limits(list(areas.values()), notes)
    return tuple(areas.values())


def _features(text: str, notes: Notes) -> list[tuple[_Where, Mapping[str, object]]]:
    try:
        root = json.loads(text)
    except json.JSONDecodeError as error:
        notes.error(FILE, error.lineno, f"cannot be read as JSON: {error.msg}, column {error.colno}")
        return []
    except RecursionError:
        notes.error(FILE, 1, "cannot be read as JSON: it is nested too deeply")
        return []
    features = _mapping(root).get("features")
    if _mapping(root).get("type") != "FeatureCollection" or not isinstance(features, list):
        notes.error(FILE, 1, "must be a GeoJSON FeatureCollection with a list of features")
        return []
    starts = [text.count("\n", 0, match.start()) + 1 for match in _FEATURE.finditer(text)]
    lines = starts if len(starts) == len(features) else [0] * len(features)
    return [(_Where(line, notes), _mapping(feature)) for line, feature in zip(lines, features, strict=True)]


def _area(feature: Mapping[str, object], where: _Where) -> Area | None:
    told = _mapping(feature.get("properties"))
    id_, name, kind = (_text(told.get(key)) for key in ("id", "name", "kind"))
    id_ = id_ or _text(feature.get("id"))
    for key, value in (("id", id_), ("name", name), ("kind", kind)):
        if not value:
            where.error(f"a feature has no {key} in its properties")
    if kind and kind not in KINDS:
        where.error(f"kind {kind} must be one of {', '.join(KINDS)}{did_you_mean(kind, KINDS)}")
    aliases = told.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        where.error(f"aliases of {name or id_} must be a list of texts")
        aliases = []
    is_sample = told.get("is_sample", False)
    if not isinstance(is_sample, bool):
        where.error(f"is_sample of {name or id_} must be true or false")
    center, polygon = _shape(_mapping(feature.get("geometry")), name or id_, where)
    if not (id_ and name and kind in KINDS):
        return None
    return Area(id_, name, kind, tuple(aliases), center, polygon, is_sample=bool(is_sample))


def _shape(geometry: Mapping[str, object], name: str, where: _Where) -> tuple[Point | None, tuple[_Ring, ...]]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    match kind:
        case "Point":
            return _point(coordinates, name, where), ()
        case "Polygon":
            rings = tuple(_rings([coordinates], name, where))
        case "MultiPolygon":
            rings = tuple(_rings(coordinates, name, where))
        case _:
            where.error(f"geometry of {name} must be a Point, Polygon or MultiPolygon, not {kind}")
            return None, ()
    return (middle(max(rings, key=size)) if rings else None), rings


def _rings(polygons: object, name: str, where: _Where) -> Iterator[_Ring]:
    for polygon in _list(polygons):
        for ring in _list(polygon):
            points = [_point(position, name, where) for position in _list(ring)]
            known = [point for point in points if point]
            if len(known) < 4 or known[0] != known[-1]:
                where.error(f"a ring of {name} must have at least 4 positions, and end where it begins")
            elif len(known) == len(points):
                yield tuple(known[:-1])


def _point(position: object, name: str, where: _Where) -> Point | None:
    pair = _list(position)[:2]
    if len(pair) < 2 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in pair):
        where.error(f"a position of {name} must be [longitude, latitude]")
        return None
    longitude, latitude = cast(Sequence[float], pair)
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        where.error(f"a position of {name} lies outside the Earth: write [longitude, latitude], in this order")
        return None
    return float(latitude), float(longitude)


def _note_limits(areas: Sequence[Area], notes: Notes) -> None:
    limits = [area for area in areas if area.kind == "municipality"]
    if areas and not limits:
        notes.warn(FILE, 0, "has no feature of kind municipality: what lies outside the town cannot be recognised")
    if len(limits) > 1:
        notes.error(FILE, 0, f"has {len(limits)} features of kind municipality: keep one, as a MultiPolygon if need be")
    if limits and not limits[0].polygon:
        notes.error(FILE, 0, f"{limits[0].name}: a municipality's limit must be a Polygon")
    samples = sum(area.is_sample for area in areas)
    if samples:
        notes.warn(FILE, 0, f"{samples} of {len(areas)} places are samples: replace them with the town's own")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
