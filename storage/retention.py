"""What is kept of people, what for and until when, as data. Runs no statement; forgetting.py carries the rules out.

A test holds it against the tables: a new table, or a new column that can hold words, is told of here or fails it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from sqlalchemy import Column, ColumnElement, Table, TextClause, and_, text

from faq.model import City
from handlers.ports import Json
from storage.schema import (
    HAS_WORDS,
    conversation,
    conversation_apart,
    inbox,
    invitation,
    mailbox,
    media,
    miss,
    outbox,
    receipt,
)
from storage.types import one_of

#: Spans that the town chooses in city.yaml.
TownSpan = Literal["conversation_expires_after", "drafts_kept_for", "texts_kept_for"]

#: What is left of a message of ours whose words are forgotten.
BLANK: Final[Json] = {"text": ""}


@dataclass(frozen=True, slots=True)
class Term:
    """How long: days of ours and spans of the town's, added up."""

    days: int = 0
    plus: tuple[TownSpan, ...] = ()
    #: Never longer, and never shorter, than a span of the town's.
    at_most: TownSpan | None = None
    at_least: TownSpan | None = None

    def lasts(self, city: City) -> timedelta:
        """In this town."""
        lasts = timedelta(days=self.days) + sum((_span(city, name) for name in self.plus), timedelta())
        if self.at_most is not None:
            lasts = min(lasts, _span(city, self.at_most))
        return lasts if self.at_least is None else max(lasts, _span(city, self.at_least))


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows whose term ends by itself, and what happens to them then."""

    #: What is forgotten; the sweep and its count are called by it.
    name: str
    table: Table
    #: The term runs from here.
    since: Column[datetime]
    term: Term
    #: Which rows. In the words of a partial index of the table, so that no slice looks at the others.
    where: ColumnElement[bool] | TextClause | None = None
    #: Columns that are emptied, and with what; without any the row is deleted.
    blanks: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """Columns of a table that are kept alike."""

    table: str
    columns: str
    what: str
    why: str
    #: Names of rules, or with what, and as long as what, they are kept.
    until: tuple[str, ...] | str


def _span(city: City, name: TownSpan) -> timedelta:
    span: timedelta = getattr(city, name)
    return span


_has_words = text(HAS_WORDS)
_FORGOTTEN: Final[Mapping[str, Json]] = {"message": BLANK, "error": None}

#: A photo is loose until a ticket or its history names it.
ATTACHMENTS: Final = Rule(
    "attachments",
    media,
    media.c.received_at,
    Term(days=1, plus=("drafts_kept_for", "conversation_expires_after")),
    text("media.is_loose"),
)

RULES: Final = (
    Rule(
        "drafts",
        conversation,
        conversation.c.updated_at,
        Term(plus=("drafts_kept_for",)),
        and_(conversation.c.flow.is_not(None), conversation.c.is_paused.is_(True)),
    ),
    Rule(
        "offers",
        conversation,
        conversation.c.updated_at,
        Term(days=30, at_most="texts_kept_for"),
        conversation.c.flow.is_(None),
    ),
    # Telegram: sends an update again for up to 24 hours.
    Rule("messages", inbox, inbox.c.received_at, Term(days=7), text("inbox.state = 'handled'")),
    Rule(
        "dead letters",
        inbox,
        inbox.c.received_at,
        Term(days=180),
        and_(text("inbox.state <> 'handled'"), one_of(inbox.c.state, ["dead", "unreadable"])),
    ),
    Rule(
        "texts",
        outbox,
        outbox.c.settled_at,
        Term(plus=("texts_kept_for",)),
        and_(_has_words, one_of(outbox.c.state, ["sent", "delivered", "read"])),
        _FORGOTTEN,
    ),
    Rule(
        "failures",
        outbox,
        outbox.c.settled_at,
        Term(days=180, at_least="texts_kept_for"),
        and_(_has_words, one_of(outbox.c.state, ["uncertain", "failed", "dead", "unreadable", "dropped"])),
        _FORGOTTEN,
    ),
    Rule("forms apart", conversation_apart, conversation_apart.c.since, Term(days=180)),
    Rule("mail", mailbox, mailbox.c.created_at, Term(days=30, at_most="texts_kept_for")),
    # A receipt that found no row by then belongs to a message that is not ours.
    Rule("receipts", receipt, receipt.c.at, Term(days=7)),
    Rule("misses", miss, miss.c.settled_at, Term(days=30), text("miss.settled_at IS NOT NULL")),
    # Nobody is shown an older one: handlers/admin/misses.py.
    Rule("open misses", miss, miss.c.asked_at, Term(days=90), text("miss.settled_at IS NULL")),
    Rule("invitations", invitation, invitation.c.expires_at, Term(days=30)),
    ATTACHMENTS,
)

_AS_THE_PERSON: Final = "with the person: nobody is erased by a clock"
_AS_THE_TICKET: Final = "with the ticket: the town's own rule for its archive applies, no clock deletes it"
_AS_THE_ROW: Final = "with the row; no words of anybody"
_ALWAYS: Final = "as long as the counter"

HELD: Final = (
    Held("person", "language notice_version", "the language, and which privacy notice was shown",
         "to speak with the person; proof of the notice", _AS_THE_PERSON),
    Held("address", "channel value", "the number, or the chat's identifier", "to answer there", _AS_THE_PERSON),
    Held("staff", "name role department", "who holds or held which role", "who did what with a ticket", _ALWAYS),
    Held("invitation", "code_hash role department name", "whom a role was offered", "to give it once",
         ("invitations",)),
    Held("conversation", "flow journal asked", "the answers of a form so far; the last question that was answered",
         "to go on where the person left it", ("drafts", "offers")),
    Held("conversation", "context", "what was said last, forms that wait, the last words until the next message",
         "to know what the next words are about", ("drafts", "offers")),
    Held("conversation", "offered", "the choices that were offered last", "so that a number means one of them",
         ("drafts", "offers")),
    Held("conversation_apart", "flow journal asked offered state reason",
         "a form that could not be gone on with, word for word", "to bring it back", ("forms apart",)),
    Held("ticket", "folio kind state department service", "what kind of matter it is and how it stands",
         "to see to it", _AS_THE_TICKET),
    Held("ticket", "story place_text area latitude longitude delivery search_text", "what was filed, and where",
         "to see to it, and to find it", _AS_THE_TICKET),
    Held("ticket_count", "department kind state", "how many tickets there are of each kind and state",
         "to tell officials without counting", _ALWAYS),
    Held("ticket_event", "kind from_state to_state text details media",
         "who did what, and the words of officials and of the resident", "the history of the matter", _AS_THE_TICKET),
    Held("media", "channel kind source content_type key state error owner", "a photo or file, and where our copy lies",
         "to show it to who works on the ticket", ("attachments",)),
    Held("upload", "key", "a file that came ahead of the message that is to name it", "to keep it once one does",
         "until a message names it, or for an hour: then the file is deleted"),
    Held("lease", "owner", "that a process of ours is alive", "to take up what one that is gone had begun",
         "until the process ends, or for a day"),
    Held("heartbeat", "name", "that rows can be written", "to answer /readyz", _ALWAYS),
    Held("discarded_file", "key", "a file that is to be deleted", "so that a store that is away loses no deletion",
         "until the file is deleted"),
    Held("inbox", "channel external_id state", "that a message came, by the vendor's identifier",
         "to know a repeat", ("messages", "dead letters")),
    Held("inbox", "payload error", "a message that could not be handled; nothing of one that was",
         "to try it again", ("messages", "dead letters")),
    Held("outbox", "message error", "what we said, and what the vendor said of it", "to send it, and send it again",
         ("texts", "failures")),
    Held("outbox", "channel kind dedupe_key state owner provider_id", "that something was said, and how far it got",
         "so that nothing is said twice, a quoted reply finds its ticket, and a card says what arrived", _AS_THE_ROW),
    Held("outbox_part", "name channel provider_id state error", "the parts of a long message, and how far each got",
         "so that the worst of them counts", _AS_THE_ROW),
    Held("receipt", "channel provider_id status error", "what a vendor told of a message before we knew its name",
         "to note it once we do", ("receipts",)),
    Held("mailbox", "address_value message role", "what the web chat shows", "for who comes back to the page",
         ("mail",)),
    Held("miss", "text reason article language details", "a question without an answer, personal data taken out",
         "so that an answer is written", ("misses", "open misses")),
    Held("content_change", "path previous_text text note state reason",
         "who changed which answer, and what it said before", "history and undo; public texts, no resident's", _ALWAYS),
    Held("instance_secret", "name value", "the keys of this counter", "links, tokens and marks in logs", _ALWAYS),
)  # fmt: skip
