"""The comparison with NUTS tells one posterior from two."""

import numpy as np
import pytest

from benchmarks.nuts.cases import cases, panel_of
from benchmarks.nuts.compare import FAMILIES, Case, report, weighted_quantiles


def case(spoil=lambda draws: draws, evidence=(-10.0, -10.0, -10.0, -10.0)):
    """Return a company of which both samplers have one posterior, a normal, but for what `spoil` does to ours."""
    rng = np.random.default_rng(1)
    fits = {}
    for kind, shift in (("helps", 0.0), ("given", 0.0), ("harms", -5.0)):
        for name, log in zip(FAMILIES, evidence, strict=True):
            fits[f"{kind}-{name}"] = {
                "slope": rng.normal(0.3, 0.1, (2, 600)),
                "log_evidence": np.full(2, log + shift),
                "divergences": np.array(0),
                "r_hat": np.array(1.0),
                "effective": np.array(1200.0),
                "cpu_seconds": np.array(1.0),
                "made": np.array("2026-01-01"),
                "versions": np.array("none"),
                "seed": np.array(1),
            }
    fits["nothing"] = {"log_evidence": np.full(2, -9.0)}
    facts = {"name": np.array("made"), "prior_threshold_weight": np.array(0.4), "belief": np.array([0.75, 0.22, 0.03])}
    facts |= {
        "stated": np.array([0.902, 0.098, 0.0]),
        "effective": np.full(2, 8000.0),
        "effective_given": np.array(8e3),
    }
    for name in ("helps", "plain", "given"):
        facts[f"{name}_slope"] = spoil(rng.normal(0.3, 0.1, 8192))
        facts[f"{name}_family"] = rng.choice(4, 8192, p=[0.2, 0.2, 0.2, 0.4])
    return Case(facts, fits)


def test_one_posterior_has_no_share_that_differs():
    text = report([case()])
    assert "**" not in "".join(line for line in text.splitlines() if line.startswith("| made"))


def test_a_posterior_half_as_wide_differs_in_its_tails():
    text = report([case(lambda draws: 0.3 + (draws - 0.3) / 2)])
    row = next(line for line in text.splitlines() if line.startswith("| made | as shipped"))
    assert row.count("**") == 8 and float(row.split("|")[7]) == pytest.approx(50, abs=5)


def test_the_lump_is_weighed_by_prior_times_evidence():
    text = report([case()])
    nothing, helps = 0.75 * np.exp(1.0), 0.22
    expected = nothing / (nothing + helps + 0.03 * np.exp(-5.0))
    assert f"{expected:.3f} / 0.902" in text


def test_a_family_that_explains_the_months_better_counts_for_more():
    low, high = case(), case(evidence=(-10.0, -10.0, -10.0, -4.0))
    mass = [np.exp(one.families("helps")) / np.exp(one.families("helps")).sum() for one in (low, high)]
    assert mass[0] == pytest.approx([0.2, 0.2, 0.2, 0.4]) and mass[1][3] > 0.99


def test_weighted_draws_have_the_quantiles_of_draws_repeated_so_often():
    draws, times = np.array([3.0, 1.0, 2.0]), np.array([1, 2, 2])
    repeated = np.quantile(np.repeat(draws, times), (0.3, 0.5, 0.9), method="inverted_cdf")
    assert weighted_quantiles(draws, times.astype(float), (0.3, 0.5, 0.9)).tolist() == repeated.tolist()


def test_there_are_ten_companies_in_four_channels_and_their_money_moves_as_stated():
    made = cases()
    assert len(made) == 10 and {one.channel for one in made} == {"churn", "margin", "support", "joins"}
    helped = next(one for one in made if one.name == "margin, helps")
    panel = panel_of(helped)
    spend = np.log(panel.cx_spend / panel.customers_at_start)
    margin = np.log(panel.contribution_margin / panel.customers_at_start)
    spend, margin = (one - one.mean(axis=1, keepdims=True) for one in (spend, margin))
    assert (spend * margin).sum() / (spend**2).sum() == pytest.approx(helped.elasticity, abs=0.01)
