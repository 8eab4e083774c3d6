"""What a script talks through: everything that it can ask. Knows no flow and no vendor."""

from collections.abc import Callable, Mapping, Sequence

from faq.speech import Act, acts
from faq.text import stems, tokens
from handlers.conversation.journal import MISSING
from handlers.conversation.questions import (
    AttachmentsQuestion,
    ChoiceQuestion,
    NumberQuestion,
    PlaceQuestion,
    TextQuestion,
    place_from_json,
)
from handlers.conversation.replay import Replay
from handlers.conversation.signals import Restart
from handlers.messages import Choice, Param, Place
from handlers.ports import Json
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket

declare(
    __name__,
    *under("form", "done", "no_attachments", "done_words", "yes", "no", "send", "change", "folio"),
    *under("folio", "typo", "no_such_sign", "none", "unknown"),
    "words.there",
    *under("change", "kind", "place", "story", "photos", "what", "delivery", "text"),
)

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


class Chat(Replay):
    """What a flow is given. Every question returns its answer, or suspends the script until there is one."""

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

    def place(
        self,
        key: str,
        *,
        suggestion: str | None = None,
        before: Callable[[], Place | None] = lambda: None,
        prompt: str | None = None,
        **params: Param,
    ) -> Place:
        """A place, by pin, map link or words. `suggestion`: what the person seems to have said already.

        `before`: what "the same place" is.
        """
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
            before,
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

    def _yes_or_no(self, key: str) -> Callable[[str], Mapping[str, Json] | None]:
        return lambda text: self.town.yes_or_no(key, text)


def _agrees(text: str) -> bool:
    return any(each.is_all and each.act in {Act.YES, Act.SENDIT} for each in acts(text))
