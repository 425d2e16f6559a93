"""Commands about pilots: the one that would show whether spend keeps customers, and what a finished one has shown."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, opened, version_facts
from cxroi.export.json.pilots import groups_json, plan_json, result_json, uploaded_json, worth_json
from cxroi.model.pilots.pilot import PilotOutcome, measure_randomised
from cxroi.questions.pilots import PilotWish, plan_pilot, read_uploaded_pilots
from cxroi.text import Text
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.prove.pilot_page import design_view
from cxroi.view.prove.pilots import measure_words, uploaded_words

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.questions.pilot_groups import DrawnGroups

COUNTS = ("treated", "treated_stayed", "control", "control_stayed")


def pilot(choices: Namespace, text: Text) -> int:
    """Say where a pilot is worth most, plan one on today's customers, draw its groups, or measure one that is over."""
    tasks = {"design": _design, "where": _where, "assign": _assign, "measure": _measure}
    return tasks[choices.task](choices, text)


def _where(choices: Namespace, text: Text) -> int:
    from cxroi.questions.pilot_groups import ask_where_to_test
    from cxroi.view.prove.pilot_page import where_lines

    with opened(choices) as data:
        found, currency = ask_where_to_test(data), data.panel.currency
    facts = {**version_facts(data), "currency": currency, "tests": [worth_json(one) for one in found]}
    told = where_lines(found, currency, text)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *told])
    return 0


def _assign(choices: Namespace, text: Text) -> int:
    """Draw two groups by lot; with --out each is written as a list of its own."""
    from cxroi.questions.pilot_groups import GroupsWish, ask_groups
    from cxroi.view.prove.pilot_page import groups_lines

    if (choices.customers is None) is (choices.regions is None):
        wrong_use("missing", task=choices.task, options="--customers, --regions")
    wish = GroupsWish(
        per_group=choices.customers or choices.regions or 0,
        seed=choices.seed,
        segment=choices.segment,
        by_region=choices.regions is not None,
    )
    with opened(choices) as data:
        drawn, currency = ask_groups(data, wish), data.panel.currency
    files = [] if choices.out is None else _write_lists(drawn, Path(choices.out))
    facts = {**version_facts(data), **groups_json(drawn), "files": files}
    told = [*groups_lines(drawn, currency, text), *files]
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *told])
    return 0


def _write_lists(drawn: DrawnGroups, folder: Path) -> list[str]:
    from cxroi.export.pilot_lists import group_list, list_name

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for group in ("treated", "control"):
        path = folder / list_name(drawn, group)
        path.write_bytes(group_list(drawn, (group,)))
        paths.append(str(path))
    return paths


def _design(choices: Namespace, text: Text) -> int:
    outcome = PilotOutcome(choices.outcome)
    looked_for = "uplift" if outcome is PilotOutcome.CHURN else "change_percent"
    if getattr(choices, looked_for) is None:
        wrong_use("missing", task=choices.task, options=f"--{looked_for.replace('_', '-')}")
    wish = PilotWish(
        outcome=outcome,
        segment=choices.segment,
        uplift_pp=choices.uplift,
        change_percent=choices.change_percent,
        level_percent=choices.level_percent,
        fixed_cost=choices.fixed_cost,
        branches=choices.branches,
        size_variation=choices.branch_variation / 100,
        carryover_rate=choices.carryover_rate,
        power=choices.power,
    )
    with opened(choices) as data:
        plan = plan_pilot(data, wish)
    facts = plan_json(plan) | version_facts(data)
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *design_view(plan, text).lines])
    return 0


def _measure(choices: Namespace, text: Text) -> int:
    if all(getattr(choices, name) is None for name in COUNTS):
        return _measure_uploaded(choices, text)
    given = {name: getattr(choices, name) for name in COUNTS}
    if missing := [f"--{name.replace('_', '-')}" for name, count in given.items() if count is None]:
        wrong_use("missing", task=choices.task, options=", ".join(missing))
    result = measure_randomised(*given.values())
    answer(choices, result_json(result), measure_words(result, text))
    return 0


def _measure_uploaded(choices: Namespace, text: Text) -> int:
    """Measure the pilots in the table `pilots`, each with the comparison over time where the months before are known."""
    since = None if choices.since is None else _month(choices.since)
    with opened(choices) as data:
        found = read_uploaded_pilots(data, choices.segment, since)
    facts = {**version_facts(data), **uploaded_json(found, text)}
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *uploaded_words(found, text)])
    return 0


def _month(given: str) -> pd.Timestamp:
    """Return the first day of a month such as 2025-03."""
    import pandas as pd

    try:
        return pd.Timestamp(pd.Period(given, freq="M").start_time)
    except ValueError:
        wrong_use("month", given=given)
