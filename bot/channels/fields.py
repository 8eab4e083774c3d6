"""Owns the reading of single values that came from outside: texts, lines, whole numbers, degrees. Knows no vendor."""

import math

from handlers.cleaning import clean, clean_line


def cleaned(value: object) -> str | None:
    """A text, cleaned; None if it is no text, or nothing is left of it."""
    return (clean(value) or None) if isinstance(value, str) else None


def line(value: object) -> str | None:
    """What stands on one line, such as a label: cleaned and cut; None if it is no text, or nothing is left of it."""
    return (clean_line(value) or None) if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """A whole number that fits 64 bits; None if it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        return None
    return value


def natural(value: str, at_most: int) -> int | None:
    """A number from 0 to `at_most` in plain digits, however many; None if it is anything else."""
    if not (value.isascii() and value.isdecimal()) or len(value) > len(str(at_most)):
        return None
    number = int(value)
    return number if number <= at_most else None


def degrees(value: object, limit: float) -> float | None:
    """A coordinate, as a number or as text, between -limit and limit; None if it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None
