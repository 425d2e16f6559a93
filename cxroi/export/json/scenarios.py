"""Kept scenarios as JSON objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from cxroi.export.json.values import Json, exact_money, money_interval, rate, rate_interval
from cxroi.model.kept_scenario import KeptFigures, Mark, Revision, SavedScenario, changed_assumptions, slides_facts
from cxroi.model.scenario import Scenario
from cxroi.questions.scenarios import WorthBeside, moved_since


def saved_json(saved: SavedScenario, basis: Mapping[str, str]) -> Json:
    """Return a scenario as it stands: who did what to it, what it asks and said, and what has moved under it since."""
    kept, last = saved.kept, saved.last
    return {
        "id": saved.id,
        "name": kept.name,
        "note": kept.note,
        "revision": last.number,
        "saved_at": last.at.isoformat(),
        "saved_by": last.who or None,
        "why": last.why,
        "locked": _mark(saved.lock),
        "approved": _mark(saved.approval),
        "deleted": _mark(saved.deletion),
        "comments": [{"at": one.at.isoformat(), "by": one.who or None, "words": one.words} for one in saved.comments],
        "data_version": kept.data_version,
        "moved_since": list(moved_since(saved, basis)),
        "asked": asked_json(kept.scenario),
        "figures": None if kept.figures is None else kept_figures_json(kept.figures),
        "slides": slides_facts(kept.slides),
    }


def revision_json(revision: Revision) -> Json:
    """Return one revision of a scenario."""
    kept = revision.kept
    return {
        "revision": revision.number,
        "at": revision.at.isoformat(),
        "by": revision.who or None,
        "why": revision.why,
        "name": kept.name,
        "note": kept.note,
        "data_version": kept.data_version,
        "asked": asked_json(kept.scenario),
        "npv": None if kept.figures is None else money_interval(kept.figures.npv),
    }


def beside_json(
    saved: SavedScenario, base: SavedScenario, figures: KeptFigures | None, beside: WorthBeside | None
) -> Json:
    """Return a scenario beside another one: its figures, what it assumes otherwise, and how much more it is worth on the same data."""
    ours, theirs = saved.kept.scenario, base.kept.scenario
    return {
        "id": saved.id,
        "name": saved.kept.name,
        "revision": saved.last.number,
        "figures": None if figures is None else kept_figures_json(figures),
        "changed": [
            {"assumption": name, "base": _plain(getattr(theirs, name)), "value": _plain(getattr(ours, name))}
            for name in changed_assumptions(theirs, ours)
        ],
        "more_npv": None if beside is None else money_interval(beside.more),
        "probability_worth_more": None if beside is None else rate(beside.probability),
    }


def asked_json(scenario: Scenario) -> Json:
    """Return what is asked, by name; null leaves it to the evidence."""
    return {name: _plain(value) for name, value in asdict(scenario).items()}


def kept_figures_json(of: KeptFigures) -> Json:
    """Return kept figures, money as decimal text."""
    money = ("cost", "benefit", "npv")
    rates = ("roi", "programme_roi", "marginal_roi", "payback_months", "plan_uplift_pp")
    return {
        **asdict(of),
        "today_spend": exact_money(of.today_spend),
        "spend": exact_money(of.spend),
        **{name: money_interval(getattr(of, name)) for name in money},
        **{name: rate_interval(getattr(of, name)) for name in rates},
    }


def _mark(mark: Mark | None) -> Json | None:
    if mark is None:
        return None
    return {"at": mark.at.isoformat(), "by": mark.who or None, "revision": mark.revision}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
