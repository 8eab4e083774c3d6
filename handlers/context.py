"""What a chat is about beside its open form: what was said last, forms that wait, the last piece of a text.

Kept in the row of the conversation, and gone with it. What cannot be read is taken for nothing said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from handlers.messages import Choice
from handlers.ports import Json

#: Forms that wait beside the open one.
MOST_ASIDE: Final = 3
#: What comes within so long of the piece before belongs to it.
PIECES_WITHIN: Final = timedelta(seconds=5)


class Kind(StrEnum):
    """What was said last in a chat, as far as words that follow may be about it."""

    ARTICLE = "article"
    OFFER = "offer"
    MENU = "menu"
    #: A push about a ticket.
    NOTICE = "notice"
    #: What is said when a ticket was filed.
    RECEIPT = "receipt"
    #: ... and when something was added to one.
    ADDED = "added"
    #: Where a ticket stands.
    STATUS = "status"
    #: A ticket's card, for an official.
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Last:
    """What was said last."""

    kind: Kind
    #: Aware UTC.
    at: datetime
    #: Ids: the one that was given, or those that were offered.
    articles: tuple[str, ...] = ()
    #: Folio in its normal form.
    ticket: str | None = None
    #: What an article was given for, without personal data.
    question: str | None = field(default=None, repr=False)
    #: A story that was answered instead of being taken down, as it was told: a form that opens now begins with it.
    told: str | None = field(default=None, repr=False)
    #: Something else was said since.
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A form that waits."""

    flow: str
    journal: dict[str, Json] = field(repr=False)
    asked: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """What was said a moment ago, which the next message may go on with."""

    text: str = field(repr=False)
    at: datetime
    #: Mark of the form that it opened; None where it opened none.
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """All of it."""

    last: Last | None = None
    #: The newest first.
    aside: tuple[Aside, ...] = ()
    piece: Piece | None = None
    #: Choices of the last notice that came while a list or a form was open: they go by letters.
    lettered: tuple[Choice, ...] = ()
    #: The open list or question is not the last thing that this person saw.
    is_covered: bool = False
    #: A choice that waits for a yes.
    unsure: Choice | None = None

    def with_aside(self, form: Aside) -> "Context":
        """One more form waits; the oldest gives way."""
        return replace(self, aside=(form, *self.aside)[:MOST_ASIDE])

    def without(self, form: Aside) -> "Context":
        """A form that waits no more."""
        return replace(self, aside=tuple(each for each in self.aside if each is not form))

    def since(self, earliest: datetime) -> "Context":
        """Without forms that waited too long."""
        return replace(self, aside=tuple(each for each in self.aside if each.at >= earliest))


def to_json(context: Context) -> dict[str, Json]:
    """As the row keeps it; empty where there is nothing to keep."""
    held: dict[str, Json] = {}
    if context.last is not None:
        last = context.last
        held["last"] = {
            "kind": last.kind.value, "at": last.at.timestamp(), "articles": list(last.articles),
            "ticket": last.ticket, "question": last.question, "told": last.told, "past": last.is_past,
        }  # fmt: skip
    if context.aside:
        held["aside"] = [
            {"flow": each.flow, "journal": each.journal, "asked": each.asked, "at": each.at.timestamp()}
            for each in context.aside
        ]
    if context.piece is not None:
        piece = context.piece
        held["piece"] = {"text": piece.text, "at": piece.at.timestamp(), "form": piece.form}
    if context.lettered:
        held["lettered"] = [_choice_to_json(each) for each in context.lettered]
    if context.unsure is not None:
        held["unsure"] = _choice_to_json(context.unsure)
    if context.is_covered:
        held["covered"] = True
    return held


def from_json(held: Mapping[str, Json]) -> Context:
    """What another release wrote otherwise is left out."""
    aside = [_aside(each) for each in _list(held.get("aside"))]
    lettered = [_choice(each) for each in _list(held.get("lettered"))]
    return Context(
        last=_last(held.get("last")),
        aside=tuple(each for each in aside if each)[:MOST_ASIDE],
        piece=_piece(held.get("piece")),
        lettered=tuple(each for each in lettered if each),
        is_covered=held.get("covered") is True,
        unsure=_choice(held.get("unsure")),
    )


def _last(held: Json) -> Last | None:
    at = _instant(held)
    if not isinstance(held, dict) or at is None or held.get("kind") not in set(Kind):
        return None
    articles = tuple(each for each in _list(held.get("articles")) if isinstance(each, str))
    ticket, question, told = (_text(held.get(each)) for each in ("ticket", "question", "told"))
    return Last(Kind(str(held["kind"])), at, articles, ticket, question, told, held.get("past") is True)


def _aside(held: Json) -> Aside | None:
    at = _instant(held)
    if not isinstance(held, dict) or at is None:
        return None
    flow, journal = held.get("flow"), held.get("journal")
    if not isinstance(flow, str) or not isinstance(journal, dict):
        return None
    return Aside(flow, journal, _text(held.get("asked")), at)


def _piece(held: Json) -> Piece | None:
    at = _instant(held)
    if not isinstance(held, dict) or at is None or not isinstance(held.get("text"), str):
        return None
    return Piece(str(held["text"]), at, _text(held.get("form")))


def _choice_to_json(choice: Choice) -> Json:
    return {"id": choice.id, "label": choice.label}


def _choice(held: Json) -> Choice | None:
    if not isinstance(held, dict):
        return None
    found, label = held.get("id"), held.get("label")
    return Choice(found, label) if isinstance(found, str) and isinstance(label, str) else None


def _instant(held: Json) -> datetime | None:
    at = held.get("at") if isinstance(held, dict) else None
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < 4_000_000_000:
        return None
    return datetime.fromtimestamp(at, UTC)


def _text(held: Json) -> str | None:
    return held if isinstance(held, str) else None


def _list(held: Json) -> Sequence[Json]:
    return held if isinstance(held, list) else []
