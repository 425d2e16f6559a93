"""What a report costs once its case is known: each format, against working the whole case out."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.speed.measure import Row, medians
from cxroi.export.report import FORMATS, report_of, written
from cxroi.questions import build_business_case, case_of, default_scenario, evidence_of, open_version
from cxroi.questions.story import ask_story
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text

RUNS = 5
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def rows() -> list[Row]:
    """Return one line for each format on the sample company."""
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        with open_version(Path(folder)) as data:
            scenario = default_scenario(data)
            evidence, case = evidence_of(data), case_of(data, scenario)
            facts = ask_story(data, case, case)

        def worked_out() -> object:
            made = build_business_case(evidence, scenario)
            return made.health, made.curve, made.horizons, made.break_evens, made.channels, made.survival

        jobs = {name: lambda name=name: written(name, report_of(facts, Text("en"), made=MADE)) for name in FORMATS}
        took = medians({"case": worked_out, **jobs}, RUNS)  # a workbook reads the data once more, when it is made
    return [
        Row(
            job=f"the report as {name}, sample company",
            baseline="the business case with all that stands around it",
            seconds=took[name],
            baseline_seconds=took["case"],
            target=1.0,
            runs=RUNS,
        )
        for name in FORMATS
    ]
