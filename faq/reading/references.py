"""What the files say of each other: articles of offices, services and other articles; labels of languages."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from faq.model import City, Department, Service
from faq.reading.articles import ArticleFile
from faq.reading.files import read_yaml
from faq.reading.notes import Item, Notes, as_written, did_you_mean
from faq.text import fold

#: What an article may offer to do; "report:CODE" and "url:https://..." besides.
ACTIONS: Final = ("report", "request", "complain", "track")

#: An article that nobody verified for so long is to be looked at.
STALE_DAYS: Final = 365

#: What a menu shows at most.
MENU_LENGTH: Final = 10

_URL: Final = re.compile(r"https://[^\s/.]+\.\S+")
_LABEL_FILES: Final = ("city.yaml", "departments.yaml", "services.yaml")
_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Known:
    """What articles may name; of what could not be read nothing is said."""

    city: City | None
    departments: Mapping[str, Department]
    services: Mapping[str, Service]


def check_articles(articles: Sequence[ArticleFile], known: Known, notes: Notes, *, today: date) -> None:
    """Note what articles name that is not there, what they share, and what has grown old."""
    ids = {(each.article.language, each.article.id) for each in articles}
    titles: dict[tuple[str, str], ArticleFile] = {}
    for each in articles:
        _check_named(each, known, notes)
        _check_related(each, ids, notes)
        for i, action in enumerate(each.article.actions, 1):
            if mistake := _action_mistake(action, known.services):
                notes.error(each.article.file, _line(each, "actions", i), mistake)
        _check_days(each, notes, today)
        first = titles.setdefault((each.article.language, fold(each.article.title)), each)
        if first is not each:
            message = f"title is the same as in {first.article.file}: residents could not tell them apart"
            notes.error(each.article.file, each.line("title"), message)


def check_labels(folder: Path, languages: Sequence[str], notes: Notes) -> None:
    """Warn of each text by language that lacks a language the town offers."""
    for file in _LABEL_FILES:
        root = read_yaml(folder / file, folder, Notes()) if (folder / file).is_file() else None
        for item in _labels(root, _DEPTH) if root else ():
            missing = [language for language in languages if language not in dict(item.entries())]
            if missing:
                notes.warn(item.file, item.line, f"{item.name} has no text in {', '.join(missing)}: Spanish is shown")


def check_groups(folder: Path, services: Mapping[str, Service], notes: Notes) -> None:
    """Warn of each group of the menu that leads nowhere, or holds more than a menu shows."""
    root = read_yaml(folder / "city.yaml", folder, Notes()) if (folder / "city.yaml").is_file() else None
    groups = dict(root.entries()).get("groups") if root else None
    for group, item in groups.entries() if groups and services else ():
        count = sum(service.group == group for service in services.values())
        if not 0 < count <= MENU_LENGTH:
            message = f"group {group} has {count} services: give it 1 to {MENU_LENGTH}, or take it out"
            notes.warn(item.file, item.line, message)


def _check_named(each: ArticleFile, known: Known, notes: Notes) -> None:
    article = each.article
    themes = known.city.themes if known.city else {}
    for key, written, ids, home in (
        ("theme", article.theme, themes, "city.yaml"),
        ("office", article.office, known.departments, "departments.yaml"),
    ):
        if written and ids and written not in ids:
            notes.error(article.file, each.line(key), f"{key} {written} is not in {home}{did_you_mean(written, ids)}")


def _check_related(each: ArticleFile, ids: Collection[tuple[str, str]], notes: Notes) -> None:
    article = each.article
    for i, id_ in enumerate(article.related, 1):
        if id_ == article.id:
            notes.error(article.file, _line(each, "related", i), "related names the article itself: take it out")
        elif (article.language, id_) not in ids and ("es", id_) not in ids:
            near = did_you_mean(id_, [other for _, other in ids])
            notes.error(article.file, _line(each, "related", i), f"related: no article {id_}{near}")


def _action_mistake(action: str, services: Mapping[str, Service]) -> str | None:
    kind, colon, rest = action.partition(":")
    if kind == "url" and colon:
        return None if _URL.fullmatch(rest) else f"action {action} must be url:https://... with a complete address"
    if kind == "report" and colon:
        near = did_you_mean(rest, services)
        return f"action {action}: no service {rest}{near}" if services and rest not in services else None
    if action in ACTIONS:
        return None
    return f"action {action} must be report:CODE, {', '.join(ACTIONS)} or url:https://..."


def _check_days(each: ArticleFile, notes: Notes, today: date) -> None:
    article = each.article
    verified, until = article.verified_on, article.valid_until
    if verified and verified > today:
        notes.error(article.file, each.line("verified_on"), f"verified_on {verified} lies in the future")
    elif verified and (today - verified).days > STALE_DAYS:
        message = f"was verified on {verified}, more than a year ago: confirm it and change verified_on"
        notes.warn(article.file, each.line("verified_on"), message)
    if until and verified and until < verified:
        notes.error(article.file, each.line("valid_until"), f"valid_until {until} comes before verified_on {verified}")
    elif until and until < today:
        message = f"was valid until {until}: residents are told to confirm it; bring it up to date or withdraw it"
        notes.warn(article.file, each.line("valid_until"), message)


def _line(each: ArticleFile, key: str, member: int) -> int:
    return each.lines.get(f"{key} {member}", each.line(key))


def _labels(item: Item, depth: int) -> Iterator[Item]:
    """Every mapping with a Spanish text, called by the key it stands under."""
    if not depth or as_written(item.node) is not None:
        return
    entries = item.entries() if isinstance(item.node, yaml.MappingNode) else ()
    if any(key == "es" for key, _ in entries):
        yield item
        return
    for _, each in entries or [("", each) for each in item.items() if isinstance(item.node, yaml.SequenceNode)]:
        yield from _labels(each, depth - 1)
