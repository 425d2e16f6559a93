"""Commands about investment lines and initiatives: the verdict on each line, and what was realised of what was promised."""

from __future__ import annotations

from argparse import Namespace

from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.scenario_file import scenario_changes
from cxroi.export.json.lines import lines_json, standing_json
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.decide.line_standing import standing_words
from cxroi.view.decide.lines import line_words
from cxroi.view.table import columns


def lines(choices: Namespace, text: Text) -> int:
    """Judge every line of spend, and say what follows from that and from what it has brought."""
    changes = scenario_changes(choices)
    with opened(choices) as data:
        from cxroi.questions import default_scenario, evidence_of
        from cxroi.questions.line_standing import standings
        from cxroi.questions.lines import line_report_of
        from cxroi.questions.promises import gather_promises

        scenario = changes.applied_to(default_scenario(data))
        report = line_report_of(data, scenario, choices.by)
        promises = gather_promises(data, evidence_of(data))
        found = standings(report, promises, as_of=data.panel.last_day)
    currency = scenario.currency or data.panel.currency
    facts = {
        **version_facts(data),
        "currency": currency,
        **lines_json(report, currency, text, scenario.hurdle_net_return),
        "standings": [standing_json(one, text) for one in found],
    }
    words = [*line_words(report, text.counting(currency)), "", *standing_words(found, currency, text)]
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def realised(choices: Namespace, text: Text) -> int:
    """Say what each initiative promised, and what it has brought."""
    from cxroi.export.json.promises import programme_json, promise_json
    from cxroi.questions import evidence_of
    from cxroi.questions.promises import gather_programme
    from cxroi.view.prove.programme import programme_lines
    from cxroi.view.prove.promises import promises_view, tag_columns

    with opened(choices) as data:
        programme, currency = gather_programme(data, evidence_of(data)), data.panel.currency
    facts = {
        **version_facts(data),
        "currency": currency,
        "initiatives": [promise_json(one, currency, text) for one in programme.promises],
        "programme": programme_json(programme),
    }
    view = promises_view(programme.promises, currency, text)
    tags = tag_columns(programme.promises, text)
    rows = [
        [r.name, r.word, r.promised, r.brought, r.value, r.spent, r.grade, *(tag.words[place] for tag in tags)]
        for place, r in enumerate(view.rows)
    ]
    notes = [f"{names}: {note}" for names, note in view.notes]
    told = programme_lines(programme, currency, text)
    table = (
        [
            *columns([*view.headings, *(tag.heading for tag in tags)], rows),
            "",
            *notes,
            "",
            view.caption,
            *([""] if told else []),
            *told,
        ]
        if rows
        else []
    )
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), view.headline, "", *table])
    return 0
