"""A table of managers' estimates: recognised, its metric settled or asked about, and what is no score put aside."""

from pathlib import Path

import pytest

from cxroi.intake.columns.recognise import recognise
from tests.intake.loading import load


@pytest.mark.parametrize(
    ("headings", "table"),
    [
        (["Touchpoint", "Metric", "Estimate"], "estimates"),
        (["Touchpoint", "Estimated NPS", "Manager", "Date"], "estimates"),
        (["نقطة التواصل", "المقياس", "تقدير المديرين"], "estimates"),
        (["Touchpoint", "Score", "Date"], "surveys"),
        (["Month", "Department", "Headcount", "Leavers"], "staff"),
        (["الشهر", "عدد الموظفين", "الاستقالات", "تكلفة الاستبدال"], "staff"),
        (["Month", "Department", "Amount"], "costs"),
    ],
)
def test_estimates_and_staff_are_told_from_surveys_and_ledgers_by_their_headings(headings, table):
    assert recognise(headings, [])[0].table == table


def test_an_estimate_beyond_its_ends_or_without_a_metric_is_put_aside_with_its_reason(tmp_path: Path):
    rows = ["App,nps,-35,Sara", "App,csat,72%,Omar", "Visit,رضا,101,", "Visit,,50,", "Visit,ces,-1,", "Visit,nps,101,"]
    loaded = load(tmp_path, "\n".join(["touchpoint,metric,estimate,manager", *rows]) + "\n", rejects_allowed_rate=1)
    assert loaded.rows("touchpoint, metric, estimate, who") == [
        ("App", "csat", 72.0, "Omar"),
        ("App", "nps", -35.0, "Sara"),
    ]
    assert loaded.reasons == [(4, "outside_scale"), (5, "missing"), (6, "outside_scale"), (7, "outside_scale")]


def test_the_metric_is_read_from_the_heading_said_by_a_person_or_asked_for(tmp_path: Path):
    for name in "abc":
        (tmp_path / name).mkdir()
    content = "touchpoint,{}\nApp,40\nVisit,-20\n"
    assert load(tmp_path / "a", content.format("estimated NPS")).rows("metric, estimate") == [
        ("nps", -20.0),
        ("nps", 40.0),
    ]
    assert "metric_unclear" in load(tmp_path / "b", content.format("estimate"), table="estimates").findings
    said = load(tmp_path / "c", content.format("estimate"), table="estimates", metric="csat")
    assert said.rows("metric, estimate") == [("csat", 40.0)] and said.reasons == [(3, "outside_scale")]


def test_means_of_answers_are_told_from_percents(tmp_path: Path):
    for name in "ab":
        (tmp_path / name).mkdir()
    small = load(tmp_path / "a", "touchpoint,metric,estimate\nApp,csat,4.2\nVisit,nps,9\n")
    assert "estimates_small" in small.findings
    large = load(tmp_path / "b", "touchpoint,metric,estimate\nApp,csat,42\nVisit,nps,9\n")
    assert "estimates_small" not in large.findings


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("3", "3"),
        ("Level 2", "2"),
        ("4.0", "4"),
        ("المستوى ٥", "5"),
        ("Proactive", "4"),
        ("التزام", "3"),
        ("Communication", "1"),
        ("12", None),
        ("", None),
    ],
)
def test_a_level_of_the_pyramid_is_read_from_its_number_or_its_name(tmp_path: Path, word: str, level: str | None):
    loaded = load(tmp_path, f"name,start date,gartner level\nApp,2025-01-01,{word}\nVisit,2025-01-01,1\n")
    assert loaded.rows("cx_level", "name") == [(level,), ("1",)]
