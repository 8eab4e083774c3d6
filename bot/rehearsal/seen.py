"""Owns what is observed of a chat: where it stood before and after a message, and what was said and sent.

Asks nobody what a message was taken for: a resident sees what was said, and the rest is what is stored.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from bot.rehearsal.outcomes import FORMS, KEEPS_NOTHING
from bot.rehearsal.situation import Scene
from faq.text import fold
from handlers.messages import Reply
from handlers.ports import Conversation, Json
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket, TicketEvent

#: A button of a question: marks of the conversation and the question go before what it stands for.
_BUTTON: Final = re.compile(r"[a-z]{3}:[a-z_]+:(.+)", re.DOTALL)

#: What the row knows of the last message for the sake of the next one: it is gone with that.
_PASSING: Final = frozenset({"_question", "last", "piece"})

#: The flows' names of questions, as the cases call them.
_CALLED: Final[Mapping[str, Mapping[str, str]]] = {"report": {"kind": "service"}, "request": {"what": "story"}}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where everything stands at one moment."""

    conversation: Conversation | None
    #: By folio: the ticket and its history.
    tickets: Mapping[str, tuple[Ticket, tuple[TicketEvent, ...]]]
    language: str

    @property
    def form(self) -> "Form | None":
        """The resident's form that is open."""
        row = self.conversation
        if row is None or row.flow not in FORMS or row.is_paused:
            return None
        return Form(row.flow or "", row.journal, row.asked)

    def all_words(self) -> str:
        """Every word that is stored of this chat and these tickets, folded."""
        texts = list(texts_in(_kept(self.conversation)))
        for ticket, events in self.tickets.values():
            texts += [ticket.story, ticket.place.text or "" if ticket.place else ""]
            texts += [event.text or "" for event in events]
        return " | ".join(fold(each) for each in texts)

    def media(self) -> set[int]:
        """Photos that a form or a ticket holds."""
        held = set(_media(self.conversation.journal)) if self.conversation else set[int]()
        for ticket, events in self.tickets.values():
            held |= {*ticket.media, *(each for event in events for each in event.media)}
        return held

    def has_trace_of(self, form: "Form") -> bool:
        """Whether that form is open, or kept in the chat's row in some way."""
        return self.conversation is not None and f'"{form.nonce}"' in json.dumps(
            asdict(self.conversation), default=str, ensure_ascii=False
        )


@dataclass(frozen=True, slots=True)
class Form:
    """An open form."""

    flow: str
    journal: Mapping[str, Json]
    asked: str | None

    @property
    def nonce(self) -> str:
        """Tells one form from the next."""
        row = self.journal.get("_nonce")
        return str(row.get("is")) if isinstance(row, dict) else ""

    def values(self) -> dict[str, Json]:
        """What stands in it, by the names that the cases use; words that wait for their question are in it."""
        called = _CALLED.get(self.flow, {})
        values: dict[str, Json] = {}
        for key, row in self.journal.items():
            if key.startswith("_") or not isinstance(row, dict) or "recalled" in row or "once" in row:
                continue
            value = next((row[kind] for kind in ("answer", "partial", "said") if kind in row), None)
            values[called.get(key, key)] = value
        return values

    @property
    def service(self) -> str | None:
        """The code of what is reported."""
        service = self.values().get("service")
        return service if isinstance(service, str) else None

    def words(self) -> str:
        """All of its words, folded."""
        return " | ".join(fold(each) for value in self.values().values() for each in texts_in(value))

    def slots(self) -> dict[str, str]:
        """For reading: what stands in it."""
        return {name: shown(value) for name, value in self.values().items() if value not in (None, [])}


@dataclass(frozen=True, slots=True)
class Seen:
    """What one message came to: where everything stood around it, and what was said."""

    before: Snapshot
    after: Snapshot
    replies: tuple[Reply, ...]
    #: The same in words, as they arrived.
    texts: tuple[str, ...]


def look(scene: Scene) -> Snapshot:
    """Everything as it stands now."""
    unit, speaker = scene.stage.unit, scene.speaker
    found = {ticket.folio: ticket for ticket in unit.tickets.of_person(speaker.person_id, limit=100)}
    for folio in scene.folios.values():
        ticket = unit.tickets.by_folio(folio)
        if ticket is not None:
            found[folio] = ticket
    return Snapshot(
        conversation=unit.conversations.get(speaker.address_id),
        tickets={folio: (ticket, unit.tickets.history(ticket.id)) for folio, ticket in found.items()},
        language=unit.people.contact(speaker.address_id).language,
    )


def offered_by(reply: Reply) -> frozenset[str]:
    """What a reply can be answered with: every id, code and folio in its choices."""
    words: set[str] = set()
    for choice in reply.choices:
        marked = _BUTTON.match(choice.id)
        words |= set((marked[1] if marked else choice.id.removeprefix("/")).split())
        folio = folios.read(choice.id) or folios.read(choice.label)
        words |= {folio} if folio else set()
    return frozenset(words)


def shown(value: Json) -> str:
    """An answer, for reading and comparing."""
    if isinstance(value, dict):
        latitude, longitude = value.get("latitude"), value.get("longitude")
        point = f"{latitude}, {longitude}" if latitude is not None else None
        return " ".join(str(each) for each in (value.get("text"), point) if each)
    if isinstance(value, list):
        return f"{len(value)}"
    return "" if value is None else str(value)


def _kept(row: Conversation | None) -> Mapping[str, object]:
    """What the chat's row keeps for later: all of it but what a search was asked for, and what can be tapped.

    A story that was answered is kept: whichever form opens now begins with it.
    """
    if row is None:
        return {}
    kept: dict[str, object] = {
        name: {key: each for key, each in value.items() if key not in _PASSING} if isinstance(value, dict) else value
        for name, value in asdict(row).items()
        if name != "offered"
    }
    last = row.context.get("last")
    kept["told"] = last.get("told") if isinstance(last, dict) else None
    is_search = row.flow is None or row.flow in KEEPS_NOTHING
    kept["journal"] = {
        key: value
        for key, value in row.journal.items()
        if key not in _PASSING and not (is_search and not key.startswith("_"))
    }
    return kept


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of JSON, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from texts_in(each)


def _media(value: object, *, is_media: bool = False) -> Iterator[int]:
    """Every number below a key that speaks of photos."""
    if isinstance(value, int) and not isinstance(value, bool):
        yield from [value] if is_media else []
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _media(each, is_media=is_media or "media" in str(key) or "photos" in str(key))
    elif isinstance(value, Iterable) and not isinstance(value, str):
        for each in value:
            yield from _media(each, is_media=is_media)
