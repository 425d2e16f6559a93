"""What makes a company that was drawn one of its regime: changes, each drawn from the company's own random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.simulation.company import Company, Disturbance, Link
from benchmarks.simulation.curves import Curve, Knees, Logarithm, LogisticStep
from benchmarks.simulation.draw import between

Change = Callable[[Company, np.random.Generator], Company]
Drawer = Callable[[np.random.Generator], Any]


def as_drawn(company: Company, rng: np.random.Generator) -> Company:
    """Return the company unchanged."""
    return company


def both(*changes: Change) -> Change:
    """Return changes one after another."""

    def change(company: Company, rng: np.random.Generator) -> Company:
        for one in changes:
            company = one(company, rng)
        return company

    return change


def _part(name: str, draws: dict[str, Any]) -> Change:
    def change(company: Company, rng: np.random.Generator) -> Company:
        drawn = {field: value(rng) if callable(value) else value for field, value in draws.items()}
        return replace(company, **{name: replace(getattr(company, name), **drawn)})

    return change


def budget(**draws: Any) -> Change:
    """Return the change of parts of the budget to values, or to what is drawn."""
    return _part("budget", draws)


def world(**draws: Any) -> Change:
    """Return the change of parts of the world."""
    return _part("world", draws)


def books(**draws: Any) -> Change:
    """Return the change of parts of the books."""
    return _part("books", draws)


def uniform(low: float, high: float, either_sign: bool = False) -> Drawer:
    """Return a drawer of a number between two, of either sign where asked."""
    return lambda rng: float(rng.uniform(low, high) * (rng.choice([-1, 1]) if either_sign else 1))


def links(change: Callable[[Link, np.random.Generator], Link], *channels: str) -> Change:
    """Return the change of the links of some channels, of all where none is named."""

    def apply(company: Company, rng: np.random.Generator) -> Company:
        new = {n: change(li, rng) if not channels or n in channels else li for n, li in company.links.items()}
        return replace(company, links=new)

    return apply


def stronger(factor: float, *channels: str) -> Change:
    """Return the change of strengths by a factor; below 0, what helped does harm."""
    return links(lambda link, rng: replace(link, strength=tuple(factor * b for b in link.strength)), *channels)


def curved(draw: Callable[[np.random.Generator], Curve], *channels: str) -> Change:
    """Return the change of curves to others that are drawn."""
    return links(lambda link, rng: replace(link, curve=draw(rng)), *channels)


def delayed(months: int) -> Change:
    """Return the change to effects that come so much later."""
    return links(lambda link, rng: replace(link, delay_months=months))


def logistic(rng: np.random.Generator) -> LogisticStep:
    """Return a sharp step somewhere between half and twice today's spend."""
    return LogisticStep(float(rng.uniform(0.5, 2)), float(rng.uniform(0.1, 0.25)))


def knees(rng: np.random.Generator) -> Knees:
    """Return straight lines between random points."""
    return Knees(tuple(rng.gamma(0.7, size=5).tolist()))


def logarithm(rng: np.random.Generator) -> Logarithm:
    """Return a logarithm."""
    return Logarithm(between(rng, 1, 20))


def one_curve(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with one curve and carryover in every channel."""
    first = company.links["churn"]
    curve, carried = first.curve, first.carryover_rate
    same = {name: replace(link, curve=curve, carryover_rate=carried) for name, link in company.links.items()}
    return replace(company, links=same)


def flat_money(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with margin and support cost that never move by themselves."""
    return replace(company, disturbances={**company.disturbances, "margin": Disturbance(), "support": Disturbance()})


def few_months(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with 8 to 11 months."""
    return replace(company, n_months=int(rng.integers(8, 12)))


def tiny(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with 100 to 400 customers a segment."""
    return replace(company, customers=between(rng, 100, 400))


def seasonal(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with a last quarter that is high in all outcomes and higher in spend."""
    high = float(rng.uniform(0.1, 0.35))
    return both(world(last_quarter=high), budget(last_quarter=1.5 * high))(company, rng)


def improving(company: Company, rng: np.random.Generator) -> Company:
    """Return the company with a trend of churn in each segment, and a budget that grew where churn fell."""
    trends = tuple(rng.uniform(-0.6, 0.2, company.n_segments).tolist())
    return both(world(trends=trends), budget(where_improving=uniform(0.5, 1.5)))(company, rng)
