"""What a report costs once its case is known: the HTML file with its charts, against working the whole case out."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.speed.measure import Row, medians
from cxroi.export.report import FORMATS, report_of
from cxroi.questions import build_business_case, case_of, default_scenario, evidence_of, open_version
from cxroi.questions.story import ask_story
from cxroi.store.sample import load_sample
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text

RUNS = 7
MADE = datetime(2026, 1, 1, tzinfo=UTC)


def rows() -> list[Row]:
    """Return one line for each language on the sample company."""
    with tempfile.TemporaryDirectory() as folder:
        load_sample(Workspace.open(Path(folder)))
        with open_version(Path(folder)) as data:
            scenario = default_scenario(data)
            evidence, case = evidence_of(data), case_of(data, scenario)
            facts = ask_story(data, case, case)

    def worked_out() -> object:
        made = build_business_case(evidence, scenario)
        return made.health, made.curve, made.horizons, made.break_evens, made.channels, made.survival

    jobs = {
        language: lambda language=language: FORMATS["html"].write(report_of(facts, Text(language), made=MADE))
        for language in LANGUAGES
    }
    took = medians({"case": worked_out, **jobs}, RUNS)
    return [
        Row(
            job=f"the report as HTML, {language}, sample company",
            baseline="the business case with all that stands around it",
            seconds=took[language],
            baseline_seconds=took["case"],
            target=1.0,
            runs=RUNS,
        )
        for language in LANGUAGES
    ]
