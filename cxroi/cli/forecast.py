"""The commands that say what is coming anyway, and keep the targets that it is held against."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from cxroi.actions.person import at_the_terminal
from cxroi.actions.rates import read_month
from cxroi.actions.targets import MEASURES, TypedTarget, change_targets, read_targets, targets_in_file
from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import answer, opened, version_facts, workspace_of
from cxroi.errors import StoreError
from cxroi.export.json.forecast import outlook_json
from cxroi.questions.forecast import ask_currency, ask_outlook, held_against, targets_of
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.table import columns
from cxroi.view.understand.forecast import forecast_words, value_words

ALARM = 3  # the exit code of a forecast that found something to act on, where it was asked to say so


def forecast(choices: Namespace, text: Text) -> int:
    """Say what the next month, quarter and year bring without the plan, what stands out, and how targets stand."""
    with opened(choices) as data:
        found, currency = ask_outlook(data, choices.segment), ask_currency(data)
        held = held_against(found, targets_of(data, choices.segment))
    facts = {**version_facts(data), **outlook_json(held, choices.segment, currency, text)}
    words = forecast_words(held, currency, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return ALARM if choices.alert and held.alarms else 0


def targets(choices: Namespace, text: Text) -> int:
    """Keep the targets that were given, forget those that were taken back, then list all of the segment."""
    workspace, segment = workspace_of(choices), choices.segment or ""
    given, dropped = _given(choices), _dropped(choices)
    if given or dropped or choices.clear:
        known = [one for one in State.open(workspace.folder).targets() if one.segment == segment]
        gone = [
            (one.measure, one.month)
            for one in known
            if choices.clear or (one.measure in dropped and choices.month in (None, one.month))
        ]
        change_targets(workspace, segment, keep=given, drop=gone, who=at_the_terminal())
    kept = [one for one in State.open(workspace.folder).targets() if one.segment == segment]
    facts = [
        {"measure": one.measure, "month": one.month, "target": one.value, "saved_at": one.saved_at.isoformat()}
        for one in kept
    ]
    headings = [text("heading.measure"), text("forecast.targets.month"), text("forecast.targets.target")]
    rows = [[text(f"measure.{one.measure}"), one.month, value_words(one.measure, one.value, "", text)] for one in kept]
    lines = columns(headings, rows) if rows else [text("forecast.targets.none")]
    answer(choices, {"segment": segment or "all", "targets": facts}, lines)
    return 0


def _given(choices: Namespace) -> tuple[TypedTarget, ...]:
    """Return the targets of the line and of a file; one that cannot be meant is wrong use."""
    typed = pairs(choices.set, "--set")
    if typed and not read_month(choices.month or ""):
        wrong_use("target")
    rows = [{"measure": measure, "month": choices.month, "value": value} for measure, value in typed]
    try:
        in_line = read_targets(rows)
    except StoreError as error:
        if error.id in ("targets.wrong_measure", "targets.no_number"):
            wrong_use("target")
        raise
    return (*in_line, *(targets_in_file(Path(choices.file)) if choices.file else ()))


def _dropped(choices: Namespace) -> list[str]:
    if any(measure not in MEASURES for measure in choices.drop):
        wrong_use("target")
    return list(choices.drop)
