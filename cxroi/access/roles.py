"""What people may do: four roles, each of which may do what those before it may."""

from __future__ import annotations

from typing import Literal, get_args

from cxroi.errors import AccessError

Role = Literal["viewer", "editor", "finance", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)  # from the least to the most
VIEWER, EDITOR, FINANCE, ADMINISTRATOR = ROLES


def may(role: Role, needed: Role) -> bool:
    """Return whether a role is enough for what needs another.

    >>> may("finance", "editor"), may("viewer", "editor")
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(needed)


def ensure_role(asked: str) -> Role:
    """Return the role of this name; raises AccessError where there is none."""
    for role in ROLES:
        if role == asked:
            return role
    raise AccessError("access.no_such_role", role=asked, roles=", ".join(ROLES))
