"""The engine of conversations: a flow is a script that is replayed from its journal. Knows no flow and no vendor."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol, TypeVar

from faq.speech import Act, acts
from faq.text import stems, tokens
from handlers.commands import button
from handlers.context import Kind
from handlers.conversation.controls import BACK, CANCEL
from handlers.conversation.journal import MISSING, Journal, Missing
from handlers.conversation.questions import (
    Again,
    Answer,
    AttachmentsQuestion,
    ChoiceQuestion,
    Elsewhere,
    Heard,
    NumberQuestion,
    Part,
    PlaceQuestion,
    Question,
    TextQuestion,
    place_from_json,
)
from handlers.conversation.signals import Go, Leave, Restart, Stop, Suspend
from handlers.desk.desk import Desk
from handlers.errors import UnguardedEffect
from handlers.messages import Choice, Param, Place, Reply
from handlers.ports import Contact, Json, UnitOfWork
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket
from handlers.town.town import Town

declare(
    __name__,
    *under("form", "done", "no_attachments", "done_words", "yes", "no", "send", "change", "folio"),
    *under("folio", "typo", "no_such_sign", "none", "unknown"),
    "control.back",
    "control.cancel",
    "words.there",
    *under("change", "kind", "place", "story", "photos", "what", "delivery", "text"),
)

T = TypeVar("T")

#: How people call a question when they want to change its answer.
_CALLED = {
    "kind": "change.kind",
    "place": "change.place",
    "story": "change.story",
    "photos": "change.photos",
    "what": "change.what",
    "delivery": "change.delivery",
    "text": "change.text",
}


class ChatSettings(Protocol):
    """What a flow may change about the chat itself."""

    def set_language(self, language: str) -> None:
        """From here on in another language."""

    def refresh_contact(self) -> None:
        """Read the person's role anew."""

    def note_last(
        self, kind: Kind, *, articles: tuple[str, ...] = (), ticket: str | None = None, question: str | None = None
    ) -> None:
        """Remember what was said just now, so that words which follow can be about it."""

    def question_for(self, article: str) -> str | None:
        """What the article was given for, if that was the last thing that happened in this chat."""

    def look_up(self, what: Hashable, read: Callable[[UnitOfWork], T]) -> T:
        """What `read` returns, which takes long: beside the transaction where that is possible."""


