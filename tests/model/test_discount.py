"""A discount rate of more than 100 % a year is a slip of the keyboard, and is refused wherever a yearly rate comes in."""

import json

import numpy as np
import pandas as pd
import pytest

from cxroi.actions.scenario_file import read_scenario_file
from cxroi.cli import main
from cxroi.errors import CxroiError, ScenarioError
from cxroi.model.company.baseline import Baseline
from cxroi.model.customers.clv import ValuedGroup, clv_of_mix, constant_survival
from cxroi.model.customers.contract_clv import value_of_contracts
from cxroi.model.customers.order_clv import value_of_orders
from cxroi.model.discount import discount_factors, discount_rate
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import read_link, write_link
from cxroi.model.value.projection import tail_months
from cxroi.text import LANGUAGES, Text
from tests.model.customers.test_contract_clv import baseline, segment

COMPANY: Baseline = baseline(segment("a"))
GROUP = ValuedGroup(share=1.0, margin=9.0, support=1.0, survival=constant_survival(0.1, 12))
NOTHING = pd.DataFrame()
DOORS = {
    "scenario": lambda rate: Scenario(annual_discount_rate=rate),
    "factors": lambda rate: discount_factors(rate, 12),
    "after the horizon": lambda rate: tail_months(np.array([0.1]), rate, 36, 12),
    "contracts": lambda rate: value_of_contracts(COMPANY, annual_discount_rate=rate),
    "orders": lambda rate: value_of_orders(NOTHING, NOTHING, margin_rate=1.0, annual_discount_rate=rate),
    "customers": lambda rate: clv_of_mix([GROUP], annual_discount_rate=rate),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("rate", [12.0, 1.0001, -0.02, float("nan"), float("inf")])
def test_every_door_refuses_a_yearly_rate_that_cannot_be_meant_with_the_same_sentence(door, rate):
    with pytest.raises(CxroiError) as refused:
        DOORS[door](rate)
    assert refused.value.id == "scenario.annual_rate"
    assert refused.value.facts["name"] == "annual_discount_rate"


def test_the_sentence_says_what_was_given_and_how_to_write_what_was_meant():
    with pytest.raises(ScenarioError) as refused:
        discount_rate(12.0)
    for language in LANGUAGES:
        said = Text(language).error(refused.value)
        assert "1,200" in said and "0.12" in said


def test_none_and_all_of_it_are_allowed():
    assert [discount_rate(rate) for rate in (0, 0.1, 1.0)] == [0.0, 0.1, 1.0]
    assert discount_factors(0.0, 3).tolist() == [1, 1, 1] and discount_factors(1.0, 12)[-1] == pytest.approx(0.5)


@pytest.mark.parametrize("typed", ["12", "١٢"])
def test_the_terminal_refuses_it_in_every_command_that_takes_one(tmp_path, capsys, typed):
    rows = [f"{y}-{m:02d},500,10,9000,400" for y in (2024, 2025) for m in range(1, 13)]
    file = tmp_path / "m.csv"
    file.write_text("\n".join(["month,customers_at_start,customers_lost,revenue,cx_spend", *rows]), encoding="utf-8")
    folder = str(tmp_path / "w")
    assert main(["import", str(file), "--workspace", folder]) == 0
    plan = tmp_path / "plan.toml"
    plan.write_text("annual_discount_rate = 12\n", encoding="utf-8")
    for line in (
        ["value", "--annual-discount-rate", typed],
        *([command, "--set", f"annual_discount_rate={typed}"] for command in ("evaluate", "tei", "sensitivity", "allocate")),
        ["evaluate", "--scenario", str(plan)],
    ):  # fmt: skip
        capsys.readouterr()
        assert main([*line, "--json", "--workspace", folder]) == 1, line
        assert json.loads(capsys.readouterr().out)["error"]["id"] == "scenario.annual_rate", line


def test_a_link_with_such_a_rate_shows_the_usual_one_and_says_so():
    link = read_link(write_link(Scenario(horizon_months=24)).replace("dr_0.1~", "dr_12~"))
    assert link.scenario == Scenario(horizon_months=24)
    assert link.problem.id == "link.annual_rate"
    for language in LANGUAGES:
        assert "1,200" in Text(language).error(link.problem)


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("annual_discount_rate", "٠٫١٢", 0.12), ("one_off_cost", "١٢٬٠٠٠٫٥", 12000.5), ("horizon_months", "٢٤", 24),
        ("retention_uplift_pp", "−٢٫٥", -2.5),
    ],
)  # fmt: skip
def test_numbers_typed_in_arabic_digits_are_read(tmp_path, name, given, value):
    file = tmp_path / "plan.json"
    file.write_text(json.dumps({name: given}), encoding="utf-8")
    assert read_scenario_file(file) == {name: value}
