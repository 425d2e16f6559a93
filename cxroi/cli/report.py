"""Commands that hand out a scenario: the report in any format, and its five sentences."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cxroi.cli.arguments import REPORT_FORMATS
from cxroi.cli.layout import answer, on_terminal, opened, version_facts
from cxroi.cli.scenario_file import kept_under, scenario_changes
from cxroi.text import Text
from cxroi.text.sample_names import sample_names

if TYPE_CHECKING:
    from cxroi.questions import BusinessCase, OpenVersion
    from cxroi.view.share.story import Provenance


PASSWORD = "CXROI_REPORT_PASSWORD"


def report(choices: Namespace, text: Text) -> int:
    """Write the report of a scenario."""
    format = _format(choices)
    password = _password(format, text) if choices.password else ""
    with _cases(choices) as (data, case, bare):
        from cxroi.export.report import report_of, written
        from cxroi.questions.story import ask_story

        facts = ask_story(data, case, bare)
    made = report_of(facts, _words(choices, case), **_named(choices))
    paths = _put(written(format, made, password), Path(choices.out))
    of = made.story.provenance
    told = [text("share.written", count=len(paths), files=text.listed(map(str, paths))), of.line]
    answer(choices, {**_of(data, of), "format": format, "files": [str(path) for path in paths]}, told)
    return 0


def _password(format: str, text: Text) -> str:
    """Return the password of a report: that of the environment, else what a person types twice, unseen. Never an argument, which others on
    the machine can read."""
    from cxroi.export.report import LOCKED, ReportError

    if format not in LOCKED:
        raise ReportError("share.password.format", format=format, formats=", ".join(LOCKED))
    password = os.environ.get(PASSWORD, "")
    if not password and on_terminal():
        password, again = (getpass(f"{text(f'share.password.{ask}')} ") for ask in ("ask", "again"))
        if password != again:
            raise ReportError("share.password.differ")
    if not password:
        raise ReportError("share.password.none", variable=PASSWORD)
    return password


def summary(choices: Namespace, text: Text) -> int:
    """Say a scenario in five sentences."""
    with _cases(choices) as (data, case, bare):
        from cxroi.questions import ask_where_to_spend, evidence_of
        from cxroi.view.share.board_summary import board_summary

        allocation = ask_where_to_spend(evidence_of(data), bare.asked)
    told = board_summary(case, bare, allocation, _words(choices, case), **_named(choices))
    names = ("verdict", "money", "certainty", "risk", "next_step")
    facts = {**_of(data, told.provenance), "sentences": dict(zip(names, told.sentences, strict=True))}
    answer(choices, facts, [*told.sentences, "", told.provenance.line])
    return 0


@contextmanager
def _cases(choices: Namespace) -> Iterator[tuple[OpenVersion, BusinessCase, BusinessCase]]:
    """Open the current version with the case of the choices' scenario, and that whose plan is the evidence's own."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import case_of, default_scenario

        scenario = changes.applied_to(default_scenario(data))
        yield data, case_of(data, scenario), case_of(data, scenario.without_plan)


def _words(choices: Namespace, case: BusinessCase) -> Text:
    """Return the words of the language asked for, in which the sample company's names are known."""
    return Text(choices.language, names=sample_names(choices.language) if case.illustrative else None)


def _named(choices: Namespace) -> dict[str, Any]:
    """Return when a file is made, and the name and id that its scenario was kept under, or the name of the file that it came from."""
    named, kept = {}, kept_under(choices)
    if kept is None and choices.scenario:
        named = {"name": Path(choices.scenario).stem}
    elif kept is not None and not choices.set:  # with a change it is another
        named = {"name": kept.kept.name, "id": kept.id}
    return {"made": datetime.now(UTC), **named}


def _format(choices: Namespace) -> str:
    """Return the format that is asked for, else the one that the file's name ends in, else the first."""
    ending = Path(choices.out).suffix.lower().removeprefix(".")
    return str(choices.format or (ending if ending in REPORT_FORMATS else REPORT_FORMATS[0]))


def _of(data: OpenVersion, of: Provenance) -> dict[str, Any]:
    return {**version_facts(data), "scenario": {"name": of.name, "id": of.id}}


def _put(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write one file as `out`; several into a folder of that name, or into one archive where it ends in .zip."""
    from cxroi.export.report import packed

    if len(files) == 1:
        files = {out.name: next(iter(files.values()))}
        out = out.parent
    elif out.suffix.lower() == ".zip":
        files, out = {out.name: packed(files)}, out.parent
    else:
        out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]
