"""A kept scenario comes back from its facts as it was, and what cannot be kept is refused by its sentence."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxroi.errors import ScenarioError
from cxroi.model.kept_scenario import (
    KeptFigures,
    KeptScenario,
    SlideChoice,
    SlideChoices,
    changed_assumptions,
    clean_name,
    figures_facts,
    free_name,
    read_figures,
    read_slides,
    slides_facts,
)
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import LANGUAGES, Text

NUMBER = st.floats(-1e12, 1e12)
INTERVAL = st.tuples(NUMBER, NUMBER, NUMBER).map(
    lambda ends: Interval(**dict(zip(("low", "mid", "high"), sorted(ends), strict=True)))
)
KINDS = {
    "str": st.text(max_size=20),
    "float": NUMBER,
    "int": st.integers(1, 120),
    "bool": st.booleans(),
    "Interval": INTERVAL,
    "Interval | None": INTERVAL | st.none(),
}
FIGURES = st.builds(KeptFigures, **{name: KINDS[str(kind)] for name, kind in KeptFigures.__annotations__.items()})
SLIDES = st.lists(st.sampled_from(["verdict", "why", "what_if", "risks"]), unique=True).flatmap(
    lambda ids: st.tuples(
        *(st.builds(SlideChoice, id=st.just(id), hidden=st.booleans(), caption=st.text(max_size=30)) for id in ids)
    )
)


@settings(max_examples=30, deadline=None)
@given(FIGURES, SLIDES)
def test_figures_and_slides_come_back_from_their_facts_to_the_last_digit(figures, slides):
    assert read_figures(json.loads(json.dumps(figures_facts(figures)))) == figures
    chosen = SlideChoices(slides=slides, language="ar", theme="dark")
    assert read_slides(json.loads(json.dumps(slides_facts(chosen)))) == chosen


@pytest.mark.parametrize(
    "wrong", [{"low": 1}, {"low": 3, "mid": 2, "high": 1}, {"low": 0, "mid": float("nan"), "high": 1}, 3]
)
def test_what_cannot_be_figures_is_refused(wrong):
    with pytest.raises(ScenarioError) as refused:
        read_figures({"npv": wrong})
    assert refused.value.id == "scenarios.file_part"


@pytest.mark.parametrize(
    "slides",
    [
        {"slides": [{"id": "verdict"}, {"id": "verdict"}]},
        {"slides": [{"id": "<script>"}]},
        {"slides": [{"id": "why", "caption": "x" * 301}]},
        {"slides": [{"id": "why", "hidden": "no"}]},
        {"slides": [{"id": f"s{n}"} for n in range(61)]},
        {"language": "fr"},
        {"theme": 3},
        [],
    ],
)
def test_slides_that_cannot_be_chosen_are_refused(slides):
    with pytest.raises(ScenarioError):
        read_slides(slides)


@pytest.mark.parametrize(
    ("words", "id"), [(" \n\u200b\u202e", "scenarios.name_empty"), ("x" * 81, "scenarios.name_long")]
)
def test_a_name_that_nobody_sees_or_that_is_too_long_is_refused_in_both_languages(words, id):
    with pytest.raises(ScenarioError) as refused:
        clean_name(words)
    assert refused.value.id == id and all(Text(language).error(refused.value) for language in LANGUAGES)


def test_a_currency_that_is_none_cannot_be_kept():
    with pytest.raises(ScenarioError):
        KeptScenario(name="x", scenario=Scenario(currency="~end"), data_version="")


def test_a_free_name_is_new_and_never_too_long():
    taken = ["x" * 80]
    assert free_name("x" * 80, taken) == "x" * 76 + " (2)" and free_name("New", taken) == "New"


def test_changed_assumptions_are_those_that_differ_and_none_where_nothing_does():
    base = Scenario(currency="SAR")
    assert changed_assumptions(base, base) == ()
    other = replace(base, horizon_months=48, first_quarters_percent=(110.0,))
    assert (
        changed_assumptions(base, other)
        == ("horizon_months", "first_quarters_percent")
        == changed_assumptions(other, base)
    )
