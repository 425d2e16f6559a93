"""The panel of a made company: what its books tell of its history, which need not be what happened."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import numpy as np

from benchmarks.simulation.company import Company, stream
from benchmarks.simulation.curves import Array
from benchmarks.simulation.history import History, first_half
from cxroi.model.company.event import Event, EventKind
from cxroi.model.company.panel import Panel

_PROJECT_MONTHS = 18


def recorded(history: History) -> Panel:
    """Return the panel that the company uploads."""
    company, books = history.company, history.company.books
    told = {
        "customers_at_start": history.start,
        "customers_joined": history.joined,
        "customers_lost": history.lost,
        "contribution_margin": history.margin,
        "support_cost": history.support + books.support_contains * history.spend,
        "cx_spend": booked_spend(history),
        "acquisition_spend": history.acquisition,
    }
    if books.lost_count_changes:
        told.update(_counted_anew(company, told))
    if books.relabelled:
        told = _relabelled(company, told)
    acquisition = told.pop("acquisition_spend")
    panel = Panel(
        months=np.datetime64("2022-01", "M") + np.arange(company.n_months),
        segments=tuple(f"s{i:02d}" for i in range(company.n_segments)),
        revenue=1.6 * told["contribution_margin"],
        support_contacts=0.3 * told["customers_at_start"],
        complete_months=np.ones(company.n_months, bool),
        currency="SAR",
        **told,  # type: ignore[arg-type]
    )
    if books.event_named:
        panel = replace(panel, events=_events(company, panel))
    known = "acquisition_spend" in {f.name for f in fields(Panel)}  # a panel of before 0.2 has no such column
    return replace(panel, acquisition_spend=acquisition) if books.acquisition_given and known else panel  # type: ignore[call-arg]


def _events(company: Company, panel: Panel) -> tuple[Event, ...]:
    """Return the event as a file names it, in each segment that it met: when it began, and unless it lasts when it ended."""
    first = panel.months[company.turn]
    end = first + company.world.event_months
    return tuple(
        Event(
            what="Event",
            kind=EventKind.OTHER,
            first_on=first.astype("datetime64[D]").item(),
            last_on=end.astype("datetime64[D]").item() - timedelta(days=1) if company.world.event_months else None,
            segment=name,
        )
        for name, met in zip(panel.segments, first_half(company), strict=True)
        if met
    )


def booked_spend(history: History) -> Array:
    """Return CX spend as it is booked, (S, T)."""
    books, spend = history.company.books, history.spend
    if books.by_headcount:
        spend = spend.sum(axis=0) * history.start / history.start.sum(axis=0)
    if books.spend_error:
        error = stream(history.company.seed, "error").normal(0, books.spend_error, spend.shape)
        spend = spend * np.exp(error - books.spend_error**2 / 2)
    if books.booked_late_months:
        late = np.maximum(np.arange(spend.shape[1]) - books.booked_late_months, 0)
        spend = spend[:, late]
    if books.project_share:
        spend = _projects_at_once(history.company, spend)
    return spend


def _projects_at_once(company: Company, spend: Array) -> Array:
    """Return spend whose projects are booked whole in their first month; they begin in each segment at another time."""
    share, out = company.books.project_share, (1 - company.books.project_share) * spend
    for s, begin in enumerate(stream(company.seed, "projects").integers(0, _PROJECT_MONTHS, company.n_segments)):
        edges = sorted({0, *range(int(begin), spend.shape[1], _PROJECT_MONTHS)})
        for first, last in zip(edges, [*edges[1:], spend.shape[1]], strict=True):
            out[s, first] += share * spend[s, first:last].sum()
    return out


def _counted_anew(company: Company, told: dict[str, Array]) -> dict[str, Array]:
    """Return losses by another rule from mid-history on; who is counted as lost too soon joins again, so that the counts add up."""
    after = np.arange(company.n_months) >= company.turn
    lost = np.round(told["customers_lost"] * np.exp(company.books.lost_count_changes * after))
    lost = np.maximum(lost, told["customers_lost"] - told["customers_joined"])
    return {"customers_joined": told["customers_joined"] + lost - told["customers_lost"], "customers_lost": lost}


def _relabelled(company: Company, told: dict[str, Array]) -> dict[str, Array]:
    """Return the panel in which part of the first segment is counted in the second from mid-history on.

    The month before, those moved are booked as lost in the one and joined in the other: else the file does not add up.
    """
    share, turn = company.books.relabelled, company.turn
    out = {name: values.copy() for name, values in told.items()}
    for name in told:
        moved = share * told[name][0, turn:]
        moved = np.round(moved) if name.startswith("customers") else moved
        out[name][0, turn:] -= moved
        out[name][1, turn:] += moved
    moved_now = np.round(share * told["customers_at_start"][0, turn])
    out["customers_lost"][0, turn - 1] += moved_now
    out["customers_joined"][1, turn - 1] += moved_now
    _add_up(out, turn)
    return out


def _add_up(out: dict[str, Array], turn: int) -> None:
    """Let counts that were rounded add up from the month after the move on, in place: customers at start follow from the rest."""
    for t in range(turn, out["customers_at_start"].shape[1]):
        before = {name: out[name][:2, t - 1] for name in ("customers_at_start", "customers_joined", "customers_lost")}
        out["customers_at_start"][:2, t] = (
            before["customers_at_start"] + before["customers_joined"] - before["customers_lost"]
        )
