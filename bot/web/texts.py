"""Owns which texts the pages ask for, read from templates and scripts themselves. Knows no page and no language."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent

#: t("home.title") in a template is web.home.title, say("send") in a script is web.chat.send.
_TEMPLATES: Final = ("templates", ".html", re.compile(r"\bt\(((?:[^()]|\([^()]*\))*)\)"), "web.")
_SCRIPTS: Final = (
    "static", ".js", re.compile(r"(?<![.\w])(?<!function )say\(((?:[^()]|\([^()]*\))*)\)(?!\s*\{)"), "web.chat."
)  # fmt: skip
_LITERAL: Final = re.compile(r"""(["'])([a-z_.]+)\1(?:\s*,.*)?""", re.DOTALL)

#: Keys that are put together from parts, as they stand in the source, and what may come of them.
BUILT: Final[Mapping[str, tuple[str, ...]]] = {
    'what + ".title"': ("missing.title", "broken.title"),
    'what + ".body"': ("missing.body", "broken.body"),
    '"phone." + phones[0]': ("phone.resident", "phone.official"),
    '"phone." + role': ("phone.resident", "phone.official"),
    '"phone." + role + "_caption"': ("phone.resident_caption", "phone.official_caption"),
    '"phone.subtitle_" + role': ("phone.subtitle_resident", "phone.subtitle_official"),
    'isMine ? "said_by_me" : "said_by_us"': ("said_by_me", "said_by_us"),
    'entry.files ? "not_sent_files" : "not_sent"': ("not_sent_files", "not_sent"),
    'entry.isOurs ? "refused_ours" : "refused"': ("refused_ours", "refused"),
    'isForgotten ? "forgotten" : "forget_failed"': ("forgotten", "forget_failed"),
    "`welcome_${this.role}`": ("welcome_resident", "welcome_official"),
    'trouble === "broken" ? "away" : (trouble ?? "back")': ("away", "offline", "back"),
}


class UnknownText(Exception):
    """A page asks for a text in a way that nobody can see through: write its key as it is, or add it to BUILT."""


@cache
def page_texts() -> frozenset[str]:
    """The keys that templates and scripts ask for. Raises UnknownText."""
    return frozenset(key for source in (_TEMPLATES, _SCRIPTS) for key in _asked(*source))


def _asked(folder: str, ending: str, call: re.Pattern[str], prefix: str) -> Iterator[str]:
    for path in sorted((_HERE / folder).glob(f"*{ending}")):
        for asked in call.findall(path.read_text(encoding="utf-8")):
            literal = _LITERAL.fullmatch(asked.strip())
            keys = (literal[2],) if literal else BUILT.get(asked.strip())
            if keys is None:
                raise UnknownText(f"{path.name}: {asked.strip()}")
            yield from (f"{prefix}{key}" for key in keys)
