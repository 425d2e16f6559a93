"""The command that takes files in: one after the other, each recognised, checked and loaded or refused with its reason."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from cxroi.actions.in_support import say_in_support
from cxroi.actions.load import inspect_file, load_many
from cxroi.actions.person import at_the_terminal
from cxroi.cli.arguments import pairs
from cxroi.cli.cx_lines import are_asked, ask_which
from cxroi.cli.layout import answer, inert_line, on_terminal, workspace_of
from cxroi.cli.settings import ledger_rules, said_in_support
from cxroi.cli.ways_on import ways_on
from cxroi.errors import CxroiError, UploadError
from cxroi.export.json.loads import report_json
from cxroi.intake.report import IntakeReport, IntakeRequest, LoadOutcome
from cxroi.store.panel.money_said import open_money
from cxroi.store.panel.spend_in_support import is_open
from cxroi.store.state.state import spend_in_support_of, state_in_force
from cxroi.store.versions.version import Version
from cxroi.store.versions.workspace import Mode, Workspace
from cxroi.text import Text
from cxroi.text.typed import plain_digits
from cxroi.view.data.load_report import message, report_lines

REJECTS_ALLOWED = {"stop": 0.0, "load": 1.0, None: IntakeRequest.rejects_allowed_rate}
_OPEN = {
    "spend_in_support": "cli.in_support.open",
    "currency": "cli.open.currency",
    "margin": "cli.open.margin",
}
IN_A_FOLDER = {".csv", ".tsv", ".txt", ".gz", ".zst", ".xlsx", ".xls", ".xlsb", ".ods", ".htm", ".html", ".parquet"}


def import_files(choices: Namespace, text: Text) -> int:
    """Load the files in one act; one that is refused does not keep the others out, but the exit code tells."""
    workspace, request, paths = workspace_of(choices), request_of(choices), files_meant(choices.files)
    in_support = None if choices.also_in_support is None else said_in_support(choices.also_in_support)
    files: list[tuple[Path, str, IntakeRequest]] = []
    refused: list[IntakeReport] = []
    for path in paths:
        agreed = _agreed(workspace, path, request, choices, text)
        if agreed is None:
            print(text("cli.not_loaded"), file=sys.stderr)
            return 1
        if isinstance(agreed, IntakeRequest):
            files.append((path, path.name, agreed))
        else:
            refused += agreed
    mode: Mode = "append" if choices.append else "replace"
    found: tuple[tuple[IntakeReport, ...], ...] = ()
    version: Version | None = None
    if files:
        with _progress(paths) as far:
            found, version = load_many(workspace, files, mode, who=at_the_terminal(), progress=far, again=choices.again)
    reports = [
        (report, None if version is None or report.outcome is LoadOutcome.REFUSED else version.id)
        for of_file in found
        for report in of_file
    ]
    if version is not None and in_support is not None:
        say_in_support(workspace, in_support, who=at_the_terminal())
    asks = ["spend_in_support"] if _asked(choices, workspace, version, text) else []
    asks += [] if version is None else open_money(version, state_in_force(version)[0].money_said())
    told = _told(choices, reports, getattr(workspace.current(), "id", None), asks, text)
    return 1 if refused else told


def files_meant(given: Sequence[str]) -> list[Path]:
    """Return the files that were named; a folder stands for the tables in it, and a pattern for what it matches."""
    found: list[Path] = []
    for name in given:
        path = Path(name).expanduser()
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in IN_A_FOLDER and p.name[0] not in "._~")
            if not inside:
                raise UploadError("cli.empty_folder", folder=str(path))
            found += inside
        elif path.exists():
            found.append(path)
        elif matches := sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor)))):
            found += matches
        else:
            raise UploadError("upload.no_such_file", file=name)
    return found


def request_of(choices: Namespace) -> IntakeRequest:
    """Return how a file is to be read, as the options say."""
    return IntakeRequest(
        table=choices.table,
        sheet=choices.sheet,
        header_row=choices.header_row,
        preset=choices.preset,
        mapping=pairs(choices.map, "--map"),
        constants=pairs(choices.constants, "--set"),
        encoding=choices.encoding,
        decimal=choices.decimal,
        date_order=choices.date_order,
        calendar=choices.calendar,
        metric=choices.metric,
        answers=pairs(choices.answers, "--answer", last=True),
        as_of=choices.as_of,
        left_in_month=choices.left_in_month,
        nobody_left=choices.nobody_left,
        currency=choices.currency,
        currency_words=pairs(choices.currency_word, "--currency-word"),
        amounts_in=choices.amounts_in,
        control_total=None if choices.control_total is None else plain_digits(choices.control_total),
        difference_explained=choices.explain_difference,
        ledger_rules=ledger_rules(choices.rules or ()),
        other_lines=choices.other_lines,
        rejects_allowed_rate=REJECTS_ALLOWED[choices.on_reject],
    )


def _agreed(
    workspace: Workspace, path: Path, request: IntakeRequest, choices: Namespace, text: Text
) -> IntakeRequest | Sequence[IntakeReport] | None:
    """Show a person what was recognised and ask; None when they decline. Without a terminal, or with --yes, go on.

    A file that would be refused has been told about with that: its reports are returned and it is not read again.
    """
    if choices.yes or choices.json or not on_terminal():
        return request
    found = inspect_file(path, path.name, request, workspace=workspace)
    print(
        "\n".join(
            inert_line(line) for report in found for line in report_lines(report, text, ways_on(report), before=True)
        ),
        file=sys.stderr,
    )
    if any(report.message == "upload.too_many_rejects" for report in found):
        return replace(request, rejects_allowed_rate=1.0) if _says_yes(text("cli.ask_rejects")) else None
    if are_asked(found):
        said = ask_which(found, request, text)
        return said and (said if _says_yes(text("cli.ask_load")) else None)
    if all(report.outcome is LoadOutcome.REFUSED for report in found):
        return found
    return request if _says_yes(text("cli.ask_load")) else None


def _asked(choices: Namespace, workspace: Workspace, version: Version | None, text: Text) -> bool:
    """Ask a person once whether CX spend is in support cost too; return whether that is still open."""
    if version is None or not is_open(version, spend_in_support_of(version)):
        return False
    if choices.yes or choices.json or not on_terminal():
        return True
    while True:
        print(f"{text('cli.in_support.ask')} ", end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline()
        if not typed:
            return True
        try:
            said = said_in_support(typed.strip().replace("?", "unknown") or "unknown")
        except CxroiError as error:
            print(text.error(error), file=sys.stderr)
            continue
        say_in_support(workspace, said, who=at_the_terminal())
        return False


def _says_yes(question: str) -> bool:
    print(f"{question} ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "ن", "نعم"}


@contextmanager
def _progress(paths: Sequence[Path]) -> Iterator[Callable[[float], None] | None]:
    """Show the bytes read, the rate and the time left where a person looks on; nothing elsewhere, and nothing afterwards.

    The load tells which share of the work is done. Until it can, only the time that has passed is shown.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    size = sum(path.stat().st_size for path in paths if path.is_file())
    with tqdm(
        desc=", ".join(path.name for path in paths)[:60],
        total=size,
        unit="B",
        unit_scale=True,
        unit_divisor=1024,
        leave=False,
    ) as bar:

        def far(share: float) -> None:
            bar.update(max(0, round(min(share, 1.0) * size) - bar.n))

        yield far


def _told(
    choices: Namespace,
    reports: Sequence[tuple[IntakeReport, str | None]],
    current: str | None,
    asks: list[str],
    text: Text,
) -> int:
    facts: dict[str, Any] = {
        "files": [report_json(report, version, text) for report, version in reports],
        "version": current,
        "open_questions": asks,
    }
    lines = [line for report, _ in reports for line in (*report_lines(report, text, ways_on(report)), "")]
    if facts["files"]:
        answer(choices, facts, [*lines, *(text(_OPEN[one]) for one in asks)] if asks else lines[:-1])
    refused = [r for r, _ in reports if r.outcome is LoadOutcome.REFUSED and r.message != "upload.sheet_sums_up"]
    if choices.json or not _one_screen():
        for line in dict.fromkeys(f"{report.file}: {message(report, text)}" for report in refused):
            print(inert_line(line), file=sys.stderr)
    return 1 if refused else 0


def _one_screen() -> bool:
    """Return whether what goes to standard error is read below what goes to standard output."""
    return sys.stdout.isatty() and sys.stderr.isatty()
