"""The engine of conversations: a flow is a script that is replayed from its journal. Knows no flow and no vendor."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol, TypedDict, TypeVar, Unpack

from handlers.commands import button
from handlers.context import Kind
from handlers.conversation.controls import BACK, CANCEL
from handlers.conversation.journal import MISSING, Journal, Missing
from handlers.conversation.questions import Again, Answer, ChoiceQuestion, Elsewhere, Heard, Part, Question
from handlers.conversation.signals import Go, Leave, Stop, Suspend
from handlers.desk.desk import Desk
from handlers.errors import UnguardedEffect
from handlers.messages import Choice, Param, Reply
from handlers.ports import Contact, Json, UnitOfWork
from handlers.texts import declare
from handlers.town.town import Town

declare(__name__, "control.back", "control.cancel")

T = TypeVar("T")


class Noted(TypedDict, total=False):
    """What is remembered of what was said last, as `handlers.context.Last` describes it."""

    articles: tuple[str, ...]
    ticket: str | None
    question: str | None
    told: str | None


class ChatSettings(Protocol):
    """What a flow may change about the chat itself."""

    def set_language(self, language: str) -> None:
        """From here on in another language."""

    def refresh_contact(self) -> None:
        """Read the person's role anew."""

    def note_last(self, kind: Kind, **more: Unpack[Noted]) -> None:
        """Remember what was said just now, so that words which follow can be about it."""

    def question_for(self, article: str) -> str | None:
        """What the article was given for, if that was the last thing that happened in this chat."""

    def look_up(self, what: Hashable, read: Callable[[UnitOfWork], T]) -> T:
        """What `read` returns, which takes long: beside the transaction where that is possible."""


