"""The command that says what is wrong with a workspace and the machine it lies on, and what to do about it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cxroi.actions.connections import ensure_allowed
from cxroi.actions.place import workspace_folder
from cxroi.cli import machine
from cxroi.cli.layout import answer
from cxroi.errors import ConnectError, CxroiError, StoreError, UploadError
from cxroi.intake.presets.preset import FOLDER, preset_of
from cxroi.store.checkup import workspace as checkup
from cxroi.store.state.records import KeptConnection
from cxroi.store.state.state import State
from cxroi.text import Text

NOTES = checkup.NOTES | machine.NOTES
WRONG, NOTE = "wrong", "note"


def doctor(choices: Namespace, text: Text) -> int:
    """Say everything that is wrong, and end with 1 where something is; what is only to be known does not count."""
    folder = workspace_folder(choices.workspace)
    found = [*checkup.check_workspace(folder), *_presets(folder), *_connections(folder, text)]
    found += machine.check_machine(choices.port)
    told = [
        {"id": one.id, "kind": NOTE if one.id in NOTES else WRONG, "message": text.error(one), "facts": one.facts}
        for one in found
    ]
    wrong = [one for one in told if one["kind"] == WRONG]
    lines = [text("doctor.looked_at", path=str(folder))]
    for one in sorted(told, key=lambda one: one["kind"] == NOTE):
        lines.append(text(f"doctor.{one['kind']}", what=one["message"]))
    lines.append(text("doctor.verdict", count=len(wrong)) if wrong else text("doctor.well"))
    facts = {"workspace": str(folder), "well": not wrong, "findings": told, "machine": machine.machine_facts()}
    answer(choices, facts, lines)
    return 1 if wrong else 0


def _presets(folder: Path) -> Iterator[CxroiError]:
    for path in sorted((folder / FOLDER).glob("*.toml")):
        try:
            preset_of(path.stem, path.read_text(encoding="utf-8"))
        except UploadError as error:
            yield error
        except (OSError, ValueError):
            yield UploadError("upload.preset_wrong_toml", preset=path.stem, found="-")


def _connections(folder: Path, text: Text) -> Iterator[CxroiError]:
    """Yield the connections that are kept and that nobody allows: the next refresh would refuse them."""
    known: tuple[KeptConnection, ...] = ()
    with suppress(StoreError):
        known = State.open(folder).connections() if folder.is_dir() else ()
    for kept in known:
        try:
            ensure_allowed(kept.address, kept.query)
        except ConnectError as error:
            yield ConnectError("doctor.connection_refused", name=kept.name, reason=text.error(error))
