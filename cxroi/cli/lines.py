"""Commands about investment lines and initiatives: the verdict on each line, and what was realised of what was promised."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from cxroi.cli.layout import answer, columns, illustrative_lines, opened, version_facts
from cxroi.cli.scenario_file import scenario_changes
from cxroi.errors import StoreError
from cxroi.text import Text
from cxroi.view.lines_json import lines_json

if TYPE_CHECKING:
    from cxroi.model.scenario import Scenario
    from cxroi.questions import OpenVersion
    from cxroi.questions.lines import LineReport
from cxroi.cli.line_words import line_words


def lines(choices: Namespace, text: Text) -> int:
    """Judge every line of spend."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import default_scenario
        from cxroi.questions.lines import line_report_of

        scenario = changes.applied_to(default_scenario(data))
        report = line_report_of(data, scenario, choices.by)
    currency = scenario.currency or data.panel.currency
    facts = {
        **version_facts(data),
        "currency": currency,
        **lines_json(report, currency, text, scenario.hurdle_net_return),
    }
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *line_words(report, text)])
    return 0


def lines_where_named(data: OpenVersion, scenario: Scenario) -> LineReport | None:
    """Return the verdict on every line, None where the data name none."""
    from cxroi.questions.lines import line_report_of

    try:
        return line_report_of(data, scenario)
    except StoreError as error:
        if not error.id.startswith("store.lines."):
            raise
        return None


def realised(choices: Namespace, text: Text) -> int:
    """Say what each initiative promised, and what it has brought."""
    from cxroi.questions import evidence_of
    from cxroi.questions.promises import gather_promises
    from cxroi.view.prove.promises import promise_json, promises_view

    with opened(choices) as data:
        promises, currency = gather_promises(data, evidence_of(data)), data.panel.currency
    facts = {
        **version_facts(data),
        "currency": currency,
        "initiatives": [promise_json(one, currency, text) for one in promises],
    }
    view = promises_view(promises, currency, text)
    rows = [[r.name, r.word, r.promised, r.brought, r.value, r.spent, r.grade] for r in view.rows]
    notes = [f"{names}: {note}" for note, names in view.notes]
    table = [*columns(view.headings, rows), "", *notes, "", view.caption] if rows else []
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), view.headline, "", *table])
    return 0
