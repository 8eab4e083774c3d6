"""The sample town with a handful of articles: quick to build, and to write into."""

import shutil
from pathlib import Path

from bot.settings import settings

ARTICLES = {
    "predial": """\
---
id: predial
title: Pagar el predial
questions:
  - ¿Dónde pago el predial?
  - cuánto debo de predial
  - pagar el impuesto de la casa
theme: TRC
office: catastro
cost: Según el avalúo
requirements:
  - Recibo anterior
  - Clave catastral
source: Ley de Ingresos
verified_on: 2026-11-01
related: [acta]
actions: [request, "url:https://example.org/predial"]
---
Se paga en la Tesorería, o en línea.
""",
    "acta": """\
---
id: acta
title: Acta de nacimiento
questions:
  - ¿Cómo saco mi acta de nacimiento?
  - copia del acta de nacimiento
theme: TRC
verified_on: 2026-11-01
---
En el Registro Civil, en el momento.
""",
    "alberca": """\
---
id: alberca
title: Horario de la alberca
questions:
  - ¿A qué hora abre la alberca?
  - horario de la alberca municipal
valid_until: 2026-10-31
verified_on: 2026-01-31
---
De martes a domingo, de 9 a 17.
""",
}


def write_small_town(folder: Path) -> Path:
    """The content folder of a town with three articles."""
    shutil.copytree(
        settings.read({}).content_dir, folder, ignore=shutil.ignore_patterns("articles", "conversations.yaml")
    )
    for name, text in ARTICLES.items():
        write_article(folder, name, text)
    return folder


def write_article(folder: Path, name: str, text: str) -> Path:
    """One article's file."""
    path = folder / "es" / "articles" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
