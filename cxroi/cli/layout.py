"""What every command does the same way: find the workspace, lay out lines, and print either words or JSON."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from cxroi.actions.place import workspace_folder
from cxroi.cli.arguments import FORMAT_VERSION
from cxroi.errors import StoreError
from cxroi.export.json.values import without_nan
from cxroi.store.files.access import anybody_may_write
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.text.plain import shown

if TYPE_CHECKING:
    from cxroi.questions.data import OpenVersion

_OPEN = "store.open_to_all"
_TO_TELL: dict[str, tuple[StoreError, dict[str, object]]] = {}  # on stderr, so that JSON stays JSON


def workspace_of(choices: Namespace) -> Workspace:
    """Return the workspace asked for: --workspace, else $CXROI_WORKSPACE, else one in the user's own data directory.

    Where anybody on this machine may write into its folder, that is told with the answer.
    """
    workspace = Workspace.open(workspace_folder(choices.workspace))
    if anybody_may_write(workspace.folder):
        _TO_TELL[_OPEN] = (StoreError(_OPEN, path=str(workspace.folder)), {})
    return workspace


def current_version(workspace: Workspace) -> Version:
    """Return the current version, or refuse where nothing has been loaded."""
    version = workspace.current()
    if version is None:
        raise StoreError("store.no_data", workspace=str(workspace.folder))
    state, trouble = state_in_force(version)
    if trouble is not None:
        rest = "ui.state.copy" if state.path.exists() else "ui.state.none"
        _TO_TELL[rest] = (trouble, {"number": version.number, "path": str(workspace.folder / STATE_FILE)})
    return version


@contextmanager
def opened(choices: Namespace) -> Iterator[OpenVersion]:
    """Open the current version for the questions of one command, or refuse where nothing has been loaded."""
    version = current_version(workspace_of(choices))
    from cxroi.questions.data import OpenVersion

    with closing(OpenVersion(version)) as data:
        yield data


def version_facts(data: OpenVersion) -> dict[str, Any]:
    """Return what every answer in JSON says of the data behind it."""
    return {"data_version": data.version.id, "illustrative": data.version.illustrative}


def answer(choices: Namespace, facts: Mapping[str, Any], lines: Sequence[str]) -> None:
    """Print `facts` as versioned JSON where it was asked for, else `lines`; what is wrong with the kept settings comes first.

    Where `choices.taken_by` is there, another program asked: it gets both, and nothing is printed.
    """
    text = Text(choices.language)
    for rest, (trouble, where) in _TO_TELL.items():
        print(text.error(trouble), *([] if rest == _OPEN else [text(rest, **where)]), file=sys.stderr)
    _TO_TELL.clear()
    versioned = without_nan({"format_version": FORMAT_VERSION, "command": choices.command, **facts})
    if taken_by := getattr(choices, "taken_by", None):
        taken_by(versioned, lines)
    elif choices.json:
        print(json.dumps(versioned, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(inert_line(line) for words in lines for line in words.split("\n")))


def inert_line(words: str) -> str:
    r"""Return a line for a terminal, in which no name from data can move the cursor, colour, hide or turn anything.

    >>> inert_line("\x1b[2JFake")
    '␛[2JFake'
    """
    return shown(words, longest=max(len(words), 1) * 8)


def on_terminal() -> bool:
    """Return whether a person is there to read progress and answer questions."""
    return sys.stdin.isatty() and sys.stderr.isatty()
