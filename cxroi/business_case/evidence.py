"""What one version of the data says before any scenario: the slow part of a business case, worth keeping."""

from __future__ import annotations

import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxroi.business_case.ageing import ageing_of
from cxroi.business_case.pilots import fit_with_pilots, pilots_of, without_left_out
from cxroi.errors import PanelError
from cxroi.model.appraisal import observed_uplift
from cxroi.model.assumption import Assumption, Grade, parse_assumptions
from cxroi.model.baseline import Baseline, measure_baseline
from cxroi.model.channels import Channel, ChannelHistory, ChannelPosterior, channel_history, fit_channel
from cxroi.model.economics import economics
from cxroi.model.future import Future, draw_future
from cxroi.model.health import HealthCheck, Status, channel_checks, evidence_checks, in_doubt
from cxroi.model.panel import Panel
from cxroi.model.pilot import PilotEvidence
from cxroi.model.projection import COARSE_LEVELS, LEVELS, ProjectionTable, tabulate
from cxroi.model.response import Priors, ResponsePosterior, fit_response
from cxroi.model.scenario import RANGES, Scenario
from cxroi.model.uncertainty import Draws
from cxroi.model.valuation import value_levels

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.counts import Note
    from cxroi.store.spend import CostAccount

REGISTER = Path(__file__).parents[2] / "data" / "assumptions.toml"
_DRAWS, _REFIT_DRAWS, PINNED_DRAWS = 2048, 512, 512
_MANY_SEGMENTS, _KEPT_TABLES = 12, 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Evidence:
    """What one version of the data says, before any scenario: the slow part, to be kept between scenarios."""

    panel: Panel
    baseline: Baseline
    posterior: ResponsePosterior
    future: Future
    health: tuple[HealthCheck, ...]
    register: Mapping[str, Assumption]
    observed_uplift_pp: float | None
    data_version: str
    illustrative: bool
    notes: tuple[Note, ...] = ()  # what a reader should know about the data
    account: CostAccount | None = None  # where the cost ledger went
    channels_left_out: Mapping[str, str] = field(default_factory=dict)  # channel -> why it cannot be looked at
    channels_in_doubt: tuple[Channel, ...] = ()  # no verdict may rest on these
    _gains: dict[int, dict[float, Draws]] = field(default_factory=dict, repr=False)
    _tables: OrderedDict[tuple[float, int], ProjectionTable] = field(default_factory=OrderedDict, repr=False)

    def table(self, annual_discount_rate: float, horizon_months: int) -> ProjectionTable:
        """Return the projection over all levels, from the few last kept."""
        key = (annual_discount_rate, horizon_months)
        table = self._tables.get(key)
        if table is None:  # two threads may both work it out; either result is the same
            table = tabulate(self.future, annual_discount_rate, horizon_months, LEVELS)
            while len(self._tables) >= _KEPT_TABLES:
                self._tables.popitem(last=False)
            self._tables[key] = table
        return table

    @cached_property
    def thin_future(self) -> Future:
        """Return the draws behind a typed uplift: fewer, because each such uplift needs a table of its own; twice what
        is kept, to choose from."""
        return self.future.thinned(2 * PINNED_DRAWS)

    def coarse_gains(self, horizon_months: int) -> dict[float, Draws]:
        """Return what each coarse level buys by month in the thin future, (n, T) each; of the last horizon asked for."""
        known = self._gains.get(horizon_months)
        if known is None:
            known = {at: self.thin_future.path_gain(at, horizon_months) for at in COARSE_LEVELS.tolist()}
            self._gains.clear()
            self._gains[horizon_months] = known
        return known

    @property
    def observed_percent(self) -> tuple[float, float]:
        """Return the lowest and highest level of spend in the data, as percent of today's."""
        return 100 * self.posterior.observed_low, 100 * self.posterior.observed_high


def read_register(path: Path = REGISTER) -> tuple[Priors, dict[str, Assumption]]:
    """Return the priors and the scenario's assumptions as data/assumptions.toml has them."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    prior = parse_assumptions(tree["prior"])
    return Priors(**{name: float(str(entry.value)) for name, entry in prior.items()}), parse_assumptions(
        tree["scenario"]
    )


def read_swings(
    scenario: Scenario, baseline: Baseline, path: Path = REGISTER
) -> dict[str, tuple[tuple[float, float], float]]:
    """Return per assumption its p10 and p90 and its own value, from the swings around it in data/assumptions.toml."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    whole = baseline.whole
    measured = {
        "contribution_margin_rate": whole.contribution_margin_per_customer_month
        / (whole.revenue_per_customer_month or 1.0),
        "new_customers_per_month": sum(segment.joins_per_month for segment in baseline.segments),
    }
    swings = {}
    for name, entry in parse_assumptions(tree["swing"]).items():
        given = getattr(scenario, name)
        value = float(measured[name] if given is None else given)
        width = (abs(value) if entry.unit == "share of its value" else 1.0) * float(str(entry.value))
        low, high = RANGES[name]
        swings[name] = (max(low, value - width), min(high, value + width)), min(max(value, low), high)
    return swings


