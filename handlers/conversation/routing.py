"""What a message means when it arrives: an emergency, a command, an answer to a question, a folio, or free words."""

import re
from dataclasses import dataclass, replace
from typing import Final

from faq.emergencies import Emergency
from faq.search.engine import Verdict
from faq.text import fold, is_question
from handlers.commands import COMMANDS
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS, Flow
from handlers.conversation.questions import Heard, numbered, place_to_json
from handlers.conversation.session import Session
from handlers.desk import invitation
from handlers.messages import Choice, IncomingMessage, MessageKind
from handlers.texts import declare, under
from handlers.theirs import Theirs
from handlers.ticket import folio as folios
from handlers.ticket.role import suffices
from handlers.ticket.ticket import Ticket

declare(
    __name__,
    "unsupported",
    "unsupported_menu",
    "command.unknown",
    "form.stale",
    "form.kept",
    "control.cancelled",
    "control.nothing_to_cancel",
    "help.in_form",
    "help.main",
    "draft.discarded",
    "language.switched",
    "flow.gone",
    "answer.in_passing",
    "folio.typo",
    *under("emergency", *Emergency),
    *under("words", "cancelar", "atras", "ayuda", "menu", "idioma", "greeting"),
    *under("words", "ask", "report", "request", "complaint", "tickets", "track", "add", "withdraw", "privacy"),
    *under("words", "queue", "commands"),
)

#: A button made by a question: the conversation's mark, the question, the option.
_BUTTON: Final = re.compile(r"^([a-z]{3}):([a-z_]+):(.+)$", re.DOTALL)
_COMMAND: Final = re.compile(r"^/([a-z_]+)(?:@\w+)?(?:\s+(.*))?$", re.DOTALL | re.IGNORECASE)
#: Lists of words below `words.` in the message files, and what each means, in this order.
_CONTROL_WORDS: Final = {
    "cancelar": controls.CANCEL,
    "atras": controls.BACK,
    "ayuda": controls.HELP,
    "menu": controls.MENU,
    "idioma": "language",
}
#: Longer than this is a story, not a question asked in passing.
_PASSING_QUESTION_AT_MOST: Final = 140
#: A service must be this plain in free words to open a report without asking first.
_PLAIN_SERVICE: Final = 0.6


def route(session: Session, message: IncomingMessage, media: tuple[int, ...]) -> None:
    """Handle one message in its chat."""
    _Router(session, message, media).route()