class Replay:
    """One run of a script: what it says, what it reads of the world, what it asks and suspends for.

    `heard` is the new message, for the question that was `asked`; None when nothing new was said.
    `is_live` says whether what comes before the first question is said aloud (a fresh start) or was said before.
    `is_peek`: only to find the question, which is not put into words.
    """

    def __init__(
        self,
        *,
        flow: str,
        contact: Contact,
        town: Town,
        desk: Desk,
        now: datetime,
        journal: Journal,
        session: ChatSettings,
        asked: str | None = None,
        heard: Heard | None = None,
        is_live: bool = True,
        is_peek: bool = False,
    ) -> None:
        self.session = session
        #: Name of the flow, under which its texts stand.
        self.flow = flow
        self.person = contact
        self.town = town
        self.desk = desk
        self.now = now
        self.journal = journal
        self.asked = asked
        #: The question that is asked, once it is.
        self.question: Question | None = None
        self.replies: list[Reply] = []
        #: Id of the ticket that was named: what is said is about it, and a reply to it finds it.
        self.about: int | None = None
        self._heard = heard
        self._is_live = is_live
        self._is_peek = is_peek
        self._expected = asked
        self._effects = desk.effects

    @property
    def store(self) -> UnitOfWork:
        """What is stored, in the transaction of this message."""
        return self.desk.uow

    # -- saying -----------------------------------------------------------------------------------------------------

    def words(self, key: str, **params: Param) -> str:
        """A text in the person's language, for labels and for putting one text into another."""
        return self.town.words(key, self.person.language, params)

    def say(
        self,
        key: str,
        *,
        choices: Sequence[Choice] = (),
        controls: Sequence[Choice] = (),
        media: Sequence[int] = (),
        **params: Param,
    ) -> None:
        """Say something, once: a replay is silent. `controls` are shown smaller than the choices, and not numbered."""
        self.tell(key, params, choices=choices, controls=controls, media=media)

    def tell(
        self,
        key: str,
        params: Mapping[str, Param],
        *,
        choices: Sequence[Choice] = (),
        controls: Sequence[Choice] = (),
        media: Sequence[int] = (),
    ) -> None:
        """As say(), with the placeholders in a mapping."""
        if self._is_live:
            self.replies.append(Reply(key, params, tuple(choices), tuple(controls), media=tuple(media)))

    def stop(self, key: str, *, choices: Sequence[Choice] = (), **params: Param) -> Stop:
        """Say a last thing and end: `raise chat.stop("ticket.unknown")`."""
        self._is_live = True
        self.replies.append(Reply(key, params, tuple(choices)))
        return Stop()

    def note_last(self, kind: Kind, **more: Unpack[Noted]) -> None:
        """Remember what is said just now, so that words which follow can be about it. A replay changes nothing."""
        if self._is_live:
            self.session.note_last(kind, **more)

    @property
    def today(self) -> date:
        """The date in the town."""
        return self.now.astimezone(self.town.calendar.zone).date()

    def go(self, flow: str, *, said: Mapping[str, str] | None = None, lead: str | None = None, **answers: Json) -> Go:
        """Go on in another flow: `raise chat.go("request", said={"what": question})`.

        `said` are words its questions read as if typed; `answers` are answers already in their stored form.
        `lead` is said on the way.
        """
        if lead is not None:
            self._is_live = True
            self.say(lead)
        return Go(flow, said or {}, answers)

    # -- the world --------------------------------------------------------------------------------------------------

    def recall(self, key: str, read: Callable[[], Json]) -> Json:
        """Read from the world once; replays get the same. Forgotten when an answer before it changes."""
        noted = self.journal.recalled(key)
        if not isinstance(noted, Missing):
            return noted
        value = read()
        self.journal.put_recalled(key, value)
        return value

    def look_up(self, what: Hashable, read: Callable[[UnitOfWork], T]) -> T:
        """What `read` returns: for what takes long, so that nobody waits for it. `what` tells it from any other.

        It is read on a connection of its own just before this transaction; in it where something was done before.
        """
        return self.session.look_up((self.flow, what), read)

    def once(self, key: str, do: Callable[[], Json]) -> Json:
        """Carry out an effect before the end of the flow; replays never repeat it."""
        noted = self.journal.done(key)
        if not isinstance(noted, Missing):
            return noted
        value = do()
        self.journal.put_done(key, value)
        self._effects = self.desk.effects
        return value

    # -- asking -----------------------------------------------------------------------------------------------------

    def _ask(
        self,
        key: str,
        question: Question,
        prompt: str | None,
        params: Mapping[str, Param],
        *,
        wants_place: bool = False,
    ) -> Json:
        noted = self._noted(key, question)
        if not isinstance(noted, Missing):
            return noted
        said = prompt or f"{self.flow}.{key}"
        if self._heard is not None and self._expected == key:
            heard, self._heard, self._is_live = self._heard, None, True
            outcome = question.read(heard, self.journal.partial(key))
            match outcome:
                case Answer(value):
                    self._note(key, outcome)
                    return value
                case Part(value, said, params):
                    self.journal.put_partial(key, value)
                case Again(said, params):
                    pass
                case Elsewhere():
                    raise Leave
        if self.desk.effects != self._effects:
            raise UnguardedEffect(f"{self.flow}.{key}")
        # A message for a question that is gone, or comes later now, is not an answer to this one.
        self._heard = None
        self.asked, self.question = key, question
        if not self._is_peek:
            self.replies.append(self._prompt(key, question, said, params, wants_place))
        raise Suspend

    def _noted(self, key: str, question: Question) -> Json | Missing:
        """The answer on record, after reading what was said beforehand; one that no longer fits is forgotten."""
        said = self.journal.take_said(key)
        if said is not None:
            outcome = question.read(Heard(text=said), None)
            if isinstance(outcome, Answer):
                self._note(key, outcome)
        value = self.journal.answer(key)
        if isinstance(value, Missing) or question.accepts(value):
            return value
        self.journal.drop(key)
        return MISSING

    def _note(self, key: str, answer: Answer) -> None:
        for each, value in {key: answer.value, **answer.also}.items():
            self.journal.put_answer(each, value)

    def _prompt(self, key: str, question: Question, said: str, params: Mapping[str, Param], wants_place: bool) -> Reply:
        nonce = self.journal.nonce
        choices = tuple(
            Choice(f"{nonce}:{key}:{each.id}", each.label) for each in question.choices(self.journal.partial(key))
        )
        is_soft = isinstance(question, ChoiceQuestion) and question.is_soft
        return Reply(
            said,
            params,
            choices,
            controls=() if is_soft else self._controls(),
            wants_place=wants_place,
        )

    def _controls(self) -> tuple[Choice, ...]:
        back = [button(self.words("control.back"), BACK)] if self.journal.has_answers else []
        return (*back, button(self.words("control.cancel"), CANCEL))
