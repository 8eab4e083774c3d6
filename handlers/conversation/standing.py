"""Where one chat stands: what is open, what waits, what was said last. Read from its row, written back to it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Unpack

from handlers import context as contexts
from handlers.context import Aside, Context, Kind, Last
from handlers.conversation.flow import FLOWS, Flow
from handlers.conversation.journal import Journal
from handlers.conversation.replay import Noted
from handlers.messages import Choice, OutgoingMessage
from handlers.ports import Contact, Conversation, Json, UnitOfWork
from handlers.ticket import folio as folios
from handlers.town.town import Town


class Standing:
    """What is open in one chat, and what it is about beside that. Nothing is stored before the message is done with."""

    def __init__(self, uow: UnitOfWork, town: Town, contact: Contact, now: datetime) -> None:
        self.uow, self.town, self.contact, self.now = uow, town, contact, now
        self.conversation = uow.conversations.get(contact.address_id)
        self._journal = Journal(self.conversation.journal if self.conversation else None)
        self._flow: Flow | None = self._known_flow()
        self._asked = self.conversation.asked if self.conversation else None
        held = contexts.from_json(self.conversation.context if self.conversation else {})
        self._context: Context = held.since(now - town.city.drafts_kept_for)
        self._unsure = held.unsure
        self._lost = self._why_lost()
        self._is_worth_keeping = self._journal.has_answers or bool(self.conversation and self.conversation.unreadable)
        if self.conversation is not None and self.conversation.is_paused and self._flow is not None:
            self._put_aside(self.conversation.updated_at)

    # -- what stands ------------------------------------------------------------------------------------------------

    @property
    def flow(self) -> Flow | None:
        """The flow that waits for an answer now."""
        return self._flow

    @property
    def aside(self) -> tuple[Aside, ...]:
        """The forms that wait, the newest first."""
        return tuple(each for each in self._context.aside if each.flow in FLOWS)

    @property
    def last(self) -> Last | None:
        """What was said last that words may be about."""
        return self._context.last

    @property
    def context(self) -> Context:
        """What the chat is about beside its open form."""
        return self._context

    @property
    def journal(self) -> Journal:
        """The answers of the form that is open."""
        return self._journal

    @property
    def asked(self) -> str | None:
        """The question that waits."""
        return self._asked

    @property
    def ticket(self) -> str | None:
        """Folio of the ticket that the waiting flow is about."""
        said = self._journal.answer("ticket")
        return folios.read(said) if isinstance(said, str) else None

    @property
    def nonce(self) -> str:
        """Mark of this conversation's buttons."""
        return self._journal.nonce

    @property
    def lost(self) -> Conversation | None:
        """A conversation that cannot be gone on with: its row cannot be read, or its flow is not here any more."""
        return self.conversation if self._lost else None

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What the last message outside a flow offered."""
        return self.conversation.offered if self.conversation else ()

    # -- what changes -----------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Drop the conversation."""
        self._flow, self._asked, self._journal = None, None, Journal()

    def forget_aside(self) -> None:
        """Drop the newest form that waits."""
        if self.aside:
            self._context = self._context.without(self.aside[0])

    def keep(self, media: tuple[int, ...], place: Json) -> None:
        """Photos or a place for the question that will ask for them, or that has asked already."""
        if media and not self._journal.add_media(media):
            self._journal.keep_media(media)
        if place is not None and not self._journal.add_pin(place):
            self._journal.keep_place(place)

    def add_words(self, text: str) -> bool:
        """More of the form's story; False where the form has none yet."""
        story = self._flow.story if self._flow else None
        return story is not None and self._journal.add_words(story, text)

    def note_last(self, kind: Kind, **more: Unpack[Noted]) -> None:
        """Remember what was said just now, so that words which follow can be about it."""
        self._context = replace(self._context, last=Last(kind, self.now, **more))

    def remember(self, **changes: Any) -> None:
        """Remember other parts of the context."""
        self._context = replace(self._context, **changes)

    def question_for(self, article: str) -> str | None:
        """What the article was given for, if it is what was said last."""
        last = self._context.last
        return last.question if last is not None and article in last.articles else None

    def _put_aside(self, at: datetime) -> None:
        """Among the forms that wait."""
        if self._flow is not None and self._flow.is_form:
            form = Aside(self._flow.name, self._journal.to_json(), self._asked, at)
            self._context = self._context.with_aside(form)
        self._flow, self._asked, self._journal = None, None, Journal()

    def _settle(self, shown: OutgoingMessage | None) -> None:
        """What one message leaves behind. shown: the last thing that is said to it."""
        if shown is not None and shown.choices:
            self._context = replace(self._context, is_covered=False)
        if self._context.unsure is self._unsure:
            # A yes is an answer to what was asked just before, never to what was asked once.
            self._context = replace(self._context, unsure=None)
        last = self._context.last
        if shown is not None and last is not None and last.at != self.now:
            self._context = replace(self._context, last=replace(last, told=None, is_past=True))

    # -- its row ----------------------------------------------------------------------------------------------------

    def _known_flow(self) -> Flow | None:
        is_read = self.conversation is not None and self.conversation.unreadable is None
        return FLOWS.get(self.conversation.flow or "") if self.conversation and is_read else None

    def _why_lost(self) -> str | None:
        if self.conversation is None or self.conversation.flow is None or self._flow is not None:
            return None
        return self.conversation.unreadable or "its flow is not here"

    def _store(self, offered: tuple[Choice, ...]) -> None:
        flow, journal, asked, context = self._flow, self._journal.to_json(), self._asked, self._context
        # The newest form that waits stands where an open one would: so it is found, and forgotten when its time is up.
        is_paused = flow is None and bool(self.aside)
        if is_paused:
            form = self.aside[0]
            flow, journal, asked, context = FLOWS[form.flow], form.journal, form.asked, context.without(form)
        held = contexts.to_json(context)
        if flow is None and not offered and not held:
            if self.conversation is not None:
                self.uow.conversations.clear(self.contact.address_id)
            return
        self.uow.conversations.put(
            Conversation(
                address_id=self.contact.address_id,
                flow=flow.name if flow else None,
                journal=journal if flow else {},
                asked=asked if flow else None,
                offered=() if self._flow is not None else offered,
                updated_at=self.now,
                is_paused=is_paused,
                context=held,
            )
        )
