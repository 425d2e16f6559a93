"""Commands about data: load the sample, look at tables, rejected rows and the panel."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cxroi.actions.person import at_the_terminal
from cxroi.cli.layout import answer, current_version, opened, workspace_of
from cxroi.errors import StoreError, UploadError
from cxroi.export.json.versions import table_facts
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.table import columns


def sample(choices: Namespace, text: Text) -> int:
    """Load the sample company."""
    from cxroi.actions.load import load_sample

    version = load_sample(workspace_of(choices), who=at_the_terminal())
    answer(choices, {"data_version": version.id, "tables": table_facts(version)}, [text("cli.sample_loaded")])
    return 0


def tables(choices: Namespace, text: Text) -> int:
    """List the tables of the current version."""
    version = current_version(workspace_of(choices))
    listed = table_facts(version)
    heading = [text(f"heading.{name}") for name in ("table", "rows", "files")]
    rows = [[t["table"], text.number(t["rows"]), ", ".join(t["sources"])] for t in listed]
    facts = {"data_version": version.id, "illustrative": version.illustrative, "tables": listed}
    lines = [*illustrative_lines(version.illustrative, text), *columns(heading, rows)]
    answer(choices, facts, lines)
    return 0


def table(choices: Namespace, text: Text) -> int:
    """Write the accepted rows of one table to a file."""
    out = Path(choices.out)
    with opened(choices) as data:
        rows = data.engine.copy_table(choices.name, out)
    facts = {"data_version": data.version.id, "table": choices.name, "file": str(out), "rows": rows}
    answer(choices, facts, [text("cli.rows_written", count=rows, file=str(out))])
    return 0


def rejects(choices: Namespace, text: Text) -> int:
    """Write the rows of one table that were kept out, as they came and with their reasons, to be mended and loaded."""
    from cxroi.export.rejects import rejects_csv

    version, out = current_version(workspace_of(choices)), Path(choices.out)
    kept_out = version.tables[choices.name].kept_out() if choices.name in version.tables else ()
    if not kept_out:
        raise StoreError("cli.no_rejects", table=choices.name)
    files = [out, *(out.with_stem(f"{out.stem}-{number}") for number in range(2, len(kept_out) + 1))]
    for file, source in zip(files, kept_out, strict=True):
        file.write_bytes(rejects_csv(source.path, lambda id, facts: text(id, **facts)))
    facts = {"data_version": version.id, "table": choices.name, "files": [str(file) for file in files]}
    answer(choices, facts, [text("cli.rejects_written", files=", ".join(map(str, files)))])
    return 0


def template(choices: Namespace, text: Text) -> int:
    """Write a workbook to fill in for one table, in the language asked for."""
    from cxroi.export.template import table_template
    from cxroi.tables import TABLES

    out = Path(choices.out)
    if choices.name not in TABLES:
        raise UploadError("upload.unknown_table", table=choices.name, tables=", ".join(TABLES))
    if out.suffix.lower() != ".xlsx":
        raise UploadError("cli.template_format", format=out.suffix or out.name)
    out.write_bytes(table_template(choices.name, text.language, text))
    answer(choices, {"table": choices.name, "file": str(out)}, [text("cli.template_written", file=str(out))])
    return 0


def panel(choices: Namespace, text: Text) -> int:
    """Write the panel, one row per month and segment, to a CSV or Parquet file."""
    from cxroi.export.panel_file import panel_csv, panel_parquet

    out = Path(choices.out)
    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise UploadError("store.unknown_format", format=out.suffix or out.name)
    with opened(choices) as data:
        frame, write = data.panel.to_frame(), panel_csv if out.suffix.lower() == ".csv" else panel_parquet
        out.write_bytes(write(data.panel))
    facts = {"data_version": data.version.id, "file": str(out), "rows": len(frame), "columns": list(frame.columns)}
    answer(choices, facts, [text("cli.rows_written", count=len(frame), file=str(out))])
    return 0
