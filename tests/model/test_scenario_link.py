"""A scenario survives the address, and a bad address gives the nearest valid scenario with a sentence."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.errors import ScenarioError
from cxroi.model.scenario import Scenario
from cxroi.model.scenario_link import IDS, read_link, write_link
from cxroi.text import LANGUAGES, Text

FULL = Scenario(
    investment_level_percent=135.0,
    retention_uplift_pp=2.25,
    support_cost_change_percent=-7.5,
    horizon_months=48,
    annual_discount_rate=0.125,
    contribution_margin_rate=0.4,
    one_off_cost=250_000.0,
    new_customers_per_month=120.0,
    currency="SAR",
)


def scenarios():
    """Return scenarios from slider-like values; those that the model refuses are left out."""
    optional = {
        "investment_level_percent": (0, 300),
        "retention_uplift_pp": (0, 10),
        "contribution_margin_rate": (0, 1),
    }
    choices = {name: st.none() | st.floats(low, high) for name, (low, high) in optional.items()}
    choices["horizon_months"] = st.integers(12, 60)
    choices["annual_discount_rate"] = st.floats(0, 0.3)
    choices["support_cost_change_percent"] = st.floats(-50, 50)
    choices["one_off_cost"] = st.floats(0, 1e9)
    choices["currency"] = st.sampled_from(["", "SAR", "USD"])

    def made(values):
        try:
            return Scenario(**values)
        except ScenarioError:
            return None

    return st.fixed_dictionaries(choices).map(made).filter(lambda scenario: scenario is not None)


def test_every_assumption_has_an_id_of_its_own():
    assert sorted(IDS.values()) == sorted(field.name for field in fields(Scenario))


def test_a_scenario_comes_back_as_it_was():
    assert read_link(write_link(FULL)).scenario == FULL
    assert read_link(write_link(FULL)).problem is None


@given(scenarios())
def test_any_valid_scenario_comes_back_as_it_was(scenario):
    link = read_link(write_link(scenario))
    assert link.problem is None
    assert link.scenario == scenario


@given(scenarios())
def test_a_link_holds_only_characters_that_an_address_keeps(scenario):
    assert set(write_link(scenario)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


def test_two_scenarios_that_differ_have_different_links():
    assert write_link(FULL) != write_link(replace(FULL, annual_discount_rate=0.1250001))


@given(st.text(max_size=300))
def test_no_text_whatever_breaks_the_reader(text):
    assert isinstance(read_link(text).scenario, Scenario)


@given(st.data())
def test_a_link_with_one_character_changed_still_gives_a_valid_scenario(data):
    whole = write_link(FULL)
    place = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:place] + data.draw(st.characters()) + whole[place + 1 :]
    assert isinstance(read_link(changed).scenario, Scenario)


@given(st.integers(1, len(write_link(FULL)) - 1))
def test_a_link_cut_short_is_noticed(length):
    assert read_link(write_link(FULL)[:length]).problem is not None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "link.unreadable"),
        ("hello", "link.unreadable"),
        ("gASVFQAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOULg==", "link.unreadable"),
        ("1.il_120", "link.damaged"),
        ("1." + "il_1~" * 5_000, "link.unreadable"),
        (write_link(FULL).replace("il_135", "il_nan"), "link.damaged"),
        (write_link(FULL).replace("il_135", "il_1e999"), "link.damaged"),
        (write_link(FULL).replace("il_135", "il_١٣٥"), "link.damaged"),
        (write_link(FULL).replace("hm_48", "hm_48.5"), "link.damaged"),
        (write_link(FULL).replace("cu_SAR", "cu_<b>"), "link.damaged"),
        (write_link(FULL).replace("2.il", "9.il"), "link.newer"),
        (write_link(FULL).replace("~end", "~zz_3~end"), "link.damaged"),
    ],
)
def test_a_bad_link_is_answered_by_a_sentence(text, problem):
    link = read_link(text)
    assert link.problem.id == problem
    for language in LANGUAGES:
        assert Text(language).error(link.problem)


def test_a_link_from_before_an_assumption_was_added_still_opens():
    sent = "1.il_135~ru_2.25~sc_-7.5~hm_48~dr_0.125~hn_0~cm_0.4~oc_250000~su_0~rs_0~sa_0~nc_120~br_0~cr_0~mr_0.02~cu_SAR~end"
    assert read_link(sent).scenario == FULL
    assert read_link(sent).problem is None
    assert read_link(sent.replace("~cu_SAR", "")).problem.id == "link.damaged"


def test_a_newer_link_keeps_what_can_be_read():
    newer = write_link(FULL).replace("2.il", "9.il").replace("~end", "~zz_3~end")
    assert read_link(newer).scenario == FULL


def test_a_damaged_value_falls_back_to_the_evidence_and_the_rest_stays():
    link = read_link(write_link(FULL).replace("il_135", "il_many"))
    assert link.scenario == replace(FULL, investment_level_percent=None)


def test_a_value_beyond_its_range_is_brought_to_the_nearest_possible_one():
    link = read_link(write_link(FULL).replace("il_135", "il_450"))
    assert link.problem.id == "link.out_of_range"
    assert link.scenario == replace(FULL, investment_level_percent=300.0)


def test_zero_in_an_old_link_meant_nothing_was_typed_and_in_a_new_one_means_none():
    old = "1.il_135~ru_~sc_0~hm_36~dr_0.1~hn_0~cm_~oc_0~su_0~rs_0~sa_0~nc_~br_0~cr_0~mr_0.02~cu_SAR~rv_0~end"
    plain = Scenario(investment_level_percent=135.0, currency="SAR")
    assert read_link(old).scenario == plain and read_link(old).problem is None
    none = replace(plain, support_cost_change_percent=0.0, residual_value_months=0)
    assert read_link(write_link(none)).scenario == none != plain
