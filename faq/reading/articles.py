"""Reads articles: a Markdown file each, with YAML front matter. Knows nothing of search or of the rest of the town."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from faq.model import Article, Problem
from faq.reading.files import files_below, parse_yaml, read_text
from faq.reading.notes import Item, Notes, Record
from faq.reading.placeholders import note_placeholders, note_placeholders_in

_FENCE: Final = "---"
_SLUG: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article with where its parts stand."""

    article: Article
    #: Line of each front matter key; of the members of a list as "questions 2".
    lines: Mapping[str, int]
    #: The whole file.
    text: str = ""

    def line(self, key: str) -> int:
        """Where a key stands; the first line of the front matter where it is left out."""
        return self.lines.get(key, 2)


def load_articles(folder: Path) -> tuple[Mapping[str, Mapping[str, Article]], list[Problem]]:
    """Every article below a folder, by language and id, and the mistakes in their files.

    Articles are found in `<language>/articles`; where there is no such folder, every .md file counts as Spanish.
    An article with mistakes is still there, as far as it can be read.
    """
    notes = Notes()
    files = read_articles(folder, notes)
    return by_language(files), notes.problems


def read_articles(folder: Path, notes: Notes) -> tuple[ArticleFile, ...]:
    """The articles with their lines, without those whose id the same language has already."""
    found: dict[tuple[str, str], ArticleFile] = {}
    for language, path in _article_paths(folder):
        file = path.relative_to(folder).as_posix()
        text = read_text(path, file, notes)
        read = parse_article(text, notes, language=language, file=file) if text is not None else None
        if read is None:
            continue
        first = found.setdefault((language, read.article.id), read)
        if first is not read:
            notes.error(file, read.line("id"), f"id {read.article.id} is taken by {first.article.file}")
    return tuple(found.values())


def by_language(files: tuple[ArticleFile, ...]) -> dict[str, dict[str, Article]]:
    """The articles by language, then id."""
    articles: dict[str, dict[str, Article]] = {}
    for each in files:
        articles.setdefault(each.article.language, {})[each.article.id] = each.article
    return articles


def parse_article(text: str, notes: Notes, *, language: str, file: str) -> ArticleFile | None:
    """One article from the text of its file; None, with a note, where it has no front matter, id or title."""
    lines = text.split("\n")
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == _FENCE), None)
    if lines[0].rstrip() != _FENCE or end is None:
        missing = "must begin with" if lines[0].rstrip() != _FENCE else "must end its front matter with"
        notes.error(file, 1, f"{missing} a line of {_FENCE}")
        return None
    before = len(notes.problems)
    front = parse_yaml("\n".join(lines[1:end]), file, notes, offset=1)
    if front is None:
        if len(notes.problems) == before:
            notes.error(file, 1, "front matter is empty: write at least id, title and questions")
        return None
    body = "\n".join(lines[end + 1 :])
    note_placeholders(front)
    note_placeholders_in(body, file, end + 2, notes)
    if not body.strip():
        notes.error(file, end + 1, "has no answer below the front matter")
    return _article(front, body.strip(), language, text)


def _article(front: Item, body: str, language: str, text: str) -> ArticleFile | None:
    record = Record(front)
    article = Article(
        id=record.text("id"),
        title=record.text("title"),
        questions=_questions(record),
        body=body,
        language=language,
        keywords=record.texts("keywords"),
        theme=record.text_or_none("theme"),
        office=record.text_or_none("office"),
        cost=record.text_or_none("cost"),
        duration=record.text_or_none("duration"),
        hours=record.text_or_none("hours"),
        requirements=record.texts("requirements"),
        source=record.text_or_none("source"),
        verified_on=record.day("verified_on"),
        valid_until=record.day("valid_until"),
        related=record.texts("related"),
        actions=record.texts("actions"),
        file=front.file,
    )
    record.note_unknown_keys()
    if article.id and not _SLUG.fullmatch(article.id):
        front.notes.error(front.file, record.line_of("id"), f"id {article.id!r} must be such as acta-de-nacimiento")
    return ArticleFile(article, record.lines(), text) if article.id and article.title else None


def _questions(record: Record) -> tuple[str, ...]:
    item = record.get("questions")
    questions = item.texts() if item else ()
    if item and not questions:
        item.error("questions is empty: write at least one way that people ask for this")
    return questions


def _article_paths(folder: Path) -> Iterator[tuple[str, Path]]:
    homes = [home for home in sorted(folder.glob("*/articles")) if home.is_dir()]
    for home in homes:
        yield from ((home.parent.name, path) for path in _markdown(home))
    if not homes:
        yield from (("es", path) for path in _markdown(folder))


def _markdown(folder: Path) -> Iterator[Path]:
    return (path for path in files_below(folder, ".md") if path.name.lower() != "readme.md")
