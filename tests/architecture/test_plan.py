"""The plan in docs/architecture.md is the house: every room is in it, and imports go down only, never in a circle."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from tests.architecture.source import PACKAGES, ROOT, cycles, graph, modules

IMPORTS = graph(modules())
#: A package to its floors, the uppermost first; a floor to its rooms.
Plan = Mapping[str, list[list[str]]]


def read_plan(page: str) -> Plan:
    """The blocks marked `plan`: the package's name, then a floor a line."""
    plan: dict[str, list[list[str]]] = {}
    for block in re.findall(r"```plan\n(.*?)```", page, re.DOTALL):
        package, *floors = [line for line in block.splitlines() if line.strip()]
        plan[package.strip()] = [floor.split() for floor in floors]
    return plan


PLAN = read_plan((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))


def room_of(module: str, plan: Plan = PLAN) -> tuple[int, str] | None:
    """The floor and the room of a module: the longest name in the plan that it begins with."""
    package, _, inside = module.partition(".")
    rooms = [(floor, room) for floor, names in enumerate(plan[package]) for room in names if _is_in(inside, room)]
    return max(rooms, key=lambda each: len(each[1]), default=None)


def _is_in(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def upwards(imports: Mapping[str, set[str]], plan: Plan) -> Iterator[str]:
    """Every import that does not lead to the same room or to a lower floor."""
    for module, others in imports.items():
        own = room_of(module, plan)
        for other in sorted(others):
            its = room_of(other, plan)
            if own is None or its is None or module.split(".")[0] != other.split(".")[0]:
                continue
            if own[1] != its[1] and its[0] <= own[0]:
                yield f"{module} imports {other}: {own[1]} stands no higher than {its[1]}"


def test_every_package_has_a_plan() -> None:
    assert sorted(PLAN) == sorted(PACKAGES)


def test_every_module_stands_in_a_room_of_the_plan() -> None:
    """Who adds a room draws it first."""
    homeless = [module for module in IMPORTS if "." in module and room_of(module) is None]
    assert not homeless, f"not in docs/architecture.md: {homeless}"


def test_every_room_of_the_plan_is_there() -> None:
    """A room that was pulled down is no longer drawn."""
    drawn = {f"{package}.{room}" for package, floors in PLAN.items() for floor in floors for room in floor}
    assert not [room for room in drawn if not any(_is_in(module, room) for module in IMPORTS)]


def test_no_import_runs_up_the_plan() -> None:
    """A lower floor never knows of a higher one, nor a room of its neighbour on the same floor."""
    assert not (wrong := list(upwards(IMPORTS, PLAN))), "\n".join(wrong)


def test_no_modules_need_each_other() -> None:
    """Also not for their types: a circle cannot be taken apart, tested or replaced piece by piece."""
    assert cycles(IMPORTS) == []


@pytest.mark.parametrize(("floor", "other"), list(pairwise(range(3))))
def test_an_import_that_runs_up_would_be_seen(floor: int, other: int) -> None:
    """The test itself can fail: upwards, and sideways."""
    plan: Plan = {"faq": [["a"], ["b", "c"], ["d"]]}
    rooms = ["a", "b", "d"]
    assert list(upwards({f"faq.{rooms[other]}.x": {f"faq.{rooms[floor]}"}}, plan))
    assert not list(upwards({f"faq.{rooms[floor]}.x": {f"faq.{rooms[other]}"}}, plan))
    assert list(upwards({"faq.b": {"faq.c"}}, plan))


def test_a_circle_would_be_seen() -> None:
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
