"""The roles of officials. Knows nothing of what each may do where."""

from enum import StrEnum


class Role(StrEnum):
    """What an official may do; each includes the ones before it."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


def suffices(held: Role | None, needed: Role | None) -> bool:
    """Whether somebody who holds this role, or none, may do what needs that one, or none."""
    return needed is None or (held is not None and held.includes(needed))
