"""A message beside everything that is open for who wrote it. Works out only what is asked for, and each thing once."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Final

from faq.facts import Fact, FactAsked, asked, of_article, offices_in
from faq.model import Labels
from faq.places.said import PlaceSaid
from faq.search.decide import Favoured
from faq.search.engine import Finding
from faq.speech import Act, Said, acts
from faq.text import is_question, long_stems, stem, stems, tokens, words
from faq.understanding import Meaning
from handlers.context import Kind, Last
from handlers.conversation.flow import Flow
from handlers.conversation.questions import Heard, Question, place_to_json
from handlers.conversation.session import Session
from handlers.desk import access, wording
from handlers.meaning import nearby
from handlers.messages import IncomingMessage
from handlers.ports import Json
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, Ticket
from handlers.town.town import Town

#: How long words may still be about what was said last.
_FRESH: Final = {
    Kind.ARTICLE: timedelta(minutes=40),
    Kind.OFFER: timedelta(minutes=40),
    Kind.MENU: timedelta(minutes=40),
    Kind.NOTICE: timedelta(days=4),
    Kind.RECEIPT: timedelta(minutes=30),
    Kind.ADDED: timedelta(minutes=30),
    Kind.STATUS: timedelta(minutes=40),
    Kind.CARD: timedelta(hours=12),
}
#: Where an official asks something, and where its answer stands.
_SAID: Final = frozenset({EventKind.ANSWERED, EventKind.STATE_CHANGED, EventKind.ADDED})
_TICKETS: Final = 12
_WORK: Final = 40
_ENDED_WITHIN: Final = timedelta(days=90)


class Situation:
    """Everything that a reader may ask about one message."""

    def __init__(self, session: Session, message: IncomingMessage, media: tuple[int, ...]) -> None:
        self.session = session
        self.message = message
        self.media = media
        self.text = (message.text or "").strip()
        self._said: dict[int, str] = {}

    # -- what was said ----------------------------------------------------------------------------------------------

    @property
    def town(self) -> Town:
        """The town."""
        return self.session.town

    def labels(self, key: str) -> Mapping[str, str]:
        """A text in every language of the town."""
        return {each: self.town.words(key, each) for each in self.town.languages}

    @property
    def language(self) -> str:
        """The person's."""
        return self.session.contact.language

    @cached_property
    def heard(self) -> Heard:
        """The message as a question gets it."""
        return Heard.of(self.message, self.media)

    @cached_property
    def acts(self) -> dict[Act, Said]:
        """What the words do."""
        return {each.act: each for each in self.town.once(acts, self.text)} if self.text else {}

    def sure(self, *wanted: Act) -> float:
        """How sure it is that the words do one of these."""
        acts = self.acts
        return max((acts[act].sure for act in wanted if act in acts), default=0.0) if acts else 0.0

    def only(self, *wanted: Act) -> float:
        """The same, where they do nothing else."""
        acts = self.acts
        return max((acts[act].sure for act in wanted if act in acts and acts[act].is_all), default=0.0) if acts else 0.0

    @cached_property
    def size(self) -> int:
        """Words."""
        return len(self.text.split())

    @cached_property
    def is_question(self) -> bool:
        """Whether something is asked."""
        return is_question(self.text)

    @cached_property
    def fact(self) -> FactAsked | None:
        """The fact that is asked for."""
        return self.town.once(asked, self.text)

    def is_fact_of(self, article_id: str, fact: Fact) -> bool:
        """Whether a fact of an article is what is wanted: it is known, or the words name nothing else of the article.

        Where the town has not filled it in, who names the matter anew is told the whole.
        """
        article = self.town.article(article_id, self.language)
        if article is None:
            return False
        departments = self.town.library.departments
        is_known = of_article(article, departments.get(article.office or ""), fact) is not None
        return is_known or not frozenset(stems(tokens(article.title))) & frozenset(stems(tokens(self.text)))

    @cached_property
    def office(self) -> str | None:
        """Id of the department that is named."""
        return offices_in(self.text, self.town.library.departments)

    @cached_property
    def place(self) -> PlaceSaid | None:
        """The place that is named."""
        return self.town.place_in(self.text)

    @cached_property
    def pin(self) -> Json:
        """The location that was shared, as a journal keeps it."""
        place = self.message.place
        return place_to_json(self.town.locate(place)) if place else None

    @cached_property
    def plain_service(self) -> str | None:
        """Code of the service of which the words are a plain story."""
        return self.town.plain_service(self.text)

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """Dear: what the words mean by themselves, beside the last article."""
        return self.town.meanings(self.text, self.language, self.favoured)

    @cached_property
    def finding(self) -> Finding | None:
        """Dear: what the articles answer; None where there are none."""
        try:
            return self.town.ask(self.text, self.language, self.favoured)
        except LookupError:
            return None

    @property
    def favoured(self) -> Favoured:
        """What is added to articles' logits by the form that is open, or else by what was said last."""
        if self.form is not None:
            return nearby.of_form(self.town, self.form, self.session.journal.words("kind"))
        return nearby.of_article(self.town, self.article) if self.article else ()

    # -- what is open -----------------------------------------------------------------------------------------------

    @property
    def form(self) -> Flow | None:
        """The form that is open; menus and offers are none."""
        flow = self.session.flow
        return flow if flow is not None and flow.is_form else None

    @property
    def is_official(self) -> bool:
        """Whether the person has a role."""
        return self.session.contact.role is not None

    @cached_property
    def question(self) -> Question | None:
        """The question that waits."""
        return self.session.peek()

    @property
    def last(self) -> Last | None:
        """What was said last, while it is fresh."""
        last = self.session.last
        return last if last is not None and self.session.now - last.at <= _FRESH[last.kind] else None

    def last_is(self, *kinds: Kind) -> bool:
        """Whether what was said last is one of these."""
        return self.last is not None and self.last.kind in kinds

    @property
    def article(self) -> str | None:
        """Id of the article that was given last."""
        last = self.last
        return last.articles[0] if last is not None and last.kind is Kind.ARTICLE and last.articles else None

    # -- tickets ----------------------------------------------------------------------------------------------------

    @cached_property
    def tickets(self) -> tuple[Ticket, ...]:
        """The person's own: open, or ended not long ago."""
        mine = self.session.desk.mine(_TICKETS)
        earliest = self.session.now - _ENDED_WITHIN
        own = (each for each in mine if access.is_author(self.session.contact, each))
        return tuple(each for each in own if each.is_open or each.updated_at >= earliest)

    @property
    def open_tickets(self) -> tuple[Ticket, ...]:
        """Those that the town hall still works on."""
        return tuple(each for each in self.tickets if each.is_open)

    @property
    def ended_tickets(self) -> tuple[Ticket, ...]:
        """Those that it took for done."""
        return tuple(each for each in self.tickets if not each.is_open)

    def ticket_names(self, ticket: Ticket) -> Labels:
        """What a ticket is about, in every language of the town."""
        return wording.what_of(self.town, ticket)

    @cached_property
    def named(self) -> Ticket | None:
        """The ticket whose folio stands in the text."""
        folio = folios.read(self.text)
        return self.session.desk.find(folio) if folio else None

    @cached_property
    def last_ticket(self) -> Ticket | None:
        """The ticket that was spoken of last."""
        last = self.last
        return self.session.desk.find(last.ticket) if last is not None and last.ticket else None

    @cached_property
    def waiting(self) -> dict[int, str]:
        """Own open tickets with an official's question that has no answer yet: what was asked, by the ticket's id."""
        return {each.id: words for each in self.open_tickets if (words := self._asked_about(each))}

    def _asked_about(self, ticket: Ticket) -> str | None:
        said = self.said_of(ticket)
        # What its author adds moves it on: it waits for that.
        waits = ticket.rule.after_adding not in {None, ticket.state}
        return said if said and (waits or "?" in said) else None

    def said_of(self, ticket: Ticket) -> str:
        """What officials said last about a ticket; empty where its author spoke since."""
        if ticket.id not in self._said:
            events = self.session.uow.tickets.history(ticket.id, public_only=True)
            last = next((each for each in reversed(events) if each.kind in _SAID and each.text), None)
            self._said[ticket.id] = last.text or "" if last is not None and last.kind is not EventKind.ADDED else ""
        return self._said[ticket.id]

    @cached_property
    def work(self) -> tuple[Ticket, ...]:
        """The tickets that an official has before them, the most urgent first."""
        scope = access.scope_of(self.session.contact)
        return self.session.uow.tickets.queue(scope, self.session.now, limit=_WORK)

    def about(self, ticket: Ticket, asked_words: str = "") -> float:
        """0..1: how much the words are about a ticket: its service, its place, its story, what was asked about it."""
        mine = self._stems
        shared = mine & self._stems_of(ticket, asked_words)
        alike = 1 - _EACH_LEAVES ** (len(shared) + 2 * self.is_there(ticket))
        if self.plain_service is None or ticket.service is None:
            return alike
        # A plain story of another service shares words by chance: there are many ways to tell of each.
        return min(0.95, 0.6 + 0.35 * alike) if self.plain_service == ticket.service else alike / 2

    @cached_property
    def _stems(self) -> frozenset[str]:
        return self.town.once(long_stems, self.text) - _SAY_NOTHING

    def _stems_of(self, ticket: Ticket, asked_words: str) -> frozenset[str]:
        place = ticket.place.text if ticket.place and ticket.place.text else ""
        said = " ".join([ticket.story, place, asked_words])
        return self.town.once(long_stems, said) | self.town.stems_of(ticket.service)

    def is_there(self, ticket: Ticket) -> bool:
        """Whether the place that is named is the ticket's."""
        there = ticket.place.text if ticket.place and ticket.place.text else ""
        its = frozenset(self.town.once(tokens, there)) - _ANY_WORDS
        # What is not said at all is not named as a place: that is known without looking for places.
        if its.isdisjoint(self.town.once(words, self.text)):
            return False
        return self.place is not None and not its.isdisjoint(tokens(self.place.words))

    def best_of(self, tickets: Sequence[Ticket]) -> tuple[Ticket | None, float]:
        """The ticket that the words are about, and how plainly: by how far it leads."""
        if not tickets:
            return None, 0.0
        asked_words = self.waiting
        scored = sorted(((self.about(each, asked_words.get(each.id, "")), -at) for at, each in enumerate(tickets)))
        best, at = scored[-1]
        lead = best - (scored[-2][0] if len(scored) > 1 else 0.0)
        return (tickets[-at], best) if best and (lead > 0.1 or len(tickets) == 1) else (None, 0.0)


#: Words that stand in any story and tell no ticket from another.
_ANY_STORY: Final = (
    "reporte reportar reporto folio queja solicitud calle casa colonia esquina dia dias semana ayer hoy manana favor "
    "gracias hace desde aqui alli ahi esta estan hay sigue igual ya mucho mucha grande vino vinieron "
    "listo quedo quedaron atendido resuelto reparado arreglado"
)
#: What one word that they share leaves of the doubt whether the words are about a ticket.
_EACH_LEAVES: Final = 0.65
_ANY_WORDS: Final = frozenset(_ANY_STORY.split())
_SAY_NOTHING: Final = frozenset(map(stem, _ANY_STORY.split()))
