"""The regimes of the study: what is special about each company of one, in words and in the company drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from benchmarks.simulation.changes import (
    Change,
    as_drawn,
    books,
    both,
    budget,
    curved,
    delayed,
    few_months,
    flat_money,
    improving,
    knees,
    logarithm,
    logistic,
    one_curve,
    seasonal,
    stronger,
    tiny,
    uniform,
    world,
)
from benchmarks.simulation.company import Company, stream
from benchmarks.simulation.draw import draw_company

GROUPS = MappingProxyType(
    {
        "known": "Known identification: spend moves by itself, and what it does can be told from the months",
        "confounded": "Confounded: something else moves with the budget",
        "hard": "Hard truths: data and companies as they are",
        "others": "Others: outside the model, or next to no data",
    }
)


@dataclass(frozen=True)
class Regime:
    """A kind of company: the channels in which spend acts (see `draw_company`), and what is changed in one that was drawn."""

    name: str
    group: str
    meaning: str
    channels: str
    change: Change
    like: str = ""  # the regime whose companies these are, seed by seed, told in another way


def company_of(regime: str, seed: int) -> Company:
    """Return company `seed` of a regime."""
    one = REGIMES[regime]
    drawn = draw_company(one.channels, one.like or regime, seed=seed)
    return one.change(drawn, stream(seed, one.like or regime, "change"))


_CHASES = budget(follows_churn=uniform(0.5, 1.5))
_NOW = budget(share_of_revenue="now", variation=uniform(0.05, 0.25))
_LAST = budget(share_of_revenue="last", variation=uniform(0.05, 0.25))
_PRICE = world(price_step=uniform(0.08, 0.2, either_sign=True), price_in_all=lambda rng: bool(rng.integers(0, 2)))
_RISE = both(world(price_step=uniform(0.05, 0.15), price_in_all=True), budget(rise_with_price=uniform(0.15, 0.4)))
_HIDDEN = world(acquisition=uniform(0.3, 1.0))
_GIVEN = both(_HIDDEN, books(acquisition_given=True))
_TWICE = books(support_contains=uniform(0.2, 0.8))
_WAVES = both(budget(in_phase=uniform(0.15, 0.4)), world(yearly_wave=uniform(0.1, 0.3, either_sign=True)))
_SHOCK = both(world(shock=uniform(0.3, 0.7)), budget(cut_in_shock=uniform(0.2, 0.6)))

_EVENT = both(
    world(
        event=lambda rng: (uniform(0.1, 0.5, True)(rng), uniform(0.03, 0.15, True)(rng)),
        event_months=lambda rng: int(rng.choice([0, 4, 8])),
    ),
    budget(rise_with_event=uniform(0.2, 0.5, True)),
)

# name -> channels, what it is, what is changed
_KNOWN = {
    "churn": ("churn", "spend acts on churn only", as_drawn),
    "margin": ("margin", "on margin per customer only", as_drawn),
    "support": ("support", "on support cost per customer only", as_drawn),
    "joins": ("joins", "on customers who join only", as_drawn),
    "margin_support": ("margin+support", "on margin and support cost", as_drawn),
    "all": ("all", "on all four, each with its own shape and carryover", as_drawn),
    "none": ("none", "on nothing", as_drawn),
    "inside": ("churn", "on churn; margin and support cost are one flat rate a customer", flat_money),
    "prior": ("prior", "on churn, and on each other outcome as often as the model believes, harm included", as_drawn),
    "threshold": ("churn", "on churn, by a sharp step between half and twice today's spend", curved(logistic)),
    "knees": ("churn", "on churn, by straight lines between random points", curved(knees)),
    "few_months": ("churn", "on churn; 8 to 11 months", few_months),
    "tiny": ("churn", "on churn; 100 to 400 customers a segment", tiny),
    "break": ("churn", "on churn; one segment's jumps for good", world(churn_break=uniform(0.15, 0.4, True))),
}
_CONFOUNDED = {
    "all_chases": ("all", "all; spend is raised after churn rose", _CHASES),
    "churn_chases": ("churn", "churn; spend is raised after churn rose", _CHASES),
    "all_revenue_now": ("all", "all; the budget is a share of this month's revenue", _NOW),
    "margin_revenue_now": ("margin", "margin; the budget is a share of this month's revenue", _NOW),
    "none_revenue_now": ("none", "nothing; the budget is a share of this month's revenue", _NOW),
    "margin_revenue_last": ("margin", "margin; the budget is a share of last month's revenue", _LAST),
    "none_revenue_last": ("none", "nothing; the budget is a share of last month's revenue", _LAST),
    "margin_price_step": (
        "margin",
        "margin; a new price, the budget a share of this month's revenue",
        both(_NOW, _PRICE),
    ),
    "none_price_step": ("none", "nothing; a new price, the budget a share of this month's revenue", both(_NOW, _PRICE)),
    "margin_price_free": ("margin", "margin; a new price for good, the budget as it was", _PRICE),
    "none_price_free": ("none", "nothing; a new price for good, the budget as it was", _PRICE),
    "all_seasonal": ("all", "all; October to December are high in everything and in the budget", seasonal),
    "none_seasonal": ("none", "nothing; October to December are high in everything and in the budget", seasonal),
    "joins_acquisition": ("joins", "joins; acquisition spend that no one tells of moves with CX spend", _HIDDEN),
    "none_acquisition": ("none", "nothing; acquisition spend that no one tells of moves with CX spend", _HIDDEN),
    "joins_acquisition_given": ("joins", "joins; acquisition spend moves with CX spend and is told", _GIVEN),
    "none_acquisition_given": ("none", "nothing; acquisition spend moves with CX spend and is told", _GIVEN),
    "support_contains": ("support", "support cost; 20 to 80 % of CX spend stands in support cost too", _TWICE),
    "none_contains": ("none", "nothing; 20 to 80 % of CX spend stands in support cost too", _TWICE),
    "margin_wrong": ("margin", "margin, the wrong way: vouchers", stronger(-0.5, "margin")),
}
_HARD = {
    "spend_error": ("prior", "spend is booked with 30 % error", books(spend_error=0.3)),
    "booked_late": (
        "prior",
        "spend is booked a month or two late",
        books(booked_late_months=lambda r: int(r.integers(1, 3))),
    ),
    "calendar_years": (
        "prior",
        "the budget moves each January, in all segments at once, and hardly else",
        budget(variation=0.03, each_january=uniform(0.15, 0.4)),
    ),
    "price_with_budget": ("prior", "a new price and a higher budget from one month on, in all segments", _RISE),
    "churn_redefined": (
        "prior",
        "who counts as lost is defined anew in mid-history",
        books(lost_count_changes=uniform(0.15, 0.35, True)),
    ),
    "season_in_phase": ("prior", "spend and churn move in one wave over the year, or in opposite ones", _WAVES),
    "survivors": (
        "prior",
        "customers differ in how soon they leave: who stays is another than who joins",
        world(frailty=(0.2, 0.4, 0.8, 1.3, 2.3)),
    ),
    "capex_at_once": (
        "prior",
        "a fifth to a half of spend is booked in the month in which a project of a year and a half begins",
        books(project_share=uniform(0.2, 0.5)),
    ),
    "relabelled": (
        "prior",
        "some customers are moved to another segment, which the file shows as leaving and joining",
        books(relabelled=uniform(0.1, 0.3)),
    ),
    "never_varied": ("prior", "spend per customer varies by 2 %", budget(variation=0.02)),
    "shock": ("prior", "churn of half of the segments rises for five months, and their spend is cut", _SHOCK),
    "event_untold": (
        "prior",
        "something moves churn and margin of half of the segments, for four or eight months or for good, and their spend with it",
        _EVENT,
    ),
    "event_named": (
        "prior",
        "the same companies, with the event in the table of events",
        both(_EVENT, books(event_named=True)),
    ),
    "pure_delay": ("prior", "whatever spend does comes four months later, and then as carried over", delayed(4)),
    "anticipates": ("prior", "spend is raised before churn rises", budget(foresees_churn=uniform(0.5, 1.5))),
    "by_headcount": ("prior", "segments' spend is the company's, shared out by customers", books(by_headcount=True)),
    "where_improving": ("prior", "money went where the product improved anyway", improving),
    "harm": ("churn", "spend raises churn", stronger(-1.0, "churn")),
}
_OTHERS = {
    "logarithm": ("churn", "on churn, by log(1 + spend)", curved(logarithm)),
    "one_segment": ("prior", "as the prior; no segment to compare with", lambda c, rng: replace(c, n_segments=1)),
    "shared_plan": ("prior", "as the prior; spend moves in all segments at once", budget(together=True)),
    "one_curve": ("all", "on all four, by one curve and carryover", one_curve),
    "all_threshold": ("all", "on all four, each by a sharp step", curved(logistic)),
    "all_few": ("all", "on all four; 8 to 11 months", few_months),
    "all_tiny": ("all", "on all four; 100 to 400 customers a segment", tiny),
    "good_months": ("prior", "as the prior; a good month is good for margin, joins and churn", world(good_months=0.7)),
    "own_seasons": (
        "prior",
        "as the prior; churn moves over the year, in each segment at another time",
        world(yearly_wave=uniform(0.1, 0.3), own_seasons=True),
    ),
}
_LIKE = {"event_named": "event_untold"}
REGIMES: Mapping[str, Regime] = MappingProxyType(
    {
        name: Regime(name, group, meaning, channels, change, _LIKE.get(name, ""))
        for group, some in (("known", _KNOWN), ("confounded", _CONFOUNDED), ("hard", _HARD), ("others", _OTHERS))
        for name, (channels, meaning, change) in some.items()
    }
)
