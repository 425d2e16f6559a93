"""Who makes a change, as far as it is known: nobody signs in yet, and a name that was not proved is not written down as one."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import Literal

Through = Literal["terminal", "app", "network"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whoever makes a change. `name` is empty where nobody said who they are; `account` is whose program did it for them."""

    through: Through
    name: str = ""
    account: str = ""

    @property
    def signature(self) -> str:
        """Return what stands as `who` in a version and in the audit trail.

        >>> Person(through="terminal", name="huda").signature, Person(through="app", account="huda").signature
        ('huda', 'huda (app)')
        >>> Person(through="network").signature
        '(network)'
        """
        return self.name or f"{self.account} ({self.through})".strip()


def at_the_terminal() -> Person:
    """Return the person whose account runs this command."""
    return Person(through="terminal", name=system_account())


def at_this_machine() -> Person:
    """Return whoever sits before the app on this machine: most likely its account's owner, but nothing proves it."""
    return Person(through="app", account=system_account())


def from_the_network() -> Person:
    """Return whoever reached an app that is open to the network: nothing is known of them."""
    return Person(through="network")


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
