"""Readers share what is kept of the data: one who finds it gone between two looks works it out again, and none is refused."""

from collections import OrderedDict
from dataclasses import replace

import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.judgement import judgement_of
from cxroi.questions.plan import plan_of
from cxroi.questions.sweep import slide_of, sweep
from cxroi.ui.decide.case import last_kept

COMPANY = Company(spend=1.0, customers=60_000, spend_variation=0.4, drift_spread=0.01, seed=3)


class Emptied(OrderedDict):
    """A store that another reader empties whenever somebody has looked whether something is in it."""

    def __contains__(self, key):
        found = super().__contains__(key)
        self.clear()
        return found


@pytest.fixture(scope="module")
def evidence():
    return evidence_from_panel(simulate(COMPANY).panel, data_version="v1", survive=False, draws=256)


def test_a_case_that_goes_while_it_is_looked_for_is_made_again(evidence):
    scenario, kept = default_scenario(evidence), Emptied()
    for _ in range(2):
        assert last_kept(kept, scenario, lambda: "made", most=4) == "made"


def test_judgements_and_stops_that_go_while_they_are_looked_for_are_made_again(evidence):
    scenario = default_scenario(evidence)
    for name in ("judgements", "sweeps"):
        object.__setattr__(evidence, name, Emptied())
    for _ in range(2):
        assert judgement_of(evidence, scenario).scenario == scenario.without_plan
        assert next(sweep(evidence, scenario, slide_of("support_cost_change_percent", 0.0), 3.0)).value == 3.0


def test_what_plans_share_may_go_while_it_is_looked_for(evidence):
    scenario = replace(default_scenario(evidence), investment_level_percent=123.0)
    plan = plan_of(evidence, scenario)
    head = plan.valuation.headcount
    before = build_business_case(evidence, scenario).outcome
    for name in ("shared", "_held", "_paths"):
        object.__setattr__(head, name, Emptied())
    for _ in range(2):
        assert build_business_case(evidence, scenario).outcome == before
