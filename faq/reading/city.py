"""Reads city.yaml and departments.yaml. Knows nothing of services or articles."""

import re
from collections.abc import Iterable, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from faq.model import City, Department, Labels, LegalProfile
from faq.reading.files import required_yaml
from faq.reading.notes import Item, Notes, Record, did_you_mean, read_labels
from faq.reading.placeholders import note_placeholders

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DESKS: Final = ("transparency", "complaints", "internal_control", "front_desk")

_TEXTS_KEPT_FOR: Final = timedelta(days=90)
_TEXTS_KEPT_AT_LEAST: Final = timedelta(days=2)

_SPAN: Final = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|a|to)\s*(\d{1,2}:\d{2})")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_LASTING: Final = re.compile(r"(\d{1,4})\s*(min|minutes?|minutos?|h|hours?|horas?|d|days?|d[ií]as?)")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")


def read_departments(folder: Path, notes: Notes) -> dict[str, Department]:
    """The offices by id; empty, with a note, where there are none."""
    root = required_yaml(folder, "departments.yaml", notes)
    if root is None:
        return {}
    note_placeholders(root)
    return {id_: _department(id_, item) for id_, item in root.entries()}


def read_city(folder: Path, departments: Iterable[str], notes: Notes) -> City | None:
    """The town; None, with a note, where city.yaml cannot be read at all."""
    root = required_yaml(folder, "city.yaml", notes)
    if root is None:
        return None
    note_placeholders(root)
    record = Record(root)
    city = City(
        name=record.text("name"),
        state=record.text("state"),
        timezone=_timezone(record),
        languages=_languages(record),
        privacy_notice_version=record.text("privacy_notice_version"),
        privacy_notice_url=record.text("privacy_notice_url"),
        conversation_expires_after=_lasting(record, "conversation_expires_after"),
        drafts_kept_for=_lasting(record, "drafts_kept_for"),
        texts_kept_for=_texts_kept(record),
        legal=_legal(record),
        working_hours=_working_hours(record),
        cut_off=_cut_off(record),
        groups=_labels_by_id(record, "groups"),
        desks=_desks(record, list(departments)),
        themes=_labels_by_id(record, "themes"),
        emergency_phone=record.text_or_none("emergency_phone") or "911",
        complaint_answer_days=_complaint_days(record),
    )
    record.note_unknown_keys()
    return city


def _department(id_: str, item: Item) -> Department:
    record = Record(item)
    department = Department(
        id=id_,
        name=record.labels("name"),
        phone=record.text_or_none("phone"),
        address=record.text_or_none("address"),
        hours=record.text_or_none("hours"),
        also_called=record.texts("also_called"),
    )
    record.find("email")  # read by nobody any more, and not to be told of as misspelt
    record.note_unknown_keys()
    return department


def _timezone(record: Record) -> str:
    name = record.text("timezone")
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        if name and (item := record.find("timezone")):
            item.error(f"timezone {name!r} does not exist: write one such as America/Mexico_City")
        return "UTC"
    return name


def _languages(record: Record) -> tuple[str, ...]:
    item = record.get("languages")
    if item is None:
        return ("es",)
    languages = item.texts()
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            item.error(f"language {language!r} must be a code such as es or en, like its folder")
    if len(set(languages)) < len(languages):
        item.error("languages names one twice")
    if not languages or languages[0] != "es":
        item.error("languages must begin with es: Spanish is what is shown where another language lacks a text")
    return languages or ("es",)


def _lasting(record: Record, key: str) -> timedelta:
    item = record.get(key)
    written = item.text() if item else ""
    match = _LASTING.fullmatch(written)
    if item is None or match is None:
        if item and written:
            item.error(f"{key} must be a span such as 12 hours or 7 days, not {written!r}")
        return timedelta(hours=1)
    amount = int(match[1])
    if amount == 0:
        item.error(f"{key} must be more than 0")
    unit = {"m": "minutes", "h": "hours", "d": "days"}[match[2][0]]
    return timedelta(**{unit: amount})


