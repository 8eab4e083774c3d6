"""What administrators are told of the content by itself: mistakes, changes gone live or refused, what has grown old."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from faq.model import Article, Problem
from faq.reading.articles import parse_article
from faq.reading.notes import Notes
from faq.search.grouping import group
from handlers.admin.misses import Group, groups_of, line_of
from handlers.admin.telling import Telling, Way
from handlers.content_change import ContentChange
from handlers.ports import UnitOfWork
from handlers.texts import declare, under
from handlers.town.town import Town

declare(
    __name__,
    *under("faq_button", "home", "misses", "stale", "ask_it"),
    *under("faq_news", "broken mended withdrawn live differs not_committed expired weekly"),
    *under("faq_news", "changed_meanwhile unwritable unsound"),
)

_PROBLEMS_SHOWN: Final = 10
_GROUPS_SHOWN: Final = 5
_WEEK: Final = timedelta(days=7)
_HOME: Final = Way("faq", (), "faq_button.home")
_MISSES: Final = Way("misses", (), "faq_button.misses")
_STALE: Final = Way("faq", ("vencidas",), "faq_button.stale")


class News:
    """Pushes, each once, however often and on however many replicas they are asked for."""

    def __init__(self, uow: UnitOfWork, town: Town, now: datetime) -> None:
        self._uow, self._town, self._now = uow, town, now
        self._telling = Telling(uow, town, now)

    def broken(self, problems: Sequence[Problem], digest: str) -> None:
        """The files have mistakes: the old content goes on. `digest` marks this state of the files."""
        lines = [f"• {problem}" for problem in problems[:_PROBLEMS_SHOWN]]
        left = len(problems) - len(lines)
        self._telling.administrators(
            "faq_news.broken", {"lines": "\n".join(lines), "n": len(problems), "more": f"(+{left})" if left else ""},
            once=f"content broken:{digest}",
        )  # fmt: skip

    def mended(self, digest: str) -> None:
        """They have none any more. `digest` marks the broken state that is over."""
        self._telling.administrators("faq_news.mended", {}, once=f"content mended:{digest}")

    def live(self, change: ContentChange) -> None:
        """The author's change is what residents get now."""
        ways = [_HOME] if change.text is None else self._ask_it(change)
        key = "faq_news.withdrawn" if change.text is None else "faq_news.live"
        self._tell_author(change, key, ways)

    def refused(self, change: ContentChange, problems: Sequence[Problem] = ()) -> None:
        """The author's change was not carried out, and why."""
        lines = "\n".join(f"• {problem}" for problem in problems[:_PROBLEMS_SHOWN])
        self._tell_author(change, f"faq_news.{change.reason}", [_HOME], lines=lines)

    def differs(self, change: ContentChange) -> None:
        """A change that is live elsewhere could not be carried out in one folder."""
        self._telling.administrators(
            "faq_news.differs", {"file": change.path}, once=f"content differs:{change.id}", ways=[_HOME]
        )

    def not_committed(self, change: ContentChange, why: str) -> None:
        """The file is right, but git did not take it."""
        self._tell_author(change, "faq_news.not_committed", [], why=why)

    def expired(self, day: date, articles: Sequence[Article]) -> int:
        """Articles whose last day has passed, told once for each such day; how many pushes."""
        lines = "\n".join(f"• {each.title} ({each.file})" for each in articles)
        return self._telling.administrators(
            "faq_news.expired",
            {"valid_until": day, "lines": lines, "n": len(articles)},
            once=f"content expired:{day}",
            ways=[_STALE],
        )

    def weekly(self, groups: Sequence[Group]) -> int:
        """What people asked in vain, once a week; nothing where nobody did. How many pushes."""
        if not groups:
            return 0
        year, week, _ = self._now.astimezone(self._town.calendar.zone).isocalendar()
        return self._telling.administrators(
            "faq_news.weekly",
            {"lines": "\n".join(map(line_of, groups[:_GROUPS_SHOWN])), "n": sum(len(each["ids"]) for each in groups)},
            once=f"misses:{year}-W{week:02}",
            ways=[_MISSES],
        )

    def _tell_author(self, change: ContentChange, key: str, ways: Sequence[Way], **facts: str) -> None:
        self._telling.person(
            change.person_id,
            key,
            {"title": _title_of(change), "file": change.path, **facts},
            once=f"content {key}:{change.id}",
            ways=ways,
        )

    def _ask_it(self, change: ContentChange) -> list[Way]:
        article = _read(change.path, change.text)
        if article is None:
            return [_HOME]
        ways = [Way("ask", (question,), "faq_button.ask_it") for question in article.questions[:1]]
        ways.append(Way("article", (article.id,), "faq_button.ask_it"))
        return [*[way for way in ways if way.fits][:1], _HOME]


def expired_by_day(town: Town, today: date) -> dict[date, list[Article]]:
    """The articles whose last day has passed, by that day, oldest first."""
    by_day: dict[date, list[Article]] = {}
    for articles in town.library.articles.values():
        for article in articles.values():
            if article.valid_until is not None and article.valid_until < today:
                by_day.setdefault(article.valid_until, []).append(article)
    return dict(sorted(by_day.items()))


def _title_of(change: ContentChange) -> str:
    article = _read(change.path, change.text) or _read(change.path, change.previous_text)
    return article.title if article else change.path


def _read(path: str, text: str | None) -> Article | None:
    file = parse_article(text, Notes(), language=path.partition("/")[0], file=path) if text else None
    return file.article if file else None


def asked_in_vain(uow: UnitOfWork, now: datetime) -> list[Group]:
    """What the digest of a week tells."""
    return groups_of(uow, now - _WEEK, group)
