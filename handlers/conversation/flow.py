"""What flows are, and where they are registered. Runs nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.conversation.chat import Chat
from handlers.ticket.ticket import Role


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that can be held: its name, its script, and who may hold it."""

    name: str
    script: Callable[[Chat], None]
    #: Commands that open it, without the slash; the first is the one that menus show.
    commands: tuple[str, ...] = ()
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


FLOWS: Final[dict[str, Flow]] = {}
COMMANDS: Final[dict[str, Flow]] = {}


def flow(
    name: str,
    *,
    command: str | Sequence[str] = (),
    role: Role | None = None,
    arguments: Sequence[str] = (),
    is_form: bool = False,
    takes_media: bool = False,
    open_questions: Sequence[str] = (),
) -> Callable[[Callable[[Chat], None]], Callable[[Chat], None]]:
    """Register a script as a flow."""

    def register(script: Callable[[Chat], None]) -> Callable[[Chat], None]:
        commands = (command,) if isinstance(command, str) else tuple(command)
        made = Flow(name, script, commands, role, tuple(arguments), is_form, takes_media, frozenset(open_questions))
        if name in FLOWS or any(each in COMMANDS for each in commands):
            raise ValueError(f"flow or command registered twice: {name} {commands}")
        FLOWS[name] = made
        COMMANDS.update(dict.fromkeys(commands, made))
        return script

    return register
