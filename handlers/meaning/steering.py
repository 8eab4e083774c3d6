"""What steers a conversation instead of holding one: cancel, back, menu, help, language, forms that wait."""

from handlers.conversation import controls
from handlers.conversation.flow import FLOWS
from handlers.conversation.session import Session
from handlers.meaning import other
from handlers.texts import declare, under

declare(
    __name__,
    "control.cancelled",
    "control.nothing_to_cancel",
    "help.in_form",
    "help.main",
    *under("draft", "discarded", "none"),
    "language.switched",
)


def steer(session: Session, name: str, rest: str = "") -> bool:
    """Carry a control out; False where there is none of that name."""
    match name:
        case controls.CANCEL:
            session.say("control.cancelled" if session.flow or session.aside else "control.nothing_to_cancel")
            session.leave() if session.flow else session.forget_aside()
            menu(session)
        case controls.BACK:
            if not session.back():
                session.leave()
                menu(session)
        case controls.HELP:
            session.say("help.in_form" if session.flow and session.flow.is_form else "help.main")
            session.repeat() if session.flow and session.flow.is_form else menu(session)
        case controls.MENU:
            session.set_aside()
            menu(session)
        case controls.RESUME:
            _resume(session, rest)
        case controls.DISCARD:
            session.forget_aside()
            session.say("draft.discarded")
            session.repeat() if session.flow else menu(session)
        case controls.SWITCH:
            if not other.switch(session):
                session.repeat() if session.flow else menu(session)
        case "language" if session.flow is not None and session.flow.is_form:
            session.set_language(session.town.language_after(session.contact.language))
            session.say("language.switched")
            session.repeat()
        case "language":
            session.start(FLOWS["language"])
        case _:
            return False
    return True


def menu(session: Session) -> None:
    """The counter's menu, unless something is asked already."""
    if session.flow is None:
        session.start(FLOWS["menu"])


def again(session: Session) -> None:
    """Back to the question that waits, or to the menu."""
    session.repeat() if session.flow else menu(session)


def _resume(session: Session, rest: str) -> None:
    if rest.isdecimal() and len(rest) < 3 and session.resume(int(rest) - 1):
        return
    if session.flow is not None and session.flow.is_form and (session.journal.has_content or not session.aside):
        session.repeat()
        return
    session.set_aside()
    if not session.aside:
        session.say("draft.none")
        menu(session)
    elif len(session.aside) == 1:
        session.resume()
    else:
        session.offer_aside()
