"""What flows are, and where they are registered with their commands. Runs nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from handlers import commands
from handlers.conversation.chat import Chat
from handlers.ticket.role import Role, suffices


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that can be held: its name, its script, and who may hold it."""

    name: str
    script: Callable[[Chat], None]
    #: None: everybody.
    role: Role | None = None
    #: Questions that words after the command answer, in order; the last takes all that is left.
    arguments: tuple[str, ...] = ()
    #: A form is worth taking up again after it expired.
    is_form: bool = False
    #: Photos that come before they are asked for are kept for it.
    takes_media: bool = False
    #: Questions whose answer may well read like a question to the counter.
    open_questions: frozenset[str] = frozenset()
    #: The question whose answer is the story: words that come later are added to it.
    story: str | None = None
    #: It does something as soon as it is opened: never by a number that may have meant something else.
    acts_at_once: bool = False
    #: Its place in the counter's own menu, smallest first; None where that does not offer it.
    offered: int | None = None


FLOWS: Final[dict[str, Flow]] = {}


def flow(
    name: str,
    *,
    command: str | Sequence[str] = (),
    place: int | None = None,
    offered: int | None = None,
    role: Role | None = None,
    arguments: Sequence[str] = (),
    is_form: bool = False,
    takes_media: bool = False,
    open_questions: Sequence[str] = (),
    story: str | None = None,
    acts_at_once: bool = False,
) -> Callable[[Callable[[Chat], None]], Callable[[Chat], None]]:
    """Register a script as a flow, and the command that opens it.

    place: among the commands of its role in every menu and list (see handlers/commands.py).
    """

    def register(script: Callable[[Chat], None]) -> Callable[[Chat], None]:
        if name in FLOWS:
            raise ValueError(f"flow registered twice: {name}")
        if names := (command,) if isinstance(command, str) else tuple(command):
            commands.declare(name, names, role=role, place=place)
        FLOWS[name] = Flow(
            name,
            script,
            role,
            tuple(arguments),
            is_form,
            takes_media,
            frozenset(open_questions),
            story,
            acts_at_once,
            offered,
        )
        return script

    return register


def known_flows() -> dict[str, bool]:
    """Every flow that can be gone on with, and whether it is a form."""
    return {each.name: each.is_form for each in FLOWS.values()}


def offered_to(role: Role | None) -> tuple[str, ...]:
    """The flows that the counter's menu offers somebody with this role: an official's work first."""
    offered = [each for each in FLOWS.values() if each.offered is not None]
    own = [each for each in offered if each.role is not None and suffices(role, each.role)]
    return tuple(
        each.name for flows in (own, [each for each in offered if each.role is None]) for each in _sorted(flows)
    )


def _sorted(flows: Sequence[Flow]) -> list[Flow]:
    return sorted(flows, key=lambda each: each.offered or 0)
