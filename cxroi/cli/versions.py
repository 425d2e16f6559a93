"""Commands about versions: list, compare, go back, delete for good, forget a customer, mend a damaged folder."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence

from cxroi.actions import versions as actions
from cxroi.actions.person import at_the_terminal
from cxroi.cli.layout import answer, workspace_of
from cxroi.errors import CxroiError
from cxroi.export.customer_file import customer_file
from cxroi.export.json.versions import difference_json, figures_json, version_json
from cxroi.questions import VersionFigures, version_figures
from cxroi.store.files.access import for_owner
from cxroi.store.versions.workspace import TableDifference
from cxroi.text import Text
from cxroi.view.data.versions import side_by_side
from cxroi.view.table import columns


def versions(choices: Namespace, text: Text) -> int:
    """List every version, newest first."""
    workspace = workspace_of(choices)
    current = workspace.current()
    listed = [version_json(version, version == current) for version in workspace.versions()]
    heading = [text(f"heading.{name}") for name in ("version", "created", "rows", "current")]
    rows = [
        [v["id"], v["created_at"], text.number(sum(t["rows"] for t in v["tables"])), "*" if v["current"] else ""]
        for v in listed
    ]
    answer(choices, {"versions": listed}, columns(heading, rows) if rows else [text("cli.no_versions")])
    return 0


def restore(choices: Namespace, text: Text) -> int:
    """Make an earlier version current again."""
    version = actions.restore(workspace_of(choices), choices.version_id, who=at_the_terminal())
    answer(choices, {"data_version": version.id}, [text("cli.restored", version=version.id)])
    return 0


def delete(choices: Namespace, text: Text) -> int:
    """Remove a version that is not current; its bytes are gone."""
    done = actions.delete_version(workspace_of(choices), choices.version_id, who=at_the_terminal())
    facts = {"deleted": done.version, "recorded": done.recorded}
    answer(choices, facts, [text("cli.deleted", version=done.version), *_unrecorded(done.recorded, text)])
    return 0


def repair(choices: Namespace, text: Text) -> int:
    """Mend what can be mended, go back to the newest version whose every byte is right, and name what was given up."""
    workspace, person = workspace_of(choices), at_the_terminal()
    if choices.start_empty:
        gone = actions.start_empty(workspace, who=person)
        answer(choices, {"data_version": None, "given_up": list(gone)}, [text("cli.started_empty"), *_lost(gone, text)])
        return 0
    before = workspace.given_up()
    version = actions.repair(workspace, who=person)
    gone = tuple(id for id in workspace.given_up() if id not in before)
    facts = {"data_version": version.id, "given_up": list(gone)}
    answer(choices, facts, [text("cli.repaired", version=version.id), *_lost(gone, text)])
    return 0


def _lost(gone: Sequence[str], text: Text) -> list[str]:
    return [text("cli.given_up", versions=", ".join(gone))] if gone else []


def compare(choices: Namespace, text: Text) -> int:
    """Say what changed between two versions, table by table."""
    workspace = workspace_of(choices)
    found = workspace.compare(choices.before, choices.after)
    figures = [version_figures(workspace.folder, id) for id in (choices.before, choices.after)]
    facts = {
        "before": choices.before,
        "after": choices.after,
        "tables": [difference_json(one) for one in found],
        "figures": [figures_json(one) for one in figures],
    }
    heading = [text(f"heading.{name}") for name in ("table", "rows_before", "rows_after", "changed")]
    rows = [
        [
            one.table,
            *("-" if rows is None else text.number(rows) for rows in (one.rows_before, one.rows_after)),
            "" if one.same_bytes else ", ".join(_changed_sums(one)) or "*",
        ]
        for one in found
    ]
    answer(choices, facts, [*columns(heading, rows), "", *_figure_lines(figures, choices, text)])
    return 0


def _figure_lines(figures: Sequence[VersionFigures | CxroiError], choices: Namespace, text: Text) -> list[str]:
    """Return the figures of two versions side by side, or why one of them has none."""
    before, after = figures
    if isinstance(before, VersionFigures) and isinstance(after, VersionFigures):
        heading = [text(f"heading.{name}") for name in ("measure", "before", "after", "change")]
        return columns(heading, side_by_side(before, after, text))
    named = zip((choices.before, choices.after), figures, strict=True)
    return [f"{name}: {text.error(one)}" for name, one in named if isinstance(one, CxroiError)]


def forget(choices: Namespace, text: Text) -> int:
    """Remove one customer from every version, bytes included, and show the receipt."""
    done = actions.forget_customer(workspace_of(choices), choices.customer_id, who=at_the_terminal())
    facts = {name: fact for name, fact in actions.as_receipt(done).items() if name != "what"}
    lines = [text("cli.forgotten", count=sum(done.rows_removed.values()) + done.kept_out_removed)]
    lines += [f"  {table}: {text.number(rows)}" for table, rows in done.rows_removed.items() if rows]
    if done.kept_out_removed:
        lines.append(text("versions.receipt.kept_out", count=done.kept_out_removed))
    answer(choices, facts, lines + _mentioned(done.mentions, text) + _unrecorded(done.recorded, text))
    return 0


def forget_comments(choices: Namespace, text: Text) -> int:
    """Empty comments of long ago in every version, for whoever keeps them no longer than so many months."""
    done = actions.forget_comments(workspace_of(choices), choices.older_than, who=at_the_terminal())
    facts = {name: fact for name, fact in actions.as_receipt(done).items() if name not in ("what", "mentions")}
    count = sum(done.rows_removed.values())
    lines = [text("cli.comments_forgotten", count=count, versions=text.number(len(done.versions_replaced)))]
    if done.kept_out_removed:
        lines.append(text("versions.receipt.kept_out", count=done.kept_out_removed))
    answer(choices, facts, lines + _unrecorded(done.recorded, text))
    return 0


def customer_data(choices: Namespace, text: Text) -> int:
    """Write everything that is kept of one customer into a file, its owner's alone."""
    found = actions.disclose_customer(workspace_of(choices), choices.customer_id, who=at_the_terminal())
    with open(choices.out, "wb", opener=for_owner) as file:
        file.write(customer_file(found))
    rows = {name: len(each) for name, each in found.tables.items()}
    aside = {name: len(each) for name, each in found.set_aside.items()}
    lines = [text("cli.rows_written", count=sum((*rows.values(), *aside.values())), file=choices.out)]
    lines += [f"  {table}: {text.number(count)}" for table, count in rows.items()]
    if aside:
        lines.append(text("versions.receipt.kept_out", count=sum(aside.values())))
    facts = {"file": choices.out, "rows_found": rows, "rows_set_aside": aside, "mentions": dict(found.mentions)}
    answer(choices, facts, lines + _mentioned(found.mentions, text))
    return 0


def _mentioned(mentions: Mapping[str, int], text: Text) -> list[str]:
    """Return where other rows name a customer in a text, and how many do."""
    if not mentions:
        return []
    said = text("versions.receipt.mentions", count=sum(mentions.values()))
    return [said, *(f"  {place}: {text.number(rows)}" for place, rows in mentions.items())]


def _unrecorded(recorded: bool, text: Text) -> list[str]:
    """Return the warning about a change that left no line in the audit trail."""
    return [] if recorded else [text("store.not_recorded")]


def _changed_sums(one: TableDifference) -> list[str]:
    names = sorted({*one.sums_before, *one.sums_after})
    pairs = [(name, one.sums_before.get(name, "-"), one.sums_after.get(name, "-")) for name in names]
    return [f"{name} {before} -> {after}" for name, before, after in pairs if before != after]
