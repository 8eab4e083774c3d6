"""One chat during one message: runs flows, gathers replies, and stores both."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeVar

from handlers.conversation import drafts
from handlers.conversation.chat import Chat
from handlers.conversation.flow import FLOWS, Flow
from handlers.conversation.journal import DANGER, Journal
from handlers.conversation.questions import Heard, Question
from handlers.conversation.signals import Go, Leave, Restart, Stop, Suspend
from handlers.conversation.standing import Standing
from handlers.desk.buttons import ticket_button
from handlers.desk.desk import Desk
from handlers.errors import Refused, StaleTicket
from handlers.lookups import Lookups, inside
from handlers.messages import Choice, NoticeKind, OutgoingMessage, Param, Reply
from handlers.ports import Contact, Conversation, Json, UnitOfWork
from handlers.texts import declare, under
from handlers.ticket.role import suffices
from handlers.town.render import below, join, render
from handlers.town.town import Town

declare(__name__, *under("draft", "put_aside", "offer", "kept", "which"), "ticket.stale", "staff.not_allowed")

T = TypeVar("T")

_NONCE_SIGNS: Final = "abcdefghijkmnpqrstuvwxyz"
#: More turns than any conversation takes in one message: a flow that sends in circles stops here.
_MOST_TURNS: Final = 20


class Session(Standing):
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
        super().__init__(uow, town, contact, now)
        self.desk = Desk(uow, town, contact, now, choice)
        self._choice = choice
        self._lookups = lookups or inside()
        self._replies: list[Reply] = []
        #: What is said below the last reply.
        self._notes: list[Reply] = []
        self._about: int | None = None
        self._danger: str | None = None

    @property
    def replies(self) -> tuple[Reply, ...]:
        """What is said so far, with what stands below the last of it."""
        return (*self._replies, *self._notes)

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
        """Open a flow from its beginning; a form that was open waits."""
        self.set_aside()
        self._begin(flow, said or {}, answers or {}, media, place)

    def in_passing(
        self, flow: Flow, *, said: Mapping[str, str] | None = None, answers: Mapping[str, Json] | None = None,
        media: tuple[int, ...] = (), place: Json = None,
    ) -> None:  # fmt: skip
        """Hold a conversation that needs no answer, and go on where the form was; if it asks something, that waits."""
        if self._flow is None or not self._flow.is_form:
            self.start(flow, said=said, answers=answers, media=media, place=place)
            return
        if not flow.takes_media and self._flow.takes_media:  # photos that it does not take are the form's
            self.keep(media, place)
            media, place = (), None
        form = self._flow, self._journal, self._asked
        self._begin(flow, said or {}, answers or {}, media, place)
        asking = self.flow, self._journal, self._asked
        self._flow, self._journal, self._asked = form
        if asking[0] is None:
            self.repeat()
            return
        self.set_aside()
        self._flow, self._journal, self._asked = asking

    def set_aside(self) -> None:
        """Let the open form wait, and say so in half a line; anything else that is open ends."""
        if self._flow is not None and self._flow.is_form and self._journal.has_content:
            self._replies.append(Reply("draft.kept", drafts.facts(self.town, self._flow.name)))
            self._put_aside(self.now)
        self.leave()

    def _begin(
        self, flow: Flow, said: Mapping[str, str], answers: Mapping[str, Json], media: tuple[int, ...], place: Json
    ) -> None:
        self._flow, self._asked = flow, None
        self._journal = Journal()
        self._journal.nonce = "".join(self._choice(_NONCE_SIGNS) for _ in range(3))
        for key, words in said.items():
            self._journal.say_beforehand(key, words)
        for key, value in answers.items():
            self._journal.put_answer(key, value)
        if media:
            self._journal.keep_media(media)
        if place is not None:
            self._journal.keep_place(place)
        if self._danger is not None:
            self._journal.put_done(DANGER, self._danger)
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

    def resume(self, number: int = 0) -> bool:
        """Take up a form that waits, by its place among them; False where there is none there."""
        if not 0 <= number < len(self.aside):
            return False
        form = self.aside[number]
        self._context = self._context.without(form)
        if self._flow is not None:
            self.set_aside()
        self._flow, self._journal, self._asked = FLOWS[form.flow], Journal(dict(form.journal)), form.asked
        self._run(None, is_live=False)
        return True

    def mark_danger(self, kind: str) -> None:
        """A danger was recognised in this message: the form that is open, or that it opens, knows of it."""
        self._danger = kind
        if self._flow is not None:
            self._journal.put_done(DANGER, kind)

    def peek(self) -> Question | None:
        """The question that waits, as its script asks it now; None where nothing waits."""
        flow = self._flow
        if flow is None or self._asked is None or not suffices(self.contact.role, flow.role):
            return None
        chat = self._chat(flow, None, is_live=False, is_peek=True)
        try:
            flow.script(chat)
        except (Suspend, Stop, Restart, Go, Leave, Refused, StaleTicket):
            return chat.question if chat.asked == self._asked else None
        return None

    def set_language(self, language: str) -> None:
        """From here on in another language."""
        self.uow.people.set_language(self.contact.person_id, language)
        self._refresh(replace(self.contact, language=language))

    def refresh_contact(self) -> None:
        """Read the person's role anew."""
        self._refresh(self.uow.people.contact(self.contact.address_id))

    def look_up(self, what: Hashable, read: Callable[[UnitOfWork], T]) -> T:
        """Beside the transaction, unless something was done in it that it may have to show."""
        return read(self.uow) if self.desk.effects else self._lookups.get(what, read, self.uow)

    def pause(self, conversation: Conversation) -> None:
        """The conversation expired: let a form wait and say so once, forget everything else."""
        if self._lost:
            # Said with the next message, which sets it apart.
            self.uow.conversations.put(replace(conversation, is_paused=True))
            return
        offered: tuple[Choice, ...] = ()
        if self._flow is not None and self._flow.is_form and self._journal.has_content:
            facts = drafts.facts(self.town, self._flow.name)
            self._put_aside(self.now)
            if self.contact.unreachable_at is None:
                offered = drafts.choices(self.town, self.contact.language, self.aside)
                self._put([self._render(Reply("draft.put_aside", facts, offered))], NoticeKind.NOTICE)
        else:
            self.leave()
        self._store(offered)

    def offer_aside(self) -> None:
        """Ask whether to go on with what waits, or with which of several."""
        if self.aside:
            key = "draft.offer" if len(self.aside) == 1 else "draft.which"
            choices = drafts.choices(self.town, self.contact.language, self.aside)
            self._replies.append(Reply(key, drafts.facts(self.town, self.aside[0].flow), choices))

    def finish(self) -> None:
        """Write the replies and where the conversation stands."""
        if self._lost and self._is_worth_keeping:
            self.uow.conversations.set_apart(self.contact.address_id, self._lost, self.now)
        messages = join([self._render(reply) for reply in self._replies])
        for each in self._notes:
            messages = below(messages, self._render(each))
        self._put(messages, NoticeKind.REPLY)
        shown = messages[-1] if messages else None
        self._settle(shown)
        self._store((*shown.choices, *shown.controls) if shown and self.flow is None else self.offered)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _refresh(self, contact: Contact) -> None:
        self.contact = contact
        self.desk.contact = contact

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
                self._gather(chat)
                self._asked = chat.asked
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
                media, place = tuple(self._journal.kept_media()), self._journal.take_place()
                self._begin(FLOWS[go.flow], go.said, go.answers, media, place)
                return True
            except Refused as refused:
                chat.replies.append(Reply(refused.key, {}, self._another_look()))
            except StaleTicket:
                chat.replies.append(Reply("ticket.stale", {}, self._another_look()))
            except Stop:
                pass
            self._gather(chat)
            self.leave()
            return True
        raise RuntimeError(f"the flow {self._flow and self._flow.name} goes in circles")

    def _chat(self, flow: Flow, heard: Heard | None, *, is_live: bool, is_peek: bool = False) -> Chat:
        return Chat(
            flow=flow.name, contact=self.contact, town=self.town, desk=self.desk, now=self.now,
            journal=self._journal.copy() if is_peek else self._journal,
            asked=self._asked, heard=heard, is_live=is_live, is_peek=is_peek, session=self,
        )  # fmt: skip

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
