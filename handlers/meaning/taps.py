"""Commands and buttons: what is typed with a slash, and what is tapped. Menus are no permission: flows check."""

import re
from dataclasses import replace
from typing import Final

from handlers.commands import COMMANDS
from handlers.context import Kind
from handlers.conversation import controls
from handlers.conversation.flow import FLOWS, Flow
from handlers.desk import invitation
from handlers.meaning import nearby
from handlers.meaning.situation import Situation
from handlers.meaning.steering import again, steer
from handlers.texts import declare
from handlers.ticket import folio as folios

declare(__name__, "command.unknown", "form.stale")

#: A button made by a question: the conversation's mark, the question, the option.
_BUTTON: Final = re.compile(r"^([a-z]{3}):([a-z_]+):(.+)$", re.DOTALL)
_COMMAND: Final = re.compile(r"^/([a-z_]+)(?:@\w+)?(?:\s+(.*))?$", re.DOTALL | re.IGNORECASE)


def command(it: Situation) -> bool:
    """What begins with a slash, typed or tapped."""
    choice = it.message.choice
    match = _COMMAND.match(choice if choice and choice.startswith("/") else it.text)
    if match is None:
        return False
    name, rest = match.group(1).lower(), (match.group(2) or "").strip()
    found = COMMANDS.get(name)
    if found is not None and found.runs == controls.START:
        _start(it, rest)
    elif found is None or not (steer(it.session, found.runs, rest) or _open(it, found.runs, rest)):
        it.session.say("command.unknown")
        again(it.session)
    return True


def _open(it: Situation, runs: str, rest: str) -> bool:
    flow = FLOWS.get(runs)
    if flow is not None:
        said, answers = nearby.told_for(it.last, flow)
        it.session.start(flow, said={**said, **_arguments(it, flow, rest)}, answers=answers)
    return flow is not None


def _arguments(it: Situation, flow: Flow, rest: str) -> dict[str, str]:
    """Words after a command, for the questions that take them; the last takes all that is left.

    An official's command without a folio, right after a card, is about that card.
    """
    if not flow.arguments:
        return {}
    card = it.last_ticket if flow.role is not None and it.last_is(Kind.CARD, Kind.NOTICE) else None
    if flow.arguments[0] == "ticket" and card is not None and not folios.read(rest[:20]):
        rest = f"{card.folio} {rest}".strip()
    if not rest:
        return {}
    first, *more = rest.split(maxsplit=2)
    if flow.arguments[0] == "ticket" and more and not folios.read(first) and folios.read(f"{first} {more[0]}"):
        rest = " ".join([first + more[0], *more[1:]])  # a folio written with a blank
    parts = rest.split(maxsplit=len(flow.arguments) - 1)
    return dict(zip(flow.arguments, parts, strict=False))


def _start(it: Situation, payload: str) -> None:
    """Telegram's first button, and the deep links that we print."""
    if payload.lower().startswith(invitation.LINK_MARK):
        it.session.start(FLOWS["join_staff"], said={"code": payload[len(invitation.LINK_MARK) :]})
    elif folios.read(payload):
        it.session.start(FLOWS["track"], said={"ticket": payload})
    else:
        again(it.session)


def tap(it: Situation) -> bool:
    """A button: of this conversation's question, of an earlier one of its questions, or stale."""
    match = _BUTTON.match(it.message.choice or "")
    session = it.session
    if match is not None:
        nonce, key, option = match.groups()
        heard = replace(it.heard, option=option)
        if session.flow is not None and nonce == session.nonce:
            if key == session.asked and session.hear(heard):
                return True
            if key != session.asked and session.hear_for(key, heard):
                return True
    if it.message.choice:
        session.say("form.stale")
        again(session)
    return bool(it.message.choice)


def choose(it: Situation, choice: str) -> bool:
    """Do what a tap on a choice does."""
    it.message = replace(it.message, choice=choice, text=None)
    it.text = ""
    return command(it) or tap(it)
