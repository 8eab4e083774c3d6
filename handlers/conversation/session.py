"""One chat during one message: runs flows, gathers replies, and stores where the conversation stands."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from handlers import commands
from handlers.conversation import controls
from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, Flow
from handlers.conversation.journal import Journal
from handlers.conversation.questions import Heard
from handlers.conversation.signals import Go, Leave, Restart, Stop, Suspend
from handlers.desk.buttons import ticket_button
from handlers.desk.desk import Desk
from handlers.errors import Refused, StaleTicket
from handlers.lookups import Lookups, inside
from handlers.messages import Choice, NoticeKind, OutgoingMessage, Param, Reply
from handlers.ports import Contact, Conversation, Json, UnitOfWork
from handlers.texts import declare, under
from handlers.ticket import folio as folios
from handlers.ticket.role import suffices
from handlers.town.render import below, join, render
from handlers.town.town import Town

declare(
    __name__,
    *under("draft", "put_aside", "offer", "resume", "discard"),
    "ticket.stale",
    "staff.not_allowed",
    lambda: under("draft", *(each.name for each in FLOWS.values() if each.is_form)),
)

T = TypeVar("T")

_NONCE_SIGNS: Final = "abcdefghijkmnpqrstuvwxyz"
#: Where the row keeps what the last answer was given for.
_QUESTION: Final = "_question"
#: More turns than any conversation takes in one message: a flow that sends in circles stops here.
_MOST_TURNS: Final = 20


class Session:
    """What one message does to one chat. Nothing is stored before finish()."""

    def __init__(
        self,
        uow: UnitOfWork,
        town: Town,
        contact: Contact,
        now: datetime,
        choice: Callable[[Sequence[str]], str],
        lookups: Lookups | None = None,
    ) -> None:
        """lookups: what was looked up beside the transaction; everything is looked up in it without them."""
        self.uow, self.town, self.contact, self.now = uow, town, contact, now
        self.conversation = uow.conversations.get(contact.address_id)
        self.desk = Desk(uow, town, contact, now, choice)
        self._choice = choice
        self._lookups = lookups or inside()
        self._replies: list[Reply] = []
        #: What is said below the last reply.
        self._notes: list[Reply] = []
        self._about: int | None = None
        self._journal = Journal(self.conversation.journal if self.conversation else None)
        self._flow: Flow | None = self._known_flow()
        self._asked = self.conversation.asked if self.conversation else None
        self._is_paused = bool(self.conversation and self.conversation.is_paused)
        self._kept_question: Json = None
        self._lost = self._why_lost()
        self._is_worth_keeping = self._journal.has_answers or bool(self.conversation and self.conversation.unreadable)

    # -- what stands ------------------------------------------------------------------------------------------------

    @property
    def flow(self) -> Flow | None:
        """The flow that waits for an answer now."""
        return None if self._is_paused else self._flow

    @property
    def draft(self) -> Flow | None:
        """A form that expired unfinished."""
        return self._flow if self._is_paused else None

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

    @property
    def replies(self) -> tuple[Reply, ...]:
        """What is said so far, with what stands below the last of it."""
        return (*self._replies, *self._notes)

    # -- doing ------------------------------------------------------------------------------------------------------

    def say(self, key: str, *, choices: Sequence[Choice] = (), **params: Param) -> None:
        """Say something outside a flow."""
        self._replies.append(Reply(key, params, tuple(choices)))

    def note(self, key: str, **params: Param) -> None:
        """Say something below the last message, after whatever that says: it takes nobody's attention or buttons."""
        self._notes.append(Reply(key, params))

    def start(
        self, flow: Flow, *, said: Mapping[str, str] | None = None, answers: Mapping[str, Json] | None = None,
        media: tuple[int, ...] = (), place: Json = None,
    ) -> None:  # fmt: skip
        """Open a flow from its beginning; what was there before is left."""
        self._flow, self._asked, self._is_paused = flow, None, False
        self._journal = Journal()
        self._journal.nonce = "".join(self._choice(_NONCE_SIGNS) for _ in range(3))
        for key, words in (said or {}).items():
            self._journal.say_beforehand(key, words)
        for key, value in (answers or {}).items():
            self._journal.put_answer(key, value)
        if media:
            self._journal.keep_media(media)
        if place is not None:
            self._journal.keep_place(place)
        self._run(None, is_live=True)

    def hear(self, heard: Heard) -> bool:
        """Give a message to the flow that waits; False if it was not for it."""
        return self._run(heard, is_live=False)

    def hear_for(self, key: str, heard: Heard) -> bool:
        """An older question's button was tapped: take it as a change of that answer. False if that is not possible."""
        if self._flow is None or not self._journal.ask_again(key):
            return False
        self._asked = key
        return self._run(heard, is_live=False)

    def back(self) -> bool:
        """One question back; False at the first."""
        if self._flow is None or not self._journal.back(self._asked):
            return False
        self._run(None, is_live=False)
        return True

    def repeat(self) -> None:
        """Ask the waiting question once more."""
        if self._flow is not None:
            self._run(None, is_live=False)

    def resume(self) -> None:
        """Take an expired form up again."""
        self._is_paused = False
        self._run(None, is_live=False)

    def leave(self) -> None:
        """Drop the conversation."""
        self._flow, self._asked, self._is_paused, self._journal = None, None, False, Journal()

    def keep(self, media: tuple[int, ...], place: Json) -> None:
        """Put photos or a place aside for the question that will ask for them."""
        if media:
            self._journal.keep_media(media)
        if place is not None:
            self._journal.keep_place(place)

    def set_language(self, language: str) -> None:
        """From here on in another language."""
        self.uow.people.set_language(self.contact.person_id, language)
        self._refresh(replace(self.contact, language=language))

    def refresh_contact(self) -> None:
        """Read the person's role anew."""
        self._refresh(self.uow.people.contact(self.contact.address_id))

    def keep_question(self, question: str, article: str) -> None:
        """Remember until the next message what an article was given for."""
        self._kept_question = {"text": question, "article": article}

    def question_for(self, article: str) -> str | None:
        """What the article was given for, if that was the last thing that happened in this chat."""
        kept = self.conversation.journal.get(_QUESTION) if self.conversation else None
        return str(kept["text"]) if isinstance(kept, dict) and kept.get("article") == article else None

    def look_up(self, what: Hashable, read: Callable[[UnitOfWork], T]) -> T:
        """Beside the transaction, unless something was done in it that it may have to show."""
        return read(self.uow) if self.desk.effects else self._lookups.get(what, read, self.uow)

    def pause(self, conversation: Conversation) -> None:
        """The conversation expired: keep a form as a draft and say so once, forget everything else."""
        if self._lost:
            # Said with the next message, which sets it apart.
            self.uow.conversations.put(replace(conversation, is_paused=True))
            return
        if self._flow is None or not self._flow.is_form or not self._journal.has_answers:
            self.uow.conversations.clear(conversation.address_id)
            return
        if self.contact.unreachable_at is None:
            choices = self.draft_choices()
            reply = Reply("draft.put_aside", self._draft_facts(), choices)
            self._put([self._render(reply)], NoticeKind.NOTICE)
            conversation = replace(conversation, offered=choices)
        self.uow.conversations.put(replace(conversation, is_paused=True, updated_at=self.now))

    def offer_draft(self) -> None:
        """Ask whether to go on with what expired."""
        self.say("draft.offer", choices=self.draft_choices(), **self._draft_facts())

    def draft_choices(self) -> tuple[Choice, ...]:
        """Go on, or begin afresh."""
        words = self.town.words
        language = self.contact.language
        return (
            commands.button(words("draft.resume", language), controls.RESUME),
            commands.button(words("draft.discard", language), controls.DISCARD),
        )

    def finish(self) -> None:
        """Write the replies and where the conversation stands."""
        if self._lost and self._is_worth_keeping:
            self.uow.conversations.set_apart(self.contact.address_id, self._lost, self.now)
        messages = join([self._render(reply) for reply in self._replies])
        for each in self._notes:
            messages = below(messages, self._render(each))
        self._put(messages, NoticeKind.REPLY)
        last = messages[-1] if messages else None
        offered = (*last.choices, *last.controls) if last and self.flow is None else self.offered
        if self._flow is None and not offered:
            if self.conversation is not None:
                self.uow.conversations.clear(self.contact.address_id)
            return
        self.uow.conversations.put(
            Conversation(
                address_id=self.contact.address_id,
                flow=self._flow.name if self._flow else None,
                journal=self._journal.to_json() if self._flow else {_QUESTION: self._kept_question},
                asked=self._asked if self._flow else None,
                offered=offered if self.flow is None else (),
                updated_at=self.now,
                is_paused=self._is_paused,
            )
        )

    # -- parts ------------------------------------------------------------------------------------------------------

    def _known_flow(self) -> Flow | None:
        is_read = self.conversation is not None and self.conversation.unreadable is None
        return FLOWS.get(self.conversation.flow or "") if self.conversation and is_read else None

    def _why_lost(self) -> str | None:
        if self.conversation is None or self.conversation.flow is None or self._flow is not None:
            return None
        return self.conversation.unreadable or "its flow is not here"

    def _refresh(self, contact: Contact) -> None:
        self.contact = contact
        self.desk.contact = contact

    def _draft_facts(self) -> dict[str, Param]:
        key = f"draft.{self._flow.name if self._flow else 'menu'}"
        return {"what": {each: self.town.words(key, each) for each in self.town.languages}}

    def _render(self, reply: Reply) -> OutgoingMessage:
        return render(self.town.library, reply, self.contact.language)

    def _put(self, messages: list[OutgoingMessage], kind: NoticeKind) -> None:
        for message in messages:
            self.uow.outbox.put(self.contact.address_id, message, now=self.now, kind=kind, ticket_id=self._about)

    def _run(self, heard: Heard | None, *, is_live: bool) -> bool:
        for _ in range(_MOST_TURNS):
            flow = self._flow
            if flow is None or self._lacks_role(flow):
                return True
            chat = self._chat(flow, heard, is_live=is_live)
            try:
                flow.script(chat)
            except Suspend:
                self._take(chat, asked=chat.asked)
                return True
            except Restart:
                self._gather(chat)
                heard, is_live, self._asked = None, False, None
                continue
            except Leave:
                self.leave()
                return False
            except Go as go:
                self._gather(chat)
                self.start(FLOWS[go.flow], said=go.said, answers=go.answers, media=tuple(self._journal.kept_media()))
                return True
            except Refused as refused:
                chat.replies.append(Reply(refused.key, {}, self._another_look()))
            except StaleTicket:
                chat.replies.append(Reply("ticket.stale", {}, self._another_look()))
            except Stop:
                pass
            self._take(chat, asked=None)
            self.leave()
            return True
        raise RuntimeError(f"the flow {self._flow and self._flow.name} goes in circles")

    def _chat(self, flow: Flow, heard: Heard | None, *, is_live: bool) -> Chat:
        return Chat(
            flow=flow.name, contact=self.contact, town=self.town, desk=self.desk, now=self.now, journal=self._journal,
            asked=self._asked, heard=heard, is_live=is_live, session=self,
        )  # fmt: skip

    def _take(self, chat: Chat, *, asked: str | None) -> None:
        self._gather(chat)
        self._asked = asked

    def _gather(self, chat: Chat) -> None:
        role = self._flow.role if self._flow else None
        self._replies += [replace(each, role=role.value) for each in chat.replies] if role else chat.replies
        self._about = chat.about or self._about

    def _another_look(self) -> tuple[Choice, ...]:
        """The way on after something was not done to a ticket: see how it stands now."""
        folio = self.ticket
        if folio is None:
            return ()
        runs = "view" if self.contact.role else "track"
        return (ticket_button(self.town, self.contact.language, runs, folio),)

    def _lacks_role(self, flow: Flow) -> bool:
        if suffices(self.contact.role, flow.role):
            return False
        self.leave()
        self.say("staff.not_allowed")
        return True
