"""What is asked about staff and about managers' estimates: added up as pandas adds, narrowed by name, refused where there is nothing."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxroi.errors import StoreError
from cxroi.questions.data import open_version
from cxroi.questions.satisfaction import ask_estimates
from cxroi.questions.slice import Slice
from cxroi.questions.staff import ask_staff
from tests.made_customers import publish

MONTHS = [str(month) for month in pd.period_range("2023-07", "2025-06", freq="M")]


def made():
    """Return two years of answers at two touchpoints, and of two teams of which the one named like a touchpoint moves its score."""
    random = np.random.default_rng(1)
    left = random.integers(0, 8, len(MONTHS))
    surveys, staff = [], []
    for place, month in enumerate(MONTHS):
        unhappy = 3 + (left[place - 1] if place else 0)
        for n in range(24):
            for touchpoint, low in (("Visit", unhappy), ("App", 5)):
                score = "2" if n < low else "10"
                surveys.append(
                    {"answered_on": f"{month}-05", "metric": "nps", "score": score, "touchpoint": touchpoint}
                )
        staff += [
            {
                "month": f"{month}-01",
                "team": "visit",
                "headcount": "80",
                "leavers": str(left[place]),
                "replacement_cost": "1000",
            },
            {"month": f"{month}-01", "team": "Office", "headcount": "20", "leavers": "1", "engagement": "70"},
        ]
    staff[0]["leavers"] = "-1"  # no number of people
    return {"surveys": surveys, "staff": staff}


ESTIMATES = [
    {"touchpoint": "App", "metric": "nps", "estimate": "10", "who": "Sara", "month": "2025-01-01"},
    {"touchpoint": "app ", "metric": "nps", "estimate": "40", "who": "sara", "month": "2025-03-01"},
    {"touchpoint": "App", "metric": "nps", "estimate": "20", "who": "Omar", "month": "2025-02-01"},
    {"touchpoint": "App", "metric": "nps", "estimate": "90", "who": "Omar", "month": "2026-01-01"},
    {"touchpoint": "Visit", "metric": "nps", "estimate": "-30"},
    {"touchpoint": "Visit", "metric": "nps", "estimate": "-10"},
    {"touchpoint": "Visit", "metric": "csat", "estimate": "80"},
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    tables = made()
    with open_version(publish(tmp_path_factory.mktemp("staff") / "w", **tables, estimates=ESTIMATES)) as opened:
        yield opened, tables


def test_teams_are_added_up_and_one_named_like_what_is_looked_at_is_taken_alone(data):
    opened, tables = data
    whole = ask_staff(opened, Slice(), "nps")
    rows = pd.DataFrame(tables["staff"]).iloc[1:]  # without the team that names no number of people
    by_month = rows.astype({"leavers": float, "headcount": float}).groupby("month")[["leavers", "headcount"]].sum()
    assert whole.measures["turnover"] == pytest.approx(tuple(100 * by_month["leavers"] / by_month["headcount"]))
    assert list(whole.measures) == ["turnover", "engagement", "headcount"] and whole.team == ""
    assert whole.links["engagement"].refused == "flat" and [str(month)[:7] for month in whole.months] == MONTHS
    visit = ask_staff(opened, Slice(touchpoint="Visit", first=date(2025, 1, 1), last=date(2025, 3, 1)), "nps")
    assert visit.team == "visit" and len(visit.months) == 24, "a link is of every month, whatever months are looked at"
    assert (visit.links["turnover"].course, visit.links["turnover"].best.lag) == ("down", 1)
    assert ask_staff(opened, Slice(touchpoint="App"), "nps").team == ""


def test_replacing_those_who_left_costs_what_was_uploaded_for_one_over_the_newest_year(data):
    opened, tables = data
    found = ask_staff(opened, Slice(), "nps").replacement
    newest = pd.DataFrame(tables["staff"]).iloc[-24:]
    assert (found.months, found.each) == (12, 1000.0)
    assert found.leavers == newest["leavers"].astype(float).sum() and found.cost == 1000.0 * found.leavers


def test_of_each_who_estimated_the_newest_counts_until_the_end_of_what_is_looked_at(data):
    opened, _ = data
    found = ask_estimates(opened, Slice(first=date(2025, 1, 1), last=date(2025, 6, 1)), "nps")
    assert (found["app"].score, found["app"].low, found["app"].high, found["app"].count) == (0.3, 0.2, 0.4, 2)
    assert (found["visit"].score, found["visit"].count) == (-0.2, 2), "nobody named: all of the newest month"
    early = ask_estimates(opened, Slice(first=date(2025, 1, 1), last=date(2025, 1, 1)), "nps")
    assert (early["app"].score, early["app"].count) == (0.1, 1)
    assert ask_estimates(opened, Slice(), "nps")["app"].score == pytest.approx(0.65)
    assert set(ask_estimates(opened, Slice(), "csat")) == {"visit"}


def test_without_a_table_nothing_is_told(tmp_path):
    with open_version(publish(tmp_path / "w", surveys=made()["surveys"][:40])) as opened:
        assert ask_estimates(opened, Slice(), "nps") == {}
        with pytest.raises(StoreError):
            ask_staff(opened, Slice(), "nps")
