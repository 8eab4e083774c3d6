"""Commands are declared once, and each that has a place stands in the menus."""

from collections.abc import Iterator

import pytest

from handlers import commands
from handlers.ticket.role import Role, suffices


@pytest.fixture
def two_in_one_place() -> Iterator[tuple[str, str]]:
    """Two commands that were given the same place, as happens when two people add one each."""
    commands.declare("first", ("primero", "first"), role=Role.AGENT, place=42)
    commands.declare("second", ("segundo",), role=Role.AGENT, place=42)
    yield "primero", "segundo"
    for name in ("primero", "first", "segundo"):
        del commands.COMMANDS[name]


def test_commands_in_the_same_place_are_both_listed_once(two_in_one_place: tuple[str, str]) -> None:
    """Nobody's command vanishes from the menus because somebody else's was put there too."""
    names = [each.name for each in commands.own_commands(Role.AGENT)]
    at = names.index("primero")
    assert tuple(names[at : at + 2]) == two_in_one_place
    assert names.count("primero") == 1


@pytest.mark.parametrize(
    ("held", "needed", "is_enough"),
    [
        (None, None, True),
        (Role.AGENT, None, True),
        (None, Role.AGENT, False),
        (Role.AGENT, Role.AGENT, True),
        (Role.AGENT, Role.SUPERVISOR, False),
        (Role.ADMINISTRATOR, Role.SUPERVISOR, True),
    ],
)
def test_a_role_suffices_for_itself_and_what_is_below(held: Role | None, needed: Role | None, is_enough: bool) -> None:
    """Nobody needs a role for what needs none, and nobody without one does what needs any."""
    assert suffices(held, needed) is is_enough
