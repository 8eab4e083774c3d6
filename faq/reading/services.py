"""Reads services.yaml. Knows nothing of tickets."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from faq.model import Duration, Service
from faq.reading.files import required_yaml
from faq.reading.notes import Item, Notes, Record, as_written, did_you_mean
from faq.text import fold

_Unit = Literal["hours", "days", "natural_hours"]

#: What telephones show of a choice in a list.
LABEL_LENGTH: Final = 24

_CODE: Final = re.compile(r"[A-Z0-9]{2,8}(-[A-Z0-9]{2,12}){1,2}")
_WITHIN: Final = re.compile(r"(-?\d{1,4})\s+(\S.*)")
_UNITS: Final[dict[str, _Unit]] = {
    **dict.fromkeys(("working hour", "working hours", "hora hábil", "horas hábiles", "horas habiles"), "hours"),
    **dict.fromkeys(("working day", "working days", "día hábil", "días hábiles", "dias habiles"), "days"),
    **dict.fromkeys(("natural hour", "natural hours", "hora natural", "horas naturales"), "natural_hours"),
}


@dataclass(frozen=True, slots=True)
class KnownIds:
    """The ids that services may name; empty where their file could not be read, and then nothing is said of them."""

    groups: Collection[str]
    departments: Collection[str]


def read_services(folder: Path, known: KnownIds, notes: Notes) -> dict[str, Service]:
    """The services by code, in the order of the file."""
    root = required_yaml(folder, "services.yaml", notes)
    entries = root.entries() if root else ()
    _note_shared_wordings(entries)
    return {code: _service(code, item, known) for code, item in entries}


def _note_shared_wordings(entries: Iterable[tuple[str, Item]]) -> None:
    first: dict[str, str] = {}
    for code, item in entries:
        for said in dict(item.entries()).get("people_say", item).items():
            text = as_written(said.node)
            other = first.setdefault(fold(text), code) if text else code
            if other != code:
                said.warn(f"people_say {text!r} is in {other} and in {code}: keep it in one")


def _service(code: str, item: Item, known: KnownIds) -> Service:
    if not _CODE.fullmatch(code):
        item.error(f"code {code!r} must be capitals and digits in two parts, such as VIA-BACHE")
    record = Record(item)
    service = Service(
        code=code,
        name=record.labels("name"),
        group=_one_of(record, "group", known.groups, "city.yaml"),
        department=_one_of(record, "department", known.departments, "departments.yaml"),
        respond_within=_duration(record, "respond_within"),
        resolve_within=_duration(record, "resolve_within"),
        is_urgent=record.yes_no("is_urgent"),
        people_say=record.texts("people_say"),
        is_private=record.yes_no("is_private"),
    )
    for language, label in service.name.items():
        if len(label) > LABEL_LENGTH:
            message = f"name {label!r} ({language}) is longer than {LABEL_LENGTH} characters: telephones cut it off"
            item.notes.warn(item.file, record.line_of("name"), message)
    if not service.people_say:
        item.warn(f"{code} has no people_say: add the ways residents say it, or free words will not find it")
    if service.respond_within.unit == service.resolve_within.unit and _is_later(service):
        item.error("respond_within must not be longer than resolve_within")
    record.note_unknown_keys()
    return service


def _is_later(service: Service) -> bool:
    return service.respond_within.amount > service.resolve_within.amount


def _one_of(record: Record, key: str, known: Collection[str], home: str) -> str:
    item = record.get(key)
    if item is None:
        return ""
    written = item.text()
    if written and known and written not in known:
        item.error(f"{key} {written} is not in {home}{did_you_mean(written, known)}")
    return written


def _duration(record: Record, key: str) -> Duration:
    item = record.get(key)
    written = item.text() if item else ""
    match = _WITHIN.fullmatch(written.lower())
    unit = _UNITS.get(match[2]) if match else None
    if item is None or match is None or unit is None:
        if item and written:
            item.error(f"{key} must be such as 4 working hours, 3 working days or 24 natural hours, not {written!r}")
        return Duration(1, "days")
    if int(match[1]) <= 0:
        item.error(f"{key} must be more than 0")
    return Duration(int(match[1]), unit)
