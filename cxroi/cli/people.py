"""The command for who may sign in. A password is typed unseen or read from standard input, never given as an argument."""

from __future__ import annotations

import sys
from argparse import Namespace
from getpass import getpass

from cxroi.actions.people import add_person, change_role, remove_person, reset_password
from cxroi.actions.person import at_the_terminal
from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, inert_line, workspace_of
from cxroi.errors import AccessError
from cxroi.store.state.people import People
from cxroi.text import Text
from cxroi.view.table import columns


def people(choices: Namespace, text: Text) -> int:
    """List who may sign in, or change it first."""
    workspace, task, name = workspace_of(choices), choices.people_task, choices.person_name
    if (task != "list") != bool(name.strip()):
        wrong_use("person_name", task=task)
    if (task in ("add", "role")) != bool(choices.role):
        wrong_use("person_role", task=task)
    if task == "add":
        password = None if choices.without_password else _typed(text)
        add_person(workspace, name, choices.role, password, who=at_the_terminal())
    elif task == "role":
        change_role(workspace, name, choices.role, who=at_the_terminal())
    elif task == "reset":
        reset_password(workspace, name, _typed(text), who=at_the_terminal())
    elif task == "remove":
        remove_person(workspace, name, who=at_the_terminal())
    kept = People.of(workspace.folder).everybody()
    facts = [
        {"name": one.name, "role": one.role, "added_at": one.added_at, "password": one.has_password} for one in kept
    ]
    heading = [text(f"heading.{column}") for column in ("name", "role", "since", "password")]
    rows = [
        [
            inert_line(one.name),
            text(f"access.role.{one.role}"),
            one.added_at,
            text(f"access.has_password.{one.has_password}"),
        ]
        for one in kept
    ]
    answer(choices, {"people": facts}, columns(heading, rows) if rows else [text("access.nobody")])
    return 0


def _typed(text: Text) -> str:
    """Return a password that a person types twice, unseen, or the first line of what another program gives."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password, again = (getpass(f"{text(f'access.ask.{ask}')} ") for ask in ("first", "again"))
    if password != again:
        raise AccessError("access.passwords_differ")
    return password
