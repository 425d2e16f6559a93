"""Commands that hand out a scenario: the report in any format, and its five sentences."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.scenario_file import scenario_changes
from cxroi.text import Text
from cxroi.text.sample_names import sample_names

if TYPE_CHECKING:
    from cxroi.export.report import Report


def report(choices: Namespace, text: Text) -> int:
    """Write the report of a scenario."""
    from cxroi.export.report import FORMATS

    made, facts = _made(choices)
    files = FORMATS[choices.format].write(made)
    written = _written(files, Path(choices.out))
    answer(
        choices,
        {**facts, "format": choices.format, "files": [str(path) for path in written]},
        [text("share.written", count=len(written), files=text.listed(map(str, written))), made.story.provenance.line],
    )
    return 0


def summary(choices: Namespace, text: Text) -> int:
    """Say a scenario in five sentences."""
    made, facts = _made(choices)
    told = made.summary
    names = ("verdict", "money", "certainty", "risk", "next_step")
    answer(
        choices,
        {**facts, "sentences": dict(zip(names, told.sentences, strict=True))},
        [*told.sentences, "", told.provenance.line],
    )
    return 0


def _made(choices: Namespace) -> tuple[Report, dict[str, object]]:
    """Return what the scenario of the choices says, and what an answer in JSON says of where it comes from."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.export.report import report_of
        from cxroi.questions import case_of, default_scenario
        from cxroi.questions.story import ask_story

        scenario = changes.applied_to(default_scenario(data))
        facts = ask_story(data, case_of(data, scenario), case_of(data, scenario.without_plan))
        known = version_facts(data)
    names = sample_names(choices.language) if facts.case.illustrative else None
    name = Path(choices.scenario).stem if choices.scenario else ""
    made = report_of(facts, Text(choices.language, names=names), made=datetime.now(UTC), name=name)
    return made, {**known, "scenario": {"name": made.story.provenance.name, "id": made.story.provenance.id}}


def _written(files: Mapping[str, bytes], out: Path) -> list[Path]:
    """Write one file as `out`; several into it, which is then a folder, or an archive where it ends so."""
    from cxroi.export.report import packed

    if len(files) == 1 or out.suffix.lower() == ".zip":
        out.write_bytes(next(iter(files.values())) if out.suffix.lower() != ".zip" else packed(files))
        return [out]
    out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]
