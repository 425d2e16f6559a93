"""Who may come in: people with a name, a role and a password, added and changed by an administrator."""

from __future__ import annotations

import re
import unicodedata

from cxroi.access.passwords import hashed
from cxroi.access.roles import ADMINISTRATOR, ensure_role
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.errors import AccessError
from cxroi.store.state.people import KeptPerson, People
from cxroi.store.versions.workspace import Workspace

_NAME = re.compile(r"[^\W_](?:[\w.@+\- ]{0,98}[^\W_])?")  # no brackets: what stands in them in the trail is ours to say


@needs(ADMINISTRATOR)
def add_person(workspace: Workspace, name: str, role: str, password: str | None, *, who: Person) -> KeptPerson:
    """Let somebody in; without a password only where a proxy or the company's sign-in service vouches for the name.

    Raises AccessError for a name that cannot be one or is there already, another role than ours, and a weak password.
    """
    spelt = " ".join(unicodedata.normalize("NFKC", name).split())
    if not _NAME.fullmatch(spelt):
        raise AccessError("access.name", name=name)
    people, kept_role = People.of(workspace.folder), ensure_role(role)
    if people.find(spelt):
        raise AccessError("access.known", name=spelt)
    trail = Trail.open(workspace, who)
    people.add_person(spelt, kept_role, "" if password is None else hashed(password, spelt))
    trail.write("person added", person=spelt, role=kept_role)
    return _known(people, spelt)


@needs(ADMINISTRATOR)
def remove_person(workspace: Workspace, name: str, *, who: Person) -> None:
    """Take somebody away, and end at once what they have open. Raises AccessError for the last administrator."""
    people = People.of(workspace.folder)
    person = _known(people, name)
    _ensure_another(people, person)
    trail = Trail.open(workspace, who)
    people.remove_person(person.name)
    trail.write("person removed", person=person.name)


@needs(ADMINISTRATOR)
def change_role(workspace: Workspace, name: str, role: str, *, who: Person) -> None:
    """Give somebody another role; it holds from the next thing they do. Raises AccessError for the last administrator."""
    people, kept_role = People.of(workspace.folder), ensure_role(role)
    person = _known(people, name)
    if person.role == kept_role:
        return
    _ensure_another(people, person)
    trail = Trail.open(workspace, who)
    people.set_role(person.name, kept_role)
    trail.write("role changed", person=person.name, role=kept_role, before=person.role)


@needs(ADMINISTRATOR)
def reset_password(workspace: Workspace, name: str, password: str, *, who: Person) -> None:
    """Give somebody another password: what they have open ends, and failures are forgotten."""
    people = People.of(workspace.folder)
    person = _known(people, name)
    secret = hashed(password, person.name)
    trail = Trail.open(workspace, who)
    people.set_secret(person.name, secret, anew=True)
    trail.write("password reset", person=person.name)


def _known(people: People, name: str) -> KeptPerson:
    person = people.find(name)
    if person is None:
        raise AccessError("access.unknown", name=name)
    return person


def _ensure_another(people: People, person: KeptPerson) -> None:
    """Raise AccessError where nobody else could administer any longer."""
    others = [one for one in people.everybody() if one.role == ADMINISTRATOR and one.name != person.name]
    if person.role == ADMINISTRATOR and not others:
        raise AccessError("access.last_administrator", name=person.name)
