"""Owns how a situation comes about: through the product's own flows and desk, as far as they lead there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.rehearsal.cases import Given, GivenForm, GivenTicket
from bot.rehearsal.stage import NOW, Stage
from handlers import commands
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS
from handlers.conversation.questions import Heard, place_to_json
from handlers.conversation.session import Session
from handlers.dispatch import put_aside
from handlers.messages import Place
from handlers.ports import Contact, Conversation, Json
from handlers.texts import declare, under
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Role, Ticket, TicketKind, TicketState

declare(__name__, *under("state", *TicketState))

#: The names that cases use for questions, and the flows' own where they differ.
QUESTIONS: Final[Mapping[str, Mapping[str, str]]] = {"report": {"service": "kind"}, "request": {"story": "what"}}
_FLOW_OF: Final = {
    TicketKind.REPORT: "report",
    TicketKind.INFORMATION_REQUEST: "request",
    TicketKind.COMPLAINT: "complaint",
}
#: What is answered where a case leaves a question out.
_WORDS: Final = {"place": "Calle Morelos 10, Centro"}
_TAPS: Final = {"about": "service", "photos": "none", "delivery": "chat", "join": "no", "review": "send"}
_SOME_STORY: Final = "Así está desde hace varios días."
_MOST_QUESTIONS: Final = 12


class CannotBuild(Exception):
    """The product does not lead to this situation any more, or never did; says why."""


@dataclass(slots=True)
class Scene:
    """The situation as it stands, ready for what is said in it."""

    stage: Stage
    speaker: Contact
    #: Folios by alias.
    folios: dict[str, str] = field(default_factory=dict)

    def ticket(self, alias: str) -> Ticket:
        """Raises CannotBuild."""
        found = self.stage.unit.tickets.by_folio(self.folios[alias]) if alias in self.folios else None
        if found is None:
            raise CannotBuild(f"no ticket is called {alias}")
        return found

    def last_about(self, alias: str) -> str:
        """The vendor's id of the last notice about a ticket that reached the speaker, or of its receipt.

        Raises CannotBuild.
        """
        ticket, shown = self.ticket(alias), folios.pretty(self.folios[alias])
        arrived = [each for each in reversed(self.stage.delivered) if each.address_id == self.speaker.address_id]
        about = [each for each in arrived if each.ticket_id == ticket.id and each.is_notice]
        for each in (*about, *(each for each in arrived if shown in each.text)):
            return each.id
        raise CannotBuild(f"no message about {alias} reached them")


def build(stage: Stage, given: Given) -> Scene:
    """Raises CannotBuild."""
    return _Builder(stage, given).build()


class _Builder:
    def __init__(self, stage: Stage, given: Given) -> None:
        self.stage, self.given = stage, given
        stage.now = NOW - timedelta(days=400)
        role = given.role
        speaker = (
            stage.person("speaker", given.language)
            if role is None
            else stage.official("speaker", role, given.department, given.language)
        )
        self.scene = Scene(stage, speaker)
        self._author = speaker if role is None else stage.person("neighbour")
        self._officials: dict[str, Contact] = {}
        self._ago = timedelta(days=2) if given.last == "nothing" else timedelta()

    def build(self) -> Scene:
        receipt = self.given.tickets[-1] if self.given.last == "receipt" and self.given.tickets else None
        for ticket in sorted(self.given.tickets, key=lambda each: -each.days_ago):
            if ticket is not receipt:
                self._open(ticket, NOW - timedelta(days=ticket.days_ago, hours=3))
        steps = self._steps(receipt)
        for number, step in enumerate(steps):
            self.stage.now = NOW - self._ago - timedelta(minutes=2 * (len(steps) - number))
            step()
        self.stage.now = NOW
        if self._ago:
            self._expire()
        return self.scene

    def _steps(self, receipt: GivenTicket | None) -> list[Callable[[], None]]:
        """What comes last, in the order in which the case writes it, or with what it says was last at the end."""
        given = self.given
        makes: dict[str, Callable[[], None]] = {
            "article": lambda: self._hear("article", given.article or ""),
            "offer": self._offer,
            "menu": lambda: self._hear(controls.MENU),
            "form": lambda: self._form(given.form) if given.form else None,
            "tickets": self._last_notices,
        }
        order = [key for key in given.order if key in makes and (key != "menu" or given.has_menu)]
        last = {"notice": "tickets", "article": "article", "menu": "menu"}.get(given.last or "")
        if last in order:
            order.append(order.pop(order.index(last)))
        steps = [makes[key] for key in order]
        if receipt is not None:
            steps.append(lambda: self._open(receipt, self.stage.now))
        return steps

    # -- tickets ----------------------------------------------------------------------------------------------------

    def _open(self, wanted: GivenTicket, at: datetime) -> None:
        """Filed by its author, then brought where it stands by an official of its department."""
        self.stage.now = at
        before = {each.id for each in self._tickets()}
        flow = _FLOW_OF[wanted.kind]
        filled = {"place": wanted.place or _WORDS["place"], "story": wanted.story or _SOME_STORY}
        if wanted.service:
            filled = {"service": wanted.service, **filled}
        with self.stage.session(self._author) as session:
            self._fill(session, GivenForm(flow, filled, at=""))
        ticket = next((each for each in self._tickets() if each.id not in before), None)
        if ticket is None:
            raise CannotBuild(f"{wanted.alias} was not filed: {flow} asks for {session.asked}")
        self.scene.folios[wanted.alias] = ticket.folio
        self.stage.now = at + timedelta(hours=1)
        if wanted.asked or wanted.answered or not wanted.is_last:
            self._move(wanted, ticket)
        if not wanted.is_last:
            self._tell(wanted)

    def _tickets(self) -> tuple[Ticket, ...]:
        return self.stage.unit.tickets.of_person(self._author.person_id, limit=100)

    def _move(self, wanted: GivenTicket, ticket: Ticket) -> None:
        desk = self.stage.desk(self._official(ticket))
        match wanted.state:
            case TicketState.RECEIVED | TicketState.WAITING:
                pass
            case TicketState.ASSIGNED:
                desk.take(ticket)
            case TicketState.WITHDRAWN:
                self.stage.desk(self._author).withdraw(ticket)
            case TicketState.RESOLVED if wanted.answered:
                # It is resolved with these words.
                pass
            case state:
                desk.move(ticket, state, self.stage.town.words(f"state.{state}", self._author.language))
        self.stage.deliver()

    def _tell(self, wanted: GivenTicket) -> None:
        """What an official wrote about it."""
        ticket = self.scene.ticket(wanted.alias)
        desk = self.stage.desk(self._official(ticket))
        if wanted.answered:
            is_solved = wanted.state is TicketState.RESOLVED and ticket.is_open
            ticket = desk.answer(ticket, wanted.answered, to=TicketState.RESOLVED if is_solved else None)
        if wanted.asked:
            desk.answer(ticket, wanted.asked, to=TicketState.WAITING)
        self.stage.deliver()

    def _last_notices(self) -> None:
        for wanted in self.given.tickets:
            if wanted.is_last and wanted.alias in self.scene.folios:
                if not (wanted.asked or wanted.answered):
                    # The news is where it stands.
                    self._move(wanted, self.scene.ticket(wanted.alias))
                self._tell(wanted)
                if self.given.role is not None:
                    self._hear("view", self.scene.folios[wanted.alias])

    def _official(self, ticket: Ticket) -> Contact:
        """One of the ticket's department; not the one who speaks, unless nobody else is there to know of it."""
        name = ticket.department
        if name not in self._officials:
            self._officials[name] = self.stage.official(f"official-{name}", Role.AGENT, name)
        return self._officials[name]

    # -- what stood last --------------------------------------------------------------------------------------------

    def _hear(self, runs: str, *arguments: str) -> None:
        self.stage.hears(self.scene.speaker, commands.line(runs, *arguments))

    def _offer(self) -> None:
        """As the engine stores a question that may mean several articles: no words are sure to lead there."""
        articles: list[Json] = list(self.given.offer)
        journal: dict[str, Json] = {
            "_nonce": {"is": "abc"},
            "question": {"answer": "tengo una duda"},
            "found": {"recalled": {"outcome": "offer", "articles": articles}},
        }
        address_id, now = self.scene.speaker.address_id, self.stage.now
        self.stage.unit.conversations.put(Conversation(address_id, "ask", journal, "which", (), now))
        with self.stage.session(self.scene.speaker) as session:
            session.repeat()
        if session.asked != "which":
            raise CannotBuild(f"these are not offered: {', '.join(self.given.offer)}")

    def _form(self, form: GivenForm) -> None:
        with self.stage.session(self.scene.speaker) as session:
            self._fill(session, form)
        if session.flow is None or session.asked != question_of(form.flow, form.at):
            raise CannotBuild(f"{form.flow} does not come to {form.at}")

    def _fill(self, session: Session, form: GivenForm) -> None:
        """Begin with the answers that are given, and say something to what is asked before the one that is wanted."""
        if form.flow not in FLOWS:
            raise CannotBuild(f"there is no form {form.flow}")
        wanted = question_of(form.flow, form.at)
        session.start(FLOWS[form.flow], answers=self._answers(form))
        for _ in range(_MOST_QUESTIONS):
            asked = session.asked
            if session.flow is None or asked is None or asked == wanted:
                return
            if asked in _TAPS:
                session.hear(Heard(option=_TAPS[asked]))
            else:
                session.hear(Heard(text=_WORDS.get(asked, _SOME_STORY)))

    def _answers(self, form: GivenForm) -> dict[str, Json]:
        answers: dict[str, Json] = {}
        for name, words in form.filled.items():
            key = question_of(form.flow, name)
            if key == "kind":
                answers["group"] = words
            is_place = key == "place"
            answers[key] = place_to_json(self.stage.town.locate(Place(text=words))) if is_place else words
        return answers

    def _expire(self) -> None:
        """What the clock does to a chat that nobody touched for a while."""
        stage = self.stage
        before = stage.now - stage.town.city.conversation_expires_after
        for conversation in stage.unit.conversations.expired(before, 10):
            put_aside(conversation, uow=stage.unit, town=stage.town, now=stage.now, choice=stage.chance)
        stage.deliver()


def question_of(flow: str, name: str) -> str:
    """The flow's own name of a question."""
    return QUESTIONS.get(flow, {}).get(name, name)
