"""Every command that can be typed: what it runs, who may, and its place in the menus. Knows no conversation.

A flow declares its command where it is written; lists, vendors' menus, buttons and the documentation come from here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from handlers import texts
from handlers.messages import Choice
from handlers.texts import under
from handlers.ticket.ticket import Role

#: The menu of those who have no role, by its name in OutgoingMessage.command_menu.
RESIDENT: Final = "resident"


@dataclass(frozen=True, slots=True)
class Command:
    """One command under all its names, without the slash."""

    #: Name of the flow, or of the control, that it runs.
    runs: str
    #: The first is the one that is shown.
    names: tuple[str, ...]
    #: None: everybody.
    role: Role | None = None
    #: Its place among the commands of its role, smallest first; None where no menu lists it.
    place: int | None = None

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self.names[0]


#: By each of its names.
COMMANDS: Final[dict[str, Command]] = {}


def declare(runs: str, names: Iterable[str], *, role: Role | None = None, place: int | None = None) -> None:
    """Make a command known. Raises ValueError where one of its names is taken."""
    command = Command(runs, tuple(names), role, place)
    taken = [name for name in command.names if name in COMMANDS]
    if taken:
        raise ValueError(f"command declared twice: {', '.join(taken)}")
    COMMANDS.update(dict.fromkeys(command.names, command))


def command_of(runs: str) -> Command:
    """The command that runs a flow or a control. Raises LookupError where none does."""
    found = next((each for each in COMMANDS.values() if each.runs == runs), None)
    if found is None:
        raise LookupError(f"no command runs {runs}")
    return found


def line(runs: str, *arguments: str) -> str:
    """What one would type, such as "/ver K7M4TX9"."""
    return " ".join([f"/{command_of(runs).name}", *filter(None, arguments)])


def button(label: str, runs: str, *arguments: str) -> Choice:
    """A choice that runs a command."""
    return Choice(line(runs, *arguments), label)


def label_key(runs: str) -> str:
    """The key of what a button of the command says, where nothing else is said."""
    return f"button.{command_of(runs).name}"


def listed(role: Role | None) -> tuple[Command, ...]:
    """The commands that menus show to somebody with this role: the official's own first, then everybody's."""
    return (*(own_commands(role) if role is not None else ()), *_in_order(None))


def own_commands(role: Role) -> tuple[Command, ...]:
    """The commands that the role gives beyond everybody's, in the order of the roles that each first belongs to."""
    return tuple(each for lower in Role if role.includes(lower) for each in _in_order(lower))


def menus() -> dict[str, tuple[Command, ...]]:
    """The menu of each role, by its name in OutgoingMessage.command_menu."""
    return {RESIDENT: listed(None), **{role.value: listed(role) for role in Role}}


def _in_order(role: Role | None) -> list[Command]:
    # Each stands in COMMANDS under all its names.
    found = [each for name, each in COMMANDS.items() if name == each.name and each.role is role]
    return sorted((each for each in found if each.place is not None), key=lambda each: each.place or 0)


#: What buttons say that have no label of their own.
texts.declare(
    __name__,
    *under("button", "menu folio agregar retirar misfolios ver tomar responder nota estado turnar cerrar asignar"),
    *under("button", "historia cola comandos"),
    passes={"button": label_key, "ticket_button": label_key},
)