@dataclass(slots=True)
class _Router:
    session: Session
    message: IncomingMessage
    media: tuple[int, ...]

    @property
    def text(self) -> str:
        return self.message.text or ""

    def route(self) -> None:
        """The first that takes the message wins; the order is what keeps people safe and forms intact."""
        taken = (
            self._unreadable()
            or self._emergency()
            or self._lost()
            or self._command()
            or self._button()
            or self._reply_to_notice()
            or self._control_word()
            or self._waiting_flow()
            or self._offered()
            or self._folio()
            or self._invitation()
            or self._draft()
            or self._meant()
        )
        if not taken:
            self._free_words()

    # -- before anything else ---------------------------------------------------------------------------------------

    def _unreadable(self) -> bool:
        is_empty = not (self.text or self.message.choice or self.message.place or self.media)
        if self.message.kind is not MessageKind.UNSUPPORTED and not is_empty:
            return False
        self.session.say("unsupported" if self.session.flow else "unsupported_menu")
        self.session.repeat() if self.session.flow else self._menu()
        return True

    def _emergency(self) -> bool:
        is_read = bool(self.text) and not self.text.startswith("/") and not self._is_at_work()
        emergency = self.session.town.emergency(self.text) if is_read else None
        if emergency is None:
            return False
        self.session.say(f"emergency.{emergency}", phone=self.session.town.city.emergency_phone)
        if emergency in {Emergency.DESPAIR, Emergency.VIOLENCE}:
            return True
        # The form that was going on takes the words as its answer, and a new one may begin: 911 was said first.
        return self.session.flow is None and not self._report_is_plain()

    def _is_at_work(self) -> bool:
        """An official who writes about somebody's ticket, and may well name the danger that it tells of."""
        flow = self.session.flow
        is_reply = self.message.reply_to is not None and self.session.contact.role is not None
        return is_reply or (flow is not None and flow.role is not None)

    def _lost(self) -> bool:
        """What was going on cannot go on: that is said, and what was not meant for it is done all the same."""
        lost = self.session.lost
        if lost is None:
            return False
        self.session.say("flow.gone")
        is_command = (self.message.choice or self.text).startswith("/")
        if lost.is_paused or is_command or self.message.reply_to is not None:
            return False
        self._menu()
        return True

    # -- commands and taps ------------------------------------------------------------------------------------------

    def _command(self) -> bool:
        said = self.message.choice if self.message.choice and self.message.choice.startswith("/") else self.text
        match = _COMMAND.match(said)
        if match is None:
            return False
        name, rest = match.group(1).lower(), (match.group(2) or "").strip()
        command = COMMANDS.get(name)
        if command is not None and command.runs == controls.START:
            self._start(rest)
        elif command is None or not (self._control(command.runs) or self._open(command.runs, rest)):
            self.session.say("command.unknown")
            self._menu()
        return True

    def _open(self, runs: str, rest: str) -> bool:
        flow = FLOWS.get(runs)
        if flow is not None:
            self.session.start(flow, said=_arguments(flow, rest))
        return flow is not None

    def _start(self, payload: str) -> None:
        """Telegram's first button, and the deep links that we print."""
        if payload.lower().startswith(invitation.LINK_MARK):
            code = payload[len(invitation.LINK_MARK) :]
            self.session.start(FLOWS["join_staff"], said={"code": code})
        elif folios.read(payload):
            self.session.start(FLOWS["track"], said={"ticket": payload})
        else:
            self._menu()

    def _button(self) -> bool:
        match = _BUTTON.match(self.message.choice or "")
        if match is None:
            if self.message.choice:
                self.session.say("form.stale")
                self.session.repeat() if self.session.flow else self._menu()
            return bool(self.message.choice)
        nonce, key, option = match.groups()
        heard = replace(self._heard(), option=option)
        session = self.session
        if session.flow is not None and nonce == session.nonce:
            if key == session.asked and session.hear(heard):
                return True
            if key != session.asked and session.hear_for(key, heard):
                return True
        session.say("form.stale")
        session.repeat() if session.flow else self._menu()
        return True

    def _control_word(self) -> bool:
        if not self.text or len(self.text) > 40:
            return False
        if self.text == "0" and self.session.flow is not None:
            return self._control(controls.BACK)
        for words, control in _CONTROL_WORDS.items():
            if self.session.town.means(self.text, words):
                return self._control(control)
        return False

    def _control(self, name: str) -> bool:
        session = self.session
        match name:
            case controls.CANCEL:
                session.say("control.cancelled" if session.flow or session.draft else "control.nothing_to_cancel")
                session.leave()
                self._menu()
            case controls.BACK:
                if not session.back():
                    session.leave()
                    self._menu()
            case controls.HELP:
                session.say("help.in_form" if session.flow and session.flow.is_form else "help.main")
                session.repeat() if session.flow and session.flow.is_form else self._menu()
            case controls.MENU:
                session.leave()
                self._menu()
            case controls.RESUME if session.draft is not None:
                session.resume()
            case controls.DISCARD if session.draft is not None:
                session.leave()
                session.say("draft.discarded")
                self._menu()
            case "language" if session.flow is not None and session.flow.is_form:
                session.set_language(session.town.language_after(session.contact.language))
                session.say("language.switched")
                session.repeat()
            case "language":
                session.start(FLOWS["language"])
            case _:
                return False
        return True

    # -- conversations ----------------------------------------------------------------------------------------------

    def _reply_to_notice(self) -> bool:
        if self.message.reply_to is None or not (self.text or self.media):
            return False
        ticket_id = self.session.uow.outbox.ticket_of(
            self.message.address.channel, self.message.reply_to, self.session.contact.address_id
        )
        if ticket_id is None:
            return False
        ticket = self.session.uow.tickets.by_id(ticket_id)
        if self.session.flow is not None and not self._is_about_another(ticket):
            return False
        flow = "answer" if self._works_on(ticket) else "add"
        said = {"ticket": ticket.folio, **({"text": self.text} if self.text else {})}
        self.session.start(FLOWS[flow], said=said, media=self.media)
        return True

    def _is_about_another(self, ticket: Ticket) -> bool:
        """Words for one resident must not slip into the answer to another that is just being written."""
        flow = self.session.flow
        return flow is not None and flow.role is not None and self.session.ticket != ticket.folio

    def _works_on(self, ticket: Ticket) -> bool:
        role = self.session.contact.role
        return role is not None and ticket.author_person_id != self.session.contact.person_id

    def _waiting_flow(self) -> bool:
        session = self.session
        flow = session.flow
        if flow is None:
            return False
        if self._asks_in_passing(flow):
            return True
        heard = self._heard()
        if not flow.takes_media or session.asked is None:
            return session.hear(heard)
        return self._hear_and_keep(heard)

    def _hear_and_keep(self, heard: Heard) -> bool:
        """Photos and pins are kept for their question, whenever they come."""
        session = self.session
        wants_media, wants_place = session.asked == "photos", session.asked == "place"
        media = () if wants_media else heard.media
        place = place_to_json(heard.place) if heard.place and not wants_place else None
        session.keep(media, place)
        if (media or place) and not heard.text:
            session.say("form.kept")
            session.repeat()
            return True
        return session.hear(heard)

    def _asks_in_passing(self, flow: Flow) -> bool:
        """A question to the counter in the middle of a form is answered, and the form goes on."""
        session = self.session
        is_open = session.asked in flow.open_questions
        if not flow.is_form or is_open or len(self.text) > _PASSING_QUESTION_AT_MOST or not is_question(self.text):
            return False
        finding = session.town.ask(self.text, session.contact.language)
        if finding.outcome is not Verdict.ANSWER:
            return False
        article = session.town.article(finding.matches[0].article, session.contact.language)
        if article is None:
            return False
        session.say("answer.in_passing", title=article.title, body=article.body)
        session.repeat()
        return True

    def _offered(self) -> bool:
        """A number or a label of what the last message offered."""
        offered = self.session.offered
        if not offered or not self.text:
            return False
        at = numbered(self.text, len(offered))
        if at is not None:
            chosen: Choice | None = offered[at]
        else:
            chosen = next((each for each in offered if fold(each.label) == fold(self.text)), None)
        if chosen is None:
            return False
        self.message = replace(self.message, choice=chosen.id, text=None)
        return self._command() or self._button()

    def _folio(self) -> bool:
        if len(self.text) > 60:
            return False
        found = folios.read(self.text)
        if found is None:
            if folios.looks_like(self.text) and len(self.text) <= 24:
                self.session.say("folio.typo", said=Theirs(self.text))
                return True
            return False
        flow = "view" if self.session.contact.role else "track"
        self.session.start(FLOWS[flow], said={"ticket": found})
        return True

    def _invitation(self) -> bool:
        code = invitation.read(self.text)
        if code is None:
            return False
        self.session.start(FLOWS["join_staff"], said={"code": code})
        return True

    def _draft(self) -> bool:
        if self.session.draft is None:
            return False
        self.session.offer_draft()
        return True

    # -- free words -------------------------------------------------------------------------------------------------

    def _meant(self) -> bool:
        """A single word that names a flow: "queja", "mis folios", "reportar"."""
        name = self.session.town.meant(self.text) if 0 < len(self.text) <= 60 else None
        if name == "greeting":
            self._menu()
            return True
        if name is None or name not in FLOWS or not self._may_hold(FLOWS[name]):
            return False
        self.session.start(FLOWS[name])
        return True

    def _may_hold(self, flow: Flow) -> bool:
        return suffices(self.session.contact.role, flow.role)

    def _free_words(self) -> None:
        session = self.session
        if not self.text:
            place = place_to_json(session.town.locate(self.message.place)) if self.message.place else None
            session.start(FLOWS["report"], media=self.media, place=place)
            return
        if self._report_is_plain():
            self._open_report()
        else:
            session.start(FLOWS["ask"], said={"question": self.text}, media=self.media)

    def _report_is_plain(self) -> bool:
        found = self.session.town.find_services(self.text, self.session.contact.language)
        return bool(found) and found[0][1] >= _PLAIN_SERVICE and not is_question(self.text)

    def _open_report(self) -> None:
        place = place_to_json(self.session.town.locate(self.message.place)) if self.message.place else None
        self.session.start(
            FLOWS["report"], said={"group": self.text, "story": self.text}, media=self.media, place=place
        )

    def _heard(self) -> Heard:
        return Heard.of(self.message, self.media)

    def _menu(self) -> None:
        if self.session.flow is None:
            self.session.start(FLOWS["menu"])


def _arguments(flow: Flow, rest: str) -> dict[str, str]:
    """Words after a command, for the questions that take them; the last takes all that is left."""
    if not rest or not flow.arguments:
        return {}
    first, *more = rest.split(maxsplit=2)
    if flow.arguments[0] == "ticket" and more and not folios.read(first) and folios.read(f"{first} {more[0]}"):
        rest = " ".join([first + more[0], *more[1:]])  # a folio written with a blank
    parts = rest.split(maxsplit=len(flow.arguments) - 1)
    return dict(zip(flow.arguments, parts, strict=False))
