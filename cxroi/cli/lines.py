"""Commands about investment lines and initiatives: the verdict on each line, and what was realised of what was promised."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from cxroi.cli.decision import evidence_and_scenario
from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, workspace_of
from cxroi.errors import StoreError
from cxroi.text import Text
from cxroi.view.lines import LinesView, lines_view
from cxroi.view.lines_json import lines_json

if TYPE_CHECKING:
    from pathlib import Path

    from cxroi.business_case import Evidence
    from cxroi.business_case.lines import LineReport
    from cxroi.model.scenario import Scenario


def lines(choices: Namespace, text: Text) -> int:
    """Judge every line of spend."""
    from cxroi.business_case.lines import gather_lines, judge_lines

    evidence, scenario = evidence_and_scenario(choices)
    found = gather_lines(workspace_of(choices).folder, evidence, choices.by)
    report, currency = judge_lines(evidence, found, scenario), scenario.currency or evidence.panel.currency
    facts = {
        "data_version": evidence.data_version,
        "illustrative": evidence.illustrative,
        "currency": currency,
        **lines_json(report, currency, text, scenario.hurdle_net_return),
    }
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), *line_words(report, text)])
    return 0


def lines_of(folder: Path, evidence: Evidence, scenario: Scenario) -> LineReport | None:
    """Return the verdict on every line, None where the data name none."""
    from cxroi.business_case.lines import gather_lines, judge_lines

    try:
        return judge_lines(evidence, gather_lines(folder, evidence), scenario)
    except StoreError as error:
        if not error.id.startswith("store.lines."):
            raise
        return None


def line_words(report: LineReport, text: Text) -> list[str]:
    """Return the table of lines, the finding first and the reasons after it."""
    view: LinesView = lines_view(report, text)
    rows: list[list[Any]] = [[row.name, row.share_words, row.word, row.probability, row.next_unit] for row in view.rows]
    notes = [f"{names}: {note}" for note, names in view.notes]
    return [view.headline, "", *columns(view.headings, rows), "", *notes, *([""] if notes else []), view.caption]


def realised(choices: Namespace, text: Text) -> int:
    """Say what each initiative promised, and what it has brought."""
    from cxroi.business_case import gather
    from cxroi.business_case.promises import gather_promises
    from cxroi.view.promises import promise_json, promises_view

    workspace = workspace_of(choices)
    evidence = gather(workspace.folder, current_version(workspace).id)
    promises, currency = gather_promises(workspace.folder, evidence), evidence.panel.currency
    facts = {
        "data_version": evidence.data_version,
        "illustrative": evidence.illustrative,
        "currency": currency,
        "initiatives": [promise_json(one, currency, text) for one in promises],
    }
    view = promises_view(promises, currency, text)
    rows = [[r.name, r.word, r.promised, r.brought, r.value, r.spent, r.grade] for r in view.rows]
    notes = [f"{names}: {note}" for note, names in view.notes]
    table = [*columns(view.headings, rows), "", *notes, "", view.caption] if rows else []
    answer(choices, facts, [*illustrative_lines(evidence.illustrative, text), view.headline, "", *table])
    return 0
