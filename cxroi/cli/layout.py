"""What every command does the same way: find the workspace, lay out lines, and print either words or JSON."""

from __future__ import annotations

import json
import math
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import category

from cxroi.actions.place import workspace_folder
from cxroi.cli.arguments import FORMAT_VERSION
from cxroi.errors import StoreError
from cxroi.model.company.segments import WHOLE
from cxroi.model.statistics.uncertainty import Interval
from cxroi.store.files.access import anybody_may_write
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.state.state import state_in_force
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.text.plain import shown

if TYPE_CHECKING:
    from cxroi.questions.data import OpenVersion

_Row = TypeVar("_Row")
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
        raise StoreError("cli.no_data", workspace=str(workspace.folder))
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
    """Print `facts` as versioned JSON where it was asked for, else `lines`; what is wrong with the kept settings comes first."""
    text = Text(choices.language)
    for rest, (trouble, where) in _TO_TELL.items():
        print(text.error(trouble), *([] if rest == _OPEN else [text(rest, **where)]), file=sys.stderr)
    _TO_TELL.clear()
    if choices.json:
        versioned = without_nan({"format_version": FORMAT_VERSION, "command": choices.command, **facts})
        print(json.dumps(versioned, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        print("\n".join(inert_line(line) for words in lines for line in words.split("\n")))


def inert_line(words: str) -> str:
    r"""Return a line for a terminal, in which no name from data can move the cursor, colour, hide or turn anything.

    >>> inert_line("\x1b[2JFake")
    '␛[2JFake'
    """
    return shown(words, longest=max(len(words), 1) * 8)


def without_nan(value: Any) -> Any:
    """Return `value` with null for every number that is none, however deep it stands.

    >>> without_nan({"rates": [0.5, float("nan")]})
    {'rates': [0.5, None]}
    """
    if isinstance(value, Mapping):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def illustrative_lines(illustrative: bool, text: Text) -> list[str]:
    """Return the line that marks sample data, and nothing for a company's own."""
    return [text("cli.illustrative"), ""] if illustrative else []


def in_points(share: Interval) -> Interval:
    """Return an interval of a share in percentage points.

    >>> in_points(Interval.known(0.5)).mid
    50.0
    """
    return Interval(low=100 * share.low, mid=100 * share.mid, high=100 * share.high)


def columns(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Lay out rows under their headings, first column to its start and the others to their end.

    >>> columns(["table", "rows"], [["orders", "12"]])
    ['table   rows', 'orders    12']
    """
    everything = [list(heading), *map(list, rows)]
    widths = [max(_width(row[place]) for row in everything) for place in range(len(heading))]
    return ["  ".join(map(_padded, row, widths, range(len(row)))).rstrip() for row in everything]


def _width(words: str) -> int:
    """Return how many places `words` take; direction marks take none."""
    return sum(category(sign) not in {"Cf", "Mn"} for sign in words)


def _padded(words: str, width: int, place: int) -> str:
    space = " " * (width - _width(words))
    return space + words if place else words + space


def on_terminal() -> bool:
    """Return whether a person is there to read progress and answer questions."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def segment_name(segment: str, text: Text) -> str:
    """Return a segment as it is written, the whole company in words."""
    return text("cli.whole") if segment == WHOLE else segment


def with_whole(segments: tuple[_Row, ...], whole: _Row) -> tuple[_Row, ...]:
    """Return the rows to show: one segment is the whole already."""
    return (*segments, whole) if len(segments) > 1 else (whole,)
