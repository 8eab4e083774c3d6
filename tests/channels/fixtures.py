"""Payloads as the vendors send them, one file an event; numbers and names are made up."""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "fixtures"


def payload(vendor: str, event: str) -> Any:
    """One payload."""
    return json.loads((FOLDER / vendor / f"{event}.json").read_text())


def events(vendor: str) -> list[str]:
    """The names of all events of a vendor."""
    return sorted(file.stem for file in (FOLDER / vendor).glob("*.json"))
