"""The Overview says everything of a case once, in both languages."""

from dataclasses import replace

import pytest

from cxroi.model.decision.health import HealthCheck, Status
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.overview import overview
from cxroi.view.decide.what_if import headline
from tests.made_case import made_case

EN = Text("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_whole_overview(language):
    view = overview(made_case(), None, Text(language))
    assert len(view.figures) == 4
    assert [row.call for row in view.segments.rows] == [
        "under_invested",
        "over_invested",
        "about_right",
        "not_enough_evidence",
    ]


def test_programme_and_marginal_return_stand_side_by_side_with_the_reason_why_they_differ():
    view = overview(made_case(), None, EN)
    assert [fact.value for fact in view.figures[:2]] == ["140% to 360%", "31% to 194%"]
    assert "240% on average, the next riyal 112%" in view.roi_line


def test_an_extrapolated_programme_return_says_so():
    assert "never seen" in overview(made_case(), None, EN).figures[0].note


@pytest.mark.parametrize(("tail", "counts"), [(None, "over 36 months and beyond"), (0, "over 36 months")])
def test_net_present_value_is_told_with_how_long_it_counts_on_both_pages(tail, counts):
    case = made_case()
    case = replace(case, scenario=replace(case.scenario, residual_value_months=tail))
    assert overview(case, None, EN).figures[2].note.endswith(counts)
    assert f"{counts}, most likely" in headline(case, EN).note


def test_a_plan_that_never_pays_back_says_within_what_time():
    case = made_case()
    case = replace(case, outcome=replace(case.outcome, payback_months=None))
    assert overview(case, None, EN).figures[3].value == "not in cash within 36 months"


def test_a_company_without_segments_is_told_so_instead_of_an_empty_table():
    case = made_case()
    table = overview(replace(case, segments=case.segments[:1]), None, EN).segments
    assert not table.rows
    assert table.caption == EN("page.overview.segment.none")


def test_the_source_line_carries_version_months_and_n():
    source = overview(made_case(), None, EN).source
    for fact in ("illustrative", "version 7", "Jan 2023", "Dec 2025", "44,000", "528,000"):
        assert fact in source


def test_health_is_one_line_when_all_is_well():
    passed = HealthCheck(check="history", status=Status.PASS, measure=36.0, threshold=6.0)
    assert overview(replace(made_case(), health=(passed, passed)), None, EN).health.summary == "All 2 checks passed."
