"""Churn that falls as customers stay: the projection follows it where joining dates show it, and only there."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxroi.model.company.baseline import measure_baseline
from cxroi.model.company.panel import Panel
from cxroi.model.customers.retention import SbgFit
from cxroi.model.customers.tenure import Ageing, TenureMix, age, hazard_paths, tenure_mixes
from cxroi.model.discount import discount_factors
from cxroi.model.value.customer_months import customers_by_month, sums_of
from cxroi.model.value.future import Path, draw_future, kept_through_a_year
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.text import LANGUAGES, Text
from cxroi.view.data_notes import data_notes

ALPHA, BETA = 0.8, 9.0  # a customer in twelve leaves in the first month, one in eighty in the sixth year
MONTHS, SEEN, AHEAD = 72, 36, 36


class Company:
    """Customers who each leave with a probability of their own; most of them joined in the last year and a half."""

    def __init__(self, alpha=ALPHA, beta=BETA, seed=1):
        rng = np.random.default_rng(seed)
        joins = np.where(np.arange(MONTHS) < MONTHS - 18, 600, 2400)
        self.joined = np.repeat(np.arange(MONTHS), joins)  # at the end of that month
        self.stays = rng.geometric(rng.beta(alpha, beta, self.joined.size))  # leaves in this month after joining
        self.left = self.joined + self.stays
        last = MONTHS - 1
        gone = self.left <= last
        self.tenures = (
            pd.DataFrame(
                {
                    "segment": None,
                    "cohort": self.joined,
                    "age_months": last - self.joined,
                    "tenure_months": np.where(gone, self.stays - 1, last - self.joined),
                    "has_left": gone,
                    "customers": 1,
                }
            )
            .groupby(["cohort", "age_months", "tenure_months", "has_left"], as_index=False)
            .agg(segment=("segment", "first"), customers=("customers", "sum"))
        )
        self.joins = int(joins[-12:].mean())

    @property
    def panel(self):
        month = np.arange(MONTHS - SEEN, MONTHS)
        start = ((self.joined[:, None] < month) & (self.left[:, None] >= month)).sum(axis=0)[None].astype(float)
        spend = 1 + 0.3 * np.sin(np.arange(SEEN) / 3)
        return Panel(
            months=np.datetime64("2023-01", "M") + np.arange(SEEN),
            segments=("all",),
            customers_at_start=start,
            customers_joined=(self.joined[:, None] == month).sum(axis=0)[None].astype(float),
            customers_lost=(self.left[:, None] == month).sum(axis=0)[None].astype(float),
            revenue=start * 60,
            contribution_margin=start * 40,
            support_contacts=start * 0.3,
            support_cost=start * 4,
            cx_spend=start * 2 * spend,
            complete_months=np.ones(SEEN, bool),
            currency="SAR",
            source="customers",
        )

    def customers_ahead(self):
        """Return how many of today's customers and of those who go on joining are there at each month end to come."""
        rng = np.random.default_rng(2)
        coming = np.repeat(np.arange(MONTHS, MONTHS + AHEAD), self.joins)
        left = np.append(self.left, coming + rng.geometric(rng.beta(ALPHA, BETA, coming.size)))
        joined = np.append(self.joined, coming)
        month = np.arange(MONTHS, MONTHS + AHEAD)
        return ((joined[:, None] <= month) & (left[:, None] > month)).sum(axis=0)


@pytest.fixture(scope="module")
def company():
    return Company()


@pytest.fixture(scope="module")
def evidence(company):
    return evidence_from_panel(company.panel, data_version="v1", tenures=company.tenures)


def projected(evidence, company, mixes):
    """Return the 5th, 50th and 95th percentile of customers at each month end under today's spend."""
    baseline = measure_baseline(company.panel)
    future = draw_future(evidence.posterior, baseline, mixes=mixes)
    people = (np.array([baseline.whole.customers]), np.array([baseline.whole.joins_per_month]))
    ahead = customers_by_month(future, future.path(100.0, AHEAD), *people)[:, 0]
    return np.quantile(ahead, [0.05, 0.5, 0.95], axis=1)


def test_customers_to_come_lie_in_the_interval_and_a_constant_churn_misses_them(evidence):
    years, found = [11, 23, 35], 0
    for seed in range(1, 7):
        company = Company(seed=seed)
        truth = company.customers_ahead()
        low, middle, high = projected(evidence, company, tenure_mixes(company.tenures, ["all"], 12))
        found += ((low <= truth) & (truth <= high))[years].sum()
        constant = projected(evidence, company, ())[1]
        assert (np.abs(middle / truth - 1) < 0.03)[years].all() and (constant / truth < 0.98)[years].all()
        assert constant[35] / truth[35] < 0.9
    assert found >= 15  # of 18, at 90 %


