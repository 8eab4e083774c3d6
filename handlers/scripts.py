"""What flows are, where they are registered, and the signals with which a script leaves the engine. Runs nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from handlers.desk.ticket import Role
from handlers.ports import Json

if TYPE_CHECKING:
    from handlers.dialogue import Chat


class Suspend(Exception):
    """The flow waits for an answer."""


class Stop(Exception):
    """The flow ends here, everything being said."""


class Leave(Exception):
    """The message was not for this flow: let the counter handle it afresh."""


class Restart(Exception):
    """An answer is to be asked again: replay from the top."""


class Go(Exception):
    """The conversation goes on in another flow."""

    def __init__(self, flow: str, said: Mapping[str, str], answers: Mapping[str, Json]) -> None:
        super().__init__(flow)
        self.flow = flow
        self.said = said
        self.answers = answers


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation that can be held: its name, its script, and who may hold it."""

    name: str
    script: Callable[["Chat"], None]
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
) -> Callable[[Callable[["Chat"], None]], Callable[["Chat"], None]]:
    """Register a script as a flow."""

    def register(script: Callable[["Chat"], None]) -> Callable[["Chat"], None]:
        commands = (command,) if isinstance(command, str) else tuple(command)
        made = Flow(name, script, commands, role, tuple(arguments), is_form, takes_media, frozenset(open_questions))
        if name in FLOWS or any(each in COMMANDS for each in commands):
            raise ValueError(f"flow or command registered twice: {name} {commands}")
        FLOWS[name] = made
        COMMANDS.update(dict.fromkeys(commands, made))
        return script

    return register
