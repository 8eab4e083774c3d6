"""A small, sound content folder for tests to break."""

from pathlib import Path

from faq.model import Problem

CITY = """\
name: Villa de Prueba
state: Jalisco
timezone: America/Mexico_City
languages: [es, en]
privacy_notice_version: "1"
privacy_notice_url: https://example.org/aviso
conversation_expires_after: 12 hours
drafts_kept_for: 7 days
cut_off: 15:00
working_hours:
  monday: 09:00-15:00
  tuesday: [09:00-14:00, 16:00-18:00]
legal_profile: general
legal_profiles:
  general:
    answer_days: 20
    extension_days: 10
    clarification_days: 5
    referral_days: 3
    appeal_days: 15
    source: Ley General
    verified_on: 2026-11-01
groups:
  calles: {es: Calles, en: Streets}
desks:
  transparency: transparencia
  complaints: obras
  internal_control: obras
  front_desk: obras
themes:
  TRC: {es: Transparencia, en: Transparency}
"""

DEPARTMENTS = """\
obras:
  name: {es: Obras, en: Works}
  phone: 0331234567
transparencia:
  name: {es: Transparencia, en: Transparency}
"""

SERVICES = """\
VIA-BACHE:
  name: {es: Bache, en: Pothole}
  group: calles
  department: obras
  respond_within: 4 working hours
  resolve_within: 10 working days
  people_say:
    - hay un bache
    - hoyo en la calle
"""

CALENDAR = """\
day,reason,source,verified_on
2026-12-25,Navidad,LFT 74,2026-11-01
2027-01-01,Año Nuevo,LFT 74,2026-11-01
"""

PLACES = """\
{
  "type": "FeatureCollection",
  "features": [
    {
      "type": "Feature",
      "properties": {"id": "limite", "name": "Villa de Prueba", "kind": "municipality"},
      "geometry": {"type": "Polygon", "coordinates": [[[-103, 20], [-102, 20], [-102, 21], [-103, 21], [-103, 20]]]}
    },
    {
      "type": "Feature",
      "properties": {"id": "centro", "name": "Centro", "kind": "colonia", "aliases": ["zona centro"]},
      "geometry": {"type": "Point", "coordinates": [-102.5, 20.5]}
    }
  ]
}
"""

MESSAGES = """\
menu:
  title: "¿En qué le ayudo?"
report:
  filed: "Su folio es {folio}."
  count:
    one: "{n} reporte"
    other: "{n} reportes"
"""

MESSAGES_EN = """\
menu:
  title: "How can I help?"
report:
  filed: "Your folio is {folio}."
  count:
    one: "{n} report"
    other: "{n} reports"
"""

ARTICLE = """\
---
id: predial
title: Pago del predial
questions:
  - dónde pago el predial
  - cuánto es de predial
theme: TRC
office: obras
verified_on: 2026-11-01
---
Se paga en la Tesorería.
"""

ARTICLE_EN = """\
---
id: predial
title: Property tax
questions: [where do I pay property tax]
---
Pay it at the Treasury.
"""

SYNONYMS = """\
tiendita: abarrotes
caguamas: [cerveza, alcohol]
"""

FILES = {
    "city.yaml": CITY,
    "departments.yaml": DEPARTMENTS,
    "services.yaml": SERVICES,
    "calendar.csv": CALENDAR,
    "places.geojson": PLACES,
    "es/messages.yaml": MESSAGES,
    "en/messages.yaml": MESSAGES_EN,
    "es/articles/predial.md": ARTICLE,
    "en/articles/predial.md": ARTICLE_EN,
    "es/synonyms.yaml": SYNONYMS,
}


def write_town(folder: Path, **changed: str | None) -> Path:
    """Write the folder; `changed` replaces a file, or leaves it out where it is None. Dots and slashes as in FILES."""
    for file, text in {**FILES, **changed}.items():
        if text is not None:
            write(folder, file, text)
    return folder


def write(folder: Path, file: str, text: str | bytes) -> None:
    """Write one file below the folder."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace what must be there once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def said(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    """The problems as people read them."""
    return [str(problem) for problem in problems]