def test_a_company_whose_customers_all_leave_alike_keeps_its_constant_churn():
    alike = Company(alpha=800.0, beta=24_000.0)
    asked = evidence_from_panel(alike.panel, data_version="v1", tenures=alike.tenures)
    never_asked = evidence_from_panel(alike.panel, data_version="v1")
    assert asked.future.ageing is None
    assert [note.id for note in asked.notes] == ["retention.hazard.constant"] and not never_asked.notes
    assert build_business_case(asked, default_scenario(asked)).outcome == (
        build_business_case(never_asked, default_scenario(never_asked)).outcome
    )


def test_the_projection_says_in_words_what_it_follows(evidence):
    case = build_business_case(evidence, default_scenario(evidence))
    for language in LANGUAGES:
        (note,) = data_notes(case, Text(language))
        assert note.id == "retention.note.tenure" and "%" in note.sentence


def test_the_scenario_works_through_whole_on_a_churn_that_falls(evidence):
    plan = replace(default_scenario(evidence), investment_level_percent=150.0, residual_value_months=12)
    free = build_business_case(evidence, plan)
    typed = build_business_case(evidence, replace(plan, retention_uplift_pp=2.0))
    assert typed.outcome.plan_uplift_pp.mid == pytest.approx(2.0)
    for case in (free, typed):
        steps = [step for step in case.waterfall if not step.is_total]
        assert sum(step.amount for step in steps) == pytest.approx(case.outcome.npv.mid)
        assert case.outcome.break_even_uplift_pp is not None


def test_a_churn_that_stays_at_its_first_month_is_a_constant_churn(evidence):
    now = replace(evidence.future, ageing=None)
    ones = np.ones((60, *now.churn.T.shape))
    flat = replace(now, ageing=Ageing(stock=ones, joined=ones))
    path, discount = now.path(140.0, 48), discount_factors(0.1, 48)
    one, other = (sums_of(each, path, 140.0, discount) for each in (now, flat))
    for name in ("stay", "inflow", "end_stay", "end_inflow"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), rtol=1e-12)
    people = (np.array([100.0]), np.array([7.0]))
    np.testing.assert_allclose(
        customers_by_month(now, path, *people), customers_by_month(flat, path, *people), rtol=1e-12
    )
    np.testing.assert_allclose(kept_through_a_year(now, 0.2), kept_through_a_year(flat, 0.2), rtol=1e-12)


MIX = TenureMix(
    sbg=SbgFit(alpha=ALPHA, beta=BETA, log_likelihood=0.0, customers=1.0, periods=60),
    tenure=np.array([0.0, 7.0, 50.0]),
    share=np.array([0.5, 0.3, 0.2]),
)


def by_age(months, cut):
    """Return customers at month ends, of 1,000 today and 30 joining a month, each tenure's churn cut alike: no pooling."""
    groups = [[tenure, 1000 * share] for tenure, share in zip(MIX.tenure, MIX.share, strict=True)]
    out = []
    for month in range(months):
        groups = [[t + 1, n * (1 - ALPHA / (ALPHA + BETA + t) * np.exp(-cut[month]))] for t, n in groups] + [
            [0.0, 30.0]
        ]
        out.append(sum(n for _, n in groups))
    return np.array(out)


def test_without_a_plan_the_churn_by_month_is_that_of_every_tenure_counted_on_its_own(evidence):
    churn, ageing = age(np.full((4, 1), 0.5), (MIX,))
    future = replace(evidence.future.thinned(4), churn=churn, ageing=ageing, strength=np.zeros((4, 1)))
    people = customers_by_month(future, Path(np.zeros((60, len(churn)))), np.array([1000.0]), np.array([30.0]))
    np.testing.assert_allclose(people[:, 0, 0], by_age(60, np.zeros(60)), rtol=1e-12)


def test_a_plan_keeps_as_many_customers_as_when_every_tenure_is_counted_on_its_own(evidence):
    cut = 0.3 * (1 - 0.6 ** np.arange(1, 37))
    churn, ageing = age(np.full((4, 1), 0.5), (MIX,))
    future = replace(evidence.future.thinned(4), churn=churn, ageing=ageing, strength=np.ones((4, 1)))
    people = (np.array([1000.0]), np.array([30.0]))
    plan, today = (
        customers_by_month(future, Path(np.tile(path[:, None], (1, 4))), *people)[:, 0, 0] for path in (cut, 0 * cut)
    )
    kept = by_age(36, cut) - by_age(36, 0 * cut)
    np.testing.assert_allclose(plan - today, kept, rtol=0.06)


def test_the_churn_of_those_who_stay_never_rises():
    stock, joined = hazard_paths(MIX, 120, draws=1)
    assert (np.diff(stock[:, 0]) < 0).all() and (np.diff(joined[:, 0]) <= 1e-15).all()
    assert joined[0, 0] == pytest.approx(ALPHA / (ALPHA + BETA))