class Chat:
    """What a script talks through. Every question returns its answer, or suspends the script until there is one.

    `heard` is the new message, for the question that was `asked`; None when nothing new was said.
    `is_live` says whether what comes before the first question is said aloud (a fresh start) or was said before.
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

    def note_last(
        self, kind: Kind, *, articles: tuple[str, ...] = (), ticket: str | None = None, question: str | None = None
    ) -> None:
        """Remember what is said just now, so that words which follow can be about it. A replay changes nothing."""
        if self._is_live:
            self.session.note_last(kind, articles=articles, ticket=ticket, question=question)

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

    # -- asking -----------------------------------------------------------------------------------------------------

    def choose(
        self,
        key: str,
        options: Sequence[str] | Sequence[Choice],
        *,
        understand: Callable[[str], Mapping[str, Json] | None] | None = None,
        is_soft: bool = False,
        hidden: Sequence[str] = (),
        prompt: str | None = None,
        **params: Param,
    ) -> str:
        """One of the options; returns its id. Plain names take their labels from the texts at `flow.key_options.name`.

        `understand` makes answers of free words, `hidden` ones among them.
        A soft question lets any other message go to the counter at large.
        """
        choices = tuple(
            each if isinstance(each, Choice) else Choice(each, self.words(f"{self.flow}.{key}_options.{each}"))
            for each in options
        )
        question = ChoiceQuestion(choices, understand, key, is_soft, frozenset(hidden))
        return str(self._ask(key, question, prompt, params))

    def text(
        self, key: str, *, at_least: int = 1, at_most: int = 2000, prompt: str | None = None, **params: Param
    ) -> str:
        """Free words; lengths in characters."""
        return str(self._ask(key, TextQuestion(at_least, at_most), prompt, params))

    def number(self, key: str, *, least: int, most: int, prompt: str | None = None, **params: Param) -> int:
        """A whole number within limits."""
        value = self._ask(key, NumberQuestion(least, most), prompt, params)
        return int(str(value))

    def place(self, key: str, *, suggestion: str | None = None, prompt: str | None = None, **params: Param) -> Place:
        """A place, by pin, map link or words. `suggestion`: what the person seems to have said already."""
        kept = self.journal.take_place()
        if kept is not None and self.journal.answer(key) is MISSING:
            self.journal.put_answer(key, kept)
        offered = Choice("suggested", suggestion) if suggestion else None
        question = PlaceQuestion(
            self.town.locate,
            offered,
            lambda said: self.town.means(said, "there"),
            self.town.place_in,
            self.town.is_outside,
        )
        value = self._ask(key, question, prompt, params, wants_place=True)
        place = place_from_json(value)
        if place is None:  # accepts() saw to it
            raise ValueError(f"not a place: {key}")
        return place

    def attachments(self, key: str, *, at_most: int, prompt: str | None = None, **params: Param) -> tuple[int, ...]:
        """Ids of up to so many photos or files; perhaps none."""
        kept = self.journal.kept_media()
        if kept and self.journal.answer(key) is MISSING and self.journal.partial(key) is None:
            self.journal.put_partial(key, list[Json](self.journal.take_media()[:at_most]))
        question = AttachmentsQuestion(
            at_most,
            Choice("done", self.words("form.done")),
            Choice("none", self.words("form.no_attachments")),
            frozenset(self.words("form.done_words").split(",")),
        )
        value = self._ask(key, question, prompt, {**params, "most": at_most})
        return tuple(item for item in value if isinstance(item, int))[:at_most] if isinstance(value, list) else ()

    def confirm(self, key: str, *, prompt: str | None = None, **params: Param) -> bool:
        """Yes or no."""
        options = [Choice("yes", self.words("form.yes")), Choice("no", self.words("form.no"))]
        return str(self._ask(key, ChoiceQuestion(tuple(options), self._yes_or_no(key), key), prompt, params)) == "yes"

    def yes_sends(self, key: str) -> Callable[[str], Mapping[str, Json] | None]:
        """What `choose` understands where an option called "send" is meant by yes."""
        return lambda text: {key: "send"} if self.town.means(text, "yes") or _agrees(text) else None

    def review(self, key: str, **answers: Param) -> None:
        """Show all answers with a way to change each, and go on once they are sent.

        `answers`: question -> what to show for it; its label is the text at `flow.question_label`.
        """
        names = list(answers)
        labels = {name: self.words(f"{self.flow}.{name}_label") for name in names}
        lines = "\n".join(
            f"**{labels[name]}:** {self.town.shown(answers[name], self.person.language)}" for name in names
        )
        options = [Choice("send", self.words("form.send"))]
        options += [Choice(f"change:{name}", self.words("form.change", label=labels[name].lower())) for name in names]
        understand = self._sends_or_changes(key, {name: labels[name] for name in names})
        hidden = frozenset(f"change:{name}" for name in names)
        question = ChoiceQuestion(tuple(options), understand, key, hidden=hidden)
        chosen = self._ask(key, question, None, {"lines": lines})
        if str(chosen).startswith("change:"):
            self.journal.drop(key)
            self.journal.ask_again(str(chosen).removeprefix("change:"))
            raise Restart

    def _sends_or_changes(self, key: str, labels: Mapping[str, str]) -> Callable[[str], Mapping[str, Json] | None]:
        """A yes in any words sends; "me equivoqué en la dirección" changes what it names."""

        def understand(text: str) -> Mapping[str, Json] | None:
            if self.yes_sends(key)(text):
                return {key: "send"}
            if not any(each.act is Act.CHANGE for each in acts(text)):
                return None
            said = frozenset(stems(tokens(text)))
            for name, label in labels.items():
                called = f"{label} {self.words(_CALLED[name]) if name in _CALLED else ''}"
                if said & frozenset(stems(tokens(called))):
                    return {key: f"change:{name}"}
            return None

        return understand

    def ticket(self, key: str, *, prompt: str | None = None) -> Ticket:
        """A ticket this person may see, by folio; stops with a plain word where there is none.

        Looked up and checked at every replay: what a button offered an hour ago may no longer be allowed.
        """
        words = self.text(key, at_most=60, prompt=prompt or "form.folio")
        found = folios.read(words)
        if found is None:
            self.journal.drop(key)
            if strange := folios.strange_signs(words):
                raise self.stop("folio.no_such_sign", said=Theirs(words), signs=Theirs(", ".join(strange)))
            is_meant = folios.looks_like(words) or folios.is_as_long(words)
            raise self.stop("folio.typo" if is_meant else "folio.none", said=Theirs(words))
        ticket = self.desk.find(found)
        if ticket is None:
            raise self.stop("folio.unknown", folio=folios.pretty(found))
        self.about = ticket.id
        return ticket

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

    # -- the engine -------------------------------------------------------------------------------------------------

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
        reply = self._prompt(key, question, prompt, params, wants_place)
        if self._heard is not None and self._expected == key:
            heard, self._heard, self._is_live = self._heard, None, True
            outcome = question.read(heard, self.journal.partial(key))
            match outcome:
                case Answer(value):
                    self._note(key, outcome)
                    return value
                case Part(value, text, its_params):
                    self.journal.put_partial(key, value)
                    reply = replace(
                        self._prompt(key, question, prompt, params, wants_place), key=text, params=its_params
                    )
                case Again(text, its_params):
                    reply = replace(reply, key=text, params=its_params)
                case Elsewhere():
                    raise Leave
        if self.desk.effects != self._effects:
            raise UnguardedEffect(f"{self.flow}.{key}")
        # A message for a question that is gone, or comes later now, is not an answer to this one.
        self._heard = None
        self.asked, self.question = key, question
        self.replies.append(reply)
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

    def _prompt(
        self, key: str, question: Question, prompt: str | None, params: Mapping[str, Param], wants_place: bool
    ) -> Reply:
        nonce = self.journal.nonce
        choices = tuple(
            Choice(f"{nonce}:{key}:{each.id}", each.label) for each in question.choices(self.journal.partial(key))
        )
        is_soft = isinstance(question, ChoiceQuestion) and question.is_soft
        return Reply(
            prompt or f"{self.flow}.{key}",
            params,
            choices,
            controls=() if is_soft else self._controls(),
            wants_place=wants_place,
        )

    def _controls(self) -> tuple[Choice, ...]:
        back = [button(self.words("control.back"), BACK)] if self.journal.has_answers else []
        return (*back, button(self.words("control.cancel"), CANCEL))

    def _yes_or_no(self, key: str) -> Callable[[str], Mapping[str, Json] | None]:
        return lambda text: self.town.yes_or_no(key, text)


def _agrees(text: str) -> bool:
    return any(each.is_all and each.act in {Act.YES, Act.SENDIT} for each in acts(text))
