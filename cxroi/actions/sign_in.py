"""To sign in and out: a password, or the word of a company's own provider, is proved once, and a session stands for it until it ends.

Whoever guesses gets the same answer for a name that nobody has, waits longer after each failure, and is written down.
"""

from __future__ import annotations

import hashlib
import math
import os
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from cxroi.access.passwords import fits, hashed, is_dated
from cxroi.access.roles import ensure_role
from cxroi.actions.person import Person, signed_in
from cxroi.actions.trail import Trail
from cxroi.environment import whole_number
from cxroi.errors import AccessError, StoreError
from cxroi.store.state.people import KeptPerson, Patience, People
from cxroi.store.versions.workspace import Workspace

OF_A_NAME = Patience(free=5, longest=900.0, forgotten=86_400.0)
OF_AN_ADDRESS = Patience(free=40, longest=900.0, forgotten=3_600.0)  # a whole office may stand behind one
_NOTED_EVERY = 60.0  # seconds: how exactly it is kept when a session was used last


@dataclass(frozen=True, kw_only=True)
class SessionTimes:
    """When a session ends by itself, in seconds: after so long without use, and in any case."""

    idle: float
    longest: float

    @classmethod
    def of_environment(cls, asked: Mapping[str, str] = os.environ) -> Self:
        """Return the times that the environment asks for; raises SettingError for one that cannot be meant."""
        return cls(
            idle=60.0 * whole_number(asked, "CXROI_SESSION_IDLE_MINUTES", 60, most=1_440),
            longest=3_600.0 * whole_number(asked, "CXROI_SESSION_HOURS", 12, most=168),
        )


def sign_in(workspace: Workspace, name: str, password: str, *, came_from: str = "", who: Person) -> str:
    """Prove a password and return what the browser has to show from now on; `who` is whoever asks, from where it is asked.

    Raises AccessError "access.wrong" for a name or password that is not right, the same for both, and "access.wait" where too many
    tries failed. A trail that cannot be written keeps nobody out: the figures stay readable on a full disk's other side.
    """
    people, at = People.of(workspace.folder), time.time()
    place = f"from {came_from}"
    patience = {name: OF_A_NAME} | ({place: OF_AN_ADDRESS} if came_from else {})
    if wait := people.count_try(patience, at):
        raise AccessError("access.wait", count=math.ceil(wait / 60))
    person = people.find(name)
    secret = people.secret_of(name)
    if not fits(secret, password) or person is None:
        known = {"person": person.name} if person else {}  # else perhaps a password typed in the wrong place
        Trail.attempt(workspace, who, "sign-in refused", **known)
        if people.wait_of(name, OF_A_NAME, at):
            Trail.attempt(workspace, who, "locked out", **known)
        raise AccessError("access.wrong")
    if is_dated(secret):
        people.set_secret(person.name, hashed(password), anew=False)
    return _begun(workspace, person, at, tried=place)


def enter_vouched_for(workspace: Workspace, name: str, *, who: Person) -> str:
    """Let in whom the company's own provider has proved to be of this name, and return what the browser has to show from now on.

    Raises AccessError "access.not_added" where nobody here has it.
    """
    person = People.of(workspace.folder).find(name)
    if person is None:
        Trail.attempt(workspace, who, "sign-in refused", person=name[:100])
        raise AccessError("access.not_added", name=name)
    return _begun(workspace, person, time.time())


def _begun(workspace: Workspace, person: KeptPerson, at: float, *, tried: str = "") -> str:
    token = secrets.token_urlsafe(32)
    longest = SessionTimes.of_environment().longest
    People.of(workspace.folder).begin_session(_id(token), person.name, at, longest=longest, tried=tried)
    Trail.attempt(workspace, signed_in(person.name, ensure_role(person.role)), "signed in")
    return token


def sign_out(workspace: Workspace, token: str, *, who: Person) -> None:
    """End a session."""
    People.of(workspace.folder).end_session(_id(token))
    Trail.attempt(workspace, who, "signed out")


def person_of_session(workspace: Workspace, token: str, *, used: bool) -> Person | None:
    """Return who is signed in by what a browser shows; None where the session is over. `used`: by a person, and not by a clock."""
    people, at, times = People.of(workspace.folder), time.time(), SessionTimes.of_environment()
    found = people.of_session(_id(token), at, idle=times.idle, longest=times.longest)
    if found is None:
        return None
    kept, seen = found
    if used and at - seen > _NOTED_EVERY:
        with suppress(StoreError):  # a full disk signs nobody out before their time
            people.use_session(_id(token), at)
    return signed_in(kept.name, ensure_role(kept.role))


def person_named(workspace: Workspace, name: str) -> Person | None:
    """Return the person of a name that was proved elsewhere, with the role they have now; None where nobody here has it."""
    kept = People.of(workspace.folder).find(name)
    return signed_in(kept.name, ensure_role(kept.role)) if kept else None


def _id(token: str) -> str:
    """Return what is kept of a session: whoever reads the file cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
