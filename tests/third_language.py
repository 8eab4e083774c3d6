"""A town that speaks a third language: a copy of its Spanish folder, each text marked so that it can be told apart."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests.small_town import write_small_town

#: A code that neither the program nor CLDR knows.
CODE = "nah"
NAME = "Nawatlahtolli"
MARK = "✶"
#: Texts that are no sentences: words to be understood, and how dates are written.
_AS_THEY_ARE = ("words", "format")


def write_trilingual_town(folder: Path, code: str = CODE) -> Path:
    """The small town with another folder beside `es/`, and its code in city.yaml: nothing else is done."""
    write_small_town(folder)
    shutil.copytree(folder / "es", folder / code)
    for path in (folder / code / "messages").glob("*.yaml"):
        texts = yaml.safe_load(path.read_text(encoding="utf-8"))
        marked = {group: each if group in _AS_THEY_ARE else _marked(each) for group, each in texts.items()}
        path.write_text(yaml.safe_dump(marked, allow_unicode=True), encoding="utf-8")
    _write_own_name(folder / code / "messages" / "resident.yaml")
    city = (folder / "city.yaml").read_text(encoding="utf-8")
    assert city.count("languages: [es, en]") == 1
    (folder / "city.yaml").write_text(city.replace("[es, en]", f"[es, en, {code}]"), encoding="utf-8")
    return folder


def _marked(texts: Any) -> Any:
    if isinstance(texts, dict):
        return {key: each if key == "done_words" else _marked(each) for key, each in texts.items()}
    return f"{MARK}{texts}"


def _write_own_name(path: Path) -> None:
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    texts["language"]["own_name"] = NAME
    path.write_text(yaml.safe_dump(texts, allow_unicode=True), encoding="utf-8")
