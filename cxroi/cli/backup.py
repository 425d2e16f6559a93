"""Commands about backups: write one, look at one, make a workspace hold what one holds."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from cxroi.actions import backup as actions
from cxroi.actions.person import at_the_terminal
from cxroi.cli.layout import answer, workspace_of
from cxroi.store.backup.contents import Contents, plain
from cxroi.store.backup.read import look
from cxroi.text import Text
from cxroi.view.table import columns


def backup(choices: Namespace, text: Text) -> int:
    """Write the whole workspace into one file, while others read and load."""
    file = Path(choices.backup_file)
    contents, recorded = actions.back_up(
        workspace_of(choices), file, who=at_the_terminal(), replace=choices.replace_backup
    )
    lines = [text("backup.written", file=file.name, size=_megabytes(file)), *_lines(contents, text)]
    lines += [] if recorded else [text("backup.not_recorded")]
    answer(choices, {**_facts(file, contents), "recorded": recorded}, lines)
    return 0


def restore_backup(choices: Namespace, text: Text) -> int:
    """Say what a backup holds once every byte was read, and make the workspace hold it unless only a look was asked for."""
    file = Path(choices.backup_file)
    if choices.look:
        contents = look(file)
        lines = [text("backup.whole", file=file.name, size=_megabytes(file)), *_lines(contents, text)]
        answer(choices, {**_facts(file, contents), "restored": False, "set_aside": None, "forgotten_since": 0}, lines)
        return 0
    done = actions.restore_backup(workspace_of(choices), file, who=at_the_terminal(), replace=choices.replace_held)
    lines = [text("backup.restored", version=done.version.id), *_lines(done.contents, text)]
    if done.set_aside:
        lines.append(text("backup.set_aside", file=done.set_aside))
    if done.forgotten_since:
        lines.append(text("backup.forgotten_since", count=done.forgotten_since))
    facts = {"restored": True, "set_aside": done.set_aside, "forgotten_since": done.forgotten_since}
    answer(choices, {**_facts(file, done.contents), **facts}, lines)
    return 0


def _facts(file: Path, contents: Contents) -> dict[str, Any]:
    """Return what every answer about a backup says of it."""
    return {"file": str(file), "bytes": file.stat().st_size, **plain(contents)}


def _lines(contents: Contents, text: Text) -> list[str]:
    """Return what a backup holds: when and by which program it was made, its versions, the trail, and what is not in it."""
    heading = [text(f"heading.{name}") for name in ("version", "created", "rows", "current")]
    rows = [
        [one.id, one.created_at, text.number(sum(one.tables.values())), "*" if one.id == contents.current else ""]
        for one in contents.versions
    ]
    made = f"{contents.made_at:%Y-%m-%d %H:%M} UTC"
    lines = [text("backup.made", when=made, release=contents.program), *columns(heading, rows)]
    lines.append(text("backup.trail" if contents.audit_whole else "backup.trail_changed", count=contents.audit_lines))
    if contents.left_out:
        lines.append(text("backup.left_out", versions=", ".join(contents.left_out)))
    return lines


def _megabytes(file: Path) -> str:
    return f"{max(0.1, file.stat().st_size / 1e6):.1f}"
