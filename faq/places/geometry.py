"""Distances and polygons on the globe, small enough for a town. Knows nothing of names."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt
from typing import Final

#: (latitude, longitude) in WGS84 degrees.
Point = tuple[float, float]
Ring = Sequence[Point]

_EARTH_RADIUS_METRES: Final = 6_371_008.8


def distance_metres(a: Point, b: Point) -> float:
    """The distance between two points as the crow flies; within half a per cent of the true one."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half_chord = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_METRES * asin(min(1.0, sqrt(half_chord)))


def is_within(point: Point, rings: Sequence[Ring]) -> bool:
    """Whether a point lies inside an odd number of the rings: holes and several parts come out right."""
    return sum(_is_in_ring(point, ring) for ring in rings) % 2 == 1


def _is_in_ring(point: Point, ring: Ring) -> bool:
    latitude, longitude = point
    inside = False
    for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (lat1 > latitude) != (lat2 > latitude):
            crossing = lon1 + (latitude - lat1) / (lat2 - lat1) * (lon2 - lon1)
            inside ^= longitude < crossing
    return inside


def size(ring: Ring) -> float:
    """How large a ring is, in square degrees: for comparing, not for measuring."""
    return abs(_doubled_area(ring)) / 2


def middle(ring: Ring) -> Point:
    """The centre of gravity of a ring; of its corners where it has no area."""
    doubled = _doubled_area(ring)
    if abs(doubled) < 1e-12:
        return sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    # Measured from a corner: far from the origin the products lose their last digits.
    lat0, lon0 = ring[0]
    latitude = longitude = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = (lon1 - lon0) * (lat2 - lat0) - (lon2 - lon0) * (lat1 - lat0)
        latitude += (lat1 + lat2 - 2 * lat0) * cross
        longitude += (lon1 + lon2 - 2 * lon0) * cross
    return round(lat0 + latitude / (3 * doubled), 7), round(lon0 + longitude / (3 * doubled), 7)


def _doubled_area(ring: Ring) -> float:
    lat0, lon0 = ring[0]
    corners = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum((lon1 - lon0) * (lat2 - lat0) - (lon2 - lon0) * (lat1 - lat0) for (lat1, lon1), (lat2, lon2) in corners)
