"""Who makes a change, as far as it is known: a name that was not proved is not written down as one."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Literal, ParamSpec, TypeVar

from cxroi.access.roles import ADMINISTRATOR, Role, may
from cxroi.errors import AccessError

Through = Literal["terminal", "app", "network", "sign-in"]
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whoever makes a change. `name` is empty where nobody said who they are; `account` is whose program did it for them.

    Where nobody signs in, whoever reaches the program may do everything: that is meant before a server starts so.
    """

    through: Through
    name: str = ""
    account: str = ""
    role: Role = ADMINISTRATOR

    def ensure_may(self, needed: Role) -> None:
        """Raise AccessError where the role of this person is not enough."""
        if not may(self.role, needed):
            raise AccessError(f"access.needs.{needed}")

    @property
    def signature(self) -> str:
        """Return what stands as `who` in a version and in the audit trail.

        >>> Person(through="terminal", name="huda").signature, Person(through="app", account="huda").signature
        ('huda', 'huda (app)')
        >>> Person(through="network").signature
        '(network)'
        """
        return self.name or f"{self.account} ({self.through})".strip()


def needs(role: Role) -> Callable[[Callable[_P, _T]], Callable[_P, _T]]:
    """Let an action be done only by a person (`who`) whose role is enough; whoever else tries gets AccessError before anything is looked at."""

    def guarded(action: Callable[_P, _T]) -> Callable[_P, _T]:
        @wraps(action)
        def allowed(*given: _P.args, **named: _P.kwargs) -> _T:
            who = named["who"]
            if not isinstance(who, Person):
                raise TypeError("an action needs a person")
            who.ensure_may(role)
            return action(*given, **named)

        return allowed

    return guarded


def at_the_terminal() -> Person:
    """Return the person whose account runs this command."""
    return Person(through="terminal", name=system_account())


def at_this_machine() -> Person:
    """Return whoever sits before the app on this machine: most likely its account's owner, but nothing proves it."""
    return Person(through="app", account=system_account())


def from_the_network() -> Person:
    """Return whoever reached an app that is open to the network: nothing is known of them."""
    return Person(through="network")


def signed_in(name: str, role: Role) -> Person:
    """Return somebody who has proved who they are."""
    return Person(through="sign-in", name=name, role=role)


def system_account() -> str:
    """Return the account that runs this process, asked of the system: the environment ($USER) can say anything.

    An account without a name is told by its number.
    """
    if os.name != "posix":
        try:
            return getpass.getuser()
        except (KeyError, OSError):
            return ""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