def gather(workspace_folder: Path, version_id: str | None = None) -> Evidence:
    """Return the evidence of a version of a workspace (None: the current one)."""
    from cxroi.store.engine import Engine
    from cxroi.store.queries import read_panel, read_pilots, read_tenures
    from cxroi.store.snapshots import Workspace
    from cxroi.store.state import allocation_of, rates_of

    workspace = Workspace.open(workspace_folder)
    version = workspace.current() if version_id is None else workspace.version(version_id)
    if version is None:
        raise PanelError("panel.no_data")
    engine = Engine.on(version)
    try:
        read = read_panel(engine, rates=rates_of(version), allocation=allocation_of(version))
        pilot_rows = read_pilots(engine)
        panel = Panel.from_frame(read.frame, **read.meta)
        tenures = read_tenures(engine, panel)
    finally:
        engine.close()
    pilots, pilot_notes = pilots_of(pilot_rows, measure_baseline(panel), read_register()[0].strength_scale)
    return evidence_from_panel(
        panel,
        data_version=version.id,
        illustrative=version.illustrative,
        pilots=pilots,
        tenures=tenures,
        notes=(*read.notes, *pilot_notes),
        account=read.account,
    )


def evidence_from_panel(
    panel: Panel,
    *,
    data_version: str,
    illustrative: bool = False,
    pilots: tuple[PilotEvidence, ...] = (),
    tenures: pd.DataFrame | None = None,
    notes: tuple[Note, ...] = (),
    account: CostAccount | None = None,
    seed: int = 0,
) -> Evidence:
    """Return the evidence of a panel: baseline, response fitted to its history and pilots, and the health of both.

    `tenures` (see `cxroi.model.tenure`) let churn fall as customers stay, where they say that it does.
    Raises PanelError when nobody spent anything over the trailing year: levels are relative to today's spend.
    """
    baseline = measure_baseline(panel)
    if baseline.whole.cx_spend_per_month <= 0:
        raise PanelError("panel.no_spend_today", first=baseline.first_month, last=baseline.last_month)
    priors, register = read_register()
    draws = _DRAWS if len(baseline.segments) <= _MANY_SEGMENTS else _DRAWS // 2
    posterior = fit_response(panel, pilots=pilots, priors=priors, seed=seed, draws=draws)
    channels, left_out = channels_of(panel, posterior, priors, seed, draws, pilots)
    mixes, said = ageing_of(tenures, baseline)
    future = draw_future(posterior, baseline, seed, mixes, channels)
    fewer = tuple(one.take(np.resize(np.arange(draws), _REFIT_DRAWS)) for one in channels)
    others = tuple(
        _marginal(
            draw_future(
                fit_response(
                    panel, pilots=pilots, priors=priors, seed=seed, draws=_REFIT_DRAWS, without=s, near=posterior
                ),
                baseline,
                seed,
                mixes,
                fewer,
            ),
            baseline,
        )
        for s in _segments_to_leave_out(baseline)
    )
    customers = np.array([segment.customers for segment in baseline.segments])
    health = evidence_checks(
        panel,
        posterior,
        marginal=_marginal(future, baseline),
        marginal_without=others,
        weight=customers / max(customers.sum(), 1e-12),
    )
    if any(check.check == "spend_variation" and check.status is Status.FAIL for check in health):
        posterior = replace(posterior, grade=Grade.TYPED_IN)  # what is left is the prior: judgement, not history
    return Evidence(
        panel=panel,
        baseline=baseline,
        posterior=posterior,
        future=future,
        health=health + channel_checks(channels, left_out),
        channels_left_out=left_out,
        channels_in_doubt=in_doubt(channels),
        register=register,
        observed_uplift_pp=observed_uplift(panel),
        data_version=data_version,
        illustrative=illustrative,
        notes=(*without_left_out(notes, left_out), *said),
        account=account,
    )


def channels_of(
    panel: Panel,
    posterior: ResponsePosterior,
    priors: Priors,
    seed: int,
    draws: int,
    pilots: tuple[PilotEvidence, ...] = (),
) -> tuple[tuple[ChannelPosterior, ...], dict[str, str]]:
    """Return what spend does beside churn, by channel, and why the others cannot be looked at."""

    def fit(cells: ChannelHistory, own: tuple[PilotEvidence, ...]) -> ChannelPosterior:
        margin = cells.channel is Channel.MARGIN
        return fit_channel(cells, priors, seed=seed, draws=draws, same_month=margin, pilots=own)

    fitted, left_out = [], {}
    for name in Channel:
        cells = channel_history(name, panel, posterior.history)
        if isinstance(cells, str):
            left_out[name.value] = cells
        else:
            fitted.append(fit_with_pilots(cells, fit, pilots))
    return tuple(fitted), left_out


def default_scenario(evidence: Evidence) -> Scenario:
    """Return the scenario in which the evidence decides everything it can, in the currency of the data."""
    return Scenario(currency=evidence.panel.currency)


def _segments_to_leave_out(baseline: Baseline) -> list[int]:
    """Return the segments with a tenth of the customers or more: leaving out a smaller one changes little."""
    if len(baseline.segments) < 2:
        return []
    share = np.array([segment.customer_months for segment in baseline.segments]) / baseline.whole.customer_months
    return [int(s) for s in np.flatnonzero(share >= 0.1)]


def _marginal(future: Future, baseline: Baseline) -> Draws:
    """Return the present value of 2 % more spend than today under the default scenario, (n,)."""
    scenario = Scenario()
    table = tabulate(future, scenario.annual_discount_rate, scenario.horizon_months, np.array([100.0, 102.0]))
    whole = value_levels(economics(baseline, scenario, 100.0), table).whole
    return (whole.benefit - whole.cost)[1]