def _texts_kept(record: Record) -> timedelta:
    """Some vendors tell a day later that a message did not arrive, and it is to be sent again."""
    item = record.find("texts_kept_for")
    if item is None:
        return _TEXTS_KEPT_FOR
    lasts = _lasting(record, "texts_kept_for")
    if lasts < _TEXTS_KEPT_AT_LEAST:
        item.error(f"texts_kept_for must be at least {_TEXTS_KEPT_AT_LEAST.days} days")
    return lasts


def _legal(record: Record) -> LegalProfile:
    profiles = record.get("legal_profiles")
    known = {id_: (_profile(id_, item), item) for id_, item in profiles.entries()} if profiles else {}
    chosen = record.get("legal_profile")
    id_ = chosen.text() if chosen else ""
    if id_ in known:
        profile, item = known[id_]
        if profile.verified_on is None:
            item.warn(f"legal profile {id_} has no verified_on: have the transparency unit confirm its terms")
        return profile
    if chosen and id_:
        chosen.error(f"legal profile {id_} is not among legal_profiles{did_you_mean(id_, known)}")
    return LegalProfile(id_, 1, 0, 1, 1, 1, "", None)


def _profile(id_: str, item: Item) -> LegalProfile:
    record = Record(item)
    profile = LegalProfile(
        id=id_,
        answer_days=record.whole_number("answer_days", at_least=1),
        extension_days=record.whole_number("extension_days"),
        clarification_days=record.whole_number("clarification_days", at_least=1),
        referral_days=record.whole_number("referral_days", at_least=1),
        appeal_days=record.whole_number("appeal_days", at_least=1),
        source=record.text("source"),
        verified_on=record.day("verified_on"),
    )
    record.note_unknown_keys()
    return profile


def _working_hours(record: Record) -> Mapping[int, tuple[tuple[time, time], ...]]:
    item = record.get("working_hours")
    hours: dict[int, tuple[tuple[time, time], ...]] = {}
    for weekday, spans in item.entries() if item else ():
        if weekday not in WEEKDAYS:
            spans.error(f"{weekday} is not a weekday: write {', '.join(WEEKDAYS)}{did_you_mean(weekday, WEEKDAYS)}")
        elif read := _spans(spans):
            hours[WEEKDAYS.index(weekday) + 1] = read
    if item and not hours:
        item.error("working_hours has no open day: write at least one, such as monday: 09:00-15:00")
    return hours


def _spans(item: Item) -> tuple[tuple[time, time], ...]:
    spans: list[tuple[time, time]] = []
    for each in item.items():
        written = each.text()
        match = _SPAN.fullmatch(written)
        start, end = (_clock(match[1]), _clock(match[2])) if match else (None, None)
        if start is None or end is None:
            each.error(f"{item.name} must be hours such as 09:00-15:00, not {written!r}")
        elif start >= end:
            each.error(f"{item.name} must open before it closes: {written}")
        elif spans and start < spans[-1][1]:
            each.error(f"{item.name} must have its spans in order, without overlap: {written}")
        else:
            spans.append((start, end))
    return tuple(spans)


def _clock(written: str) -> time | None:
    match = _CLOCK.fullmatch(written)
    return time(int(match[1]), int(match[2])) if match else None


def _cut_off(record: Record) -> time:
    item = record.get("cut_off")
    written = item.text() if item else ""
    clock = _clock(written)
    if item and written and clock is None:
        item.error(f"cut_off must be a time such as 15:00, not {written!r}")
    return clock or time(15)


def _complaint_days(record: Record) -> int:
    item = record.find("complaint_answer_days")
    return item.whole_number(at_least=1) if item else 10


def _labels_by_id(record: Record, key: str) -> dict[str, Labels]:
    item = record.get(key)
    return {id_: read_labels(each) for id_, each in item.entries()} if item else {}


def _desks(record: Record, departments: list[str]) -> dict[str, str]:
    item = record.get("desks")
    if item is None:
        return {}
    desks = Record(item)
    found: dict[str, str] = {}
    for desk in DESKS:
        found[desk] = desks.text(desk)
        if departments and found[desk] and found[desk] not in departments and (at := desks.find(desk)):
            at.error(f"{desk}: no department {found[desk]}{did_you_mean(found[desk], departments)}")
    desks.note_unknown_keys()
    return found
