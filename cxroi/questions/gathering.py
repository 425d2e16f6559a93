"""From a version of the data, or a panel, to its evidence: the slow part of a business case, worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cxroi.errors import PanelError
from cxroi.model.assumption import Grade
from cxroi.model.company.baseline import Baseline, measure_baseline
from cxroi.model.company.panel import Panel
from cxroi.model.decision.data_checks import data_checks
from cxroi.model.decision.health import Status, channel_checks, evidence_checks, first_failed
from cxroi.model.decision.verdict import Call
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.channel import Channel, ChannelPosterior
from cxroi.model.response.channel_cells import ChannelCells, channel_cells
from cxroi.model.response.channel_fit import fit_channel
from cxroi.model.response.posterior import ResponsePosterior, fit_response
from cxroi.model.response.prior import Priors
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.appraisal import observed_uplift
from cxroi.model.value.economics import economics
from cxroi.model.value.future import Future, draw_future
from cxroi.model.value.projection import tabulate
from cxroi.model.value.valuation import value_levels
from cxroi.questions.ageing import ageing_of
from cxroi.questions.cx_part import CxPart, part_that_is_cx
from cxroi.questions.data import OpenVersion, open_version
from cxroi.questions.events import event_facts, event_notes
from cxroi.questions.evidence import Evidence
from cxroi.questions.judgement import Judgement
from cxroi.questions.pilot_evidence import fit_with_pilots, pilots_of, without_left_out
from cxroi.questions.refits import Refits
from cxroi.questions.register import read_channel_priors, read_register

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.panel.counts import Note
    from cxroi.store.panel.spend import CostAccount

_DRAWS = 2048
_MANY_SEGMENTS = 12


def gather(workspace_folder: Path, version_id: str | None = None) -> Evidence:
    """Return the evidence of a version of a workspace (None: the current one)."""
    with open_version(workspace_folder, version_id) as data:
        return evidence_of(data)


def evidence_of(data: OpenVersion) -> Evidence:
    """Return the evidence of an opened version, as it was worked out before or now."""
    return data.kept("evidence", lambda: _evidence_of(data))


def _evidence_of(data: OpenVersion) -> Evidence:
    from cxroi.store.panel.panel import read_tenures

    pilots, pilot_notes = pilots_of(data.pilot_rows, data.baseline, read_register()[0].strength_scale)
    return evidence_from_panel(
        data.panel,
        data_version=data.version.id,
        illustrative=data.version.illustrative,
        pilots=pilots,
        tenures=read_tenures(data.engine, data.panel),
        notes=(*data.frame.notes, *pilot_notes),
        account=data.frame.account,
        cx_part=part_that_is_cx(data.version),
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
    cx_part: CxPart | None = None,
    seed: int = 0,
    draws: int | None = None,
    survive: bool = True,
) -> Evidence:
    """Return the evidence of a panel: baseline, response fitted to its history and pilots, and the health of both.

    `tenures` (see `cxroi.model.customers.tenure`) let churn fall as customers stay, where they say that it does. Where the default scenario has a
    call, what it takes to ask whether that survives is fitted here; without `survive` it is never asked. Fewer `draws` than it takes
    by itself make it quicker, for a study.
    Raises PanelError when nobody spent anything over the trailing year: levels are relative to today's spend.
    """
    baseline = measure_baseline(panel)
    if baseline.whole.cx_spend_per_month <= 0:
        raise PanelError("panel.no_spend_today", first=baseline.first_month, last=baseline.last_month)
    priors, register = read_register()
    draws = draws or (_DRAWS if len(baseline.segments) <= _MANY_SEGMENTS else _DRAWS // 2)
    posterior = fit_response(panel, pilots=pilots, priors=priors, seed=seed, draws=draws)
    channel_priors = read_channel_priors()
    channels, left_out = channels_of(panel, posterior, channel_priors, seed, draws, pilots)
    mixes, said = ageing_of(tenures, baseline)
    future = draw_future(posterior, baseline, seed, mixes, channels)
    customers = np.array([segment.customers for segment in baseline.segments])
    events = event_facts(panel, posterior, channels)
    health = evidence_checks(
        panel,
        posterior,
        marginal_of_churn=_marginal(replace(future, channels=()), baseline),
        weight=customers / max(customers.sum(), 1e-12),
    )
    if any(check.check == "spend_variation" and check.status is Status.FAIL for check in health):
        posterior = replace(posterior, grade=Grade.TYPED_IN)  # what is left is the prior: judgement, not history
    refits = Refits(
        panel=panel,
        pilots=pilots,
        priors=priors,
        channel_priors=channel_priors,
        seed=seed,
        baseline=baseline,
        future=future,
    )
    evidence = Evidence(
        panel=panel,
        baseline=baseline,
        posterior=posterior,
        future=future,
        health=data_checks(panel, baseline) + health + channel_checks(channels, posterior, left_out),
        channels_left_out=left_out,
        register=register,
        observed_uplift_pp=observed_uplift(panel),
        data_version=data_version,
        illustrative=illustrative,
        events=events,
        notes=(*without_left_out(notes, left_out), *said, *event_notes(events)),
        account=account,
        cx_part=cx_part,
        refits=refits if survive else None,
    )
    if survive and not first_failed(evidence.health):
        _fit_what_is_left_out(evidence, refits)
    return evidence


def _fit_what_is_left_out(evidence: Evidence, refits: Refits) -> None:
    """Have at hand what the first verdict asks for, where the default scenario has a call as far as few draws can tell."""
    scenario = Scenario()
    prices = (scenario.annual_discount_rate, scenario.horizon_months)
    judgement = Judgement(evidence=evidence, scenario=scenario, table=refits.coarse_table(*prices))
    if judgement.standing.call is not Call.NOT_ENOUGH_EVIDENCE:
        refits.table(*prices)


def channels_of(
    panel: Panel,
    churn: ResponsePosterior,
    priors: Mapping[Channel, Priors],
    seed: int,
    draws: int,
    pilots: tuple[PilotEvidence, ...] = (),
) -> tuple[tuple[ChannelPosterior, ...], dict[Channel, str]]:
    """Return what spend does beside churn, by channel, and why the others cannot be looked at."""

    def fit(cells: ChannelCells, own: tuple[PilotEvidence, ...]) -> ChannelPosterior:
        return fit_channel(cells, priors[cells.channel], seed=seed, draws=draws, pilots=own)

    fitted, left_out = [], {}
    for name in Channel:
        cells = channel_cells(name, panel, churn.history)
        if isinstance(cells, str):
            left_out[name] = cells
        else:
            fitted.append(fit_with_pilots(cells, fit, pilots))
    return tuple(fitted), left_out


def _marginal(future: Future, baseline: Baseline) -> Draws:
    """Return the present value of 2 % more spend than today under the default scenario, (n,)."""
    scenario = Scenario()
    table = tabulate(future, scenario.annual_discount_rate, scenario.horizon_months, np.array([100.0, 102.0]))
    whole = value_levels(economics(baseline, scenario, 100.0), table).whole
    return (whole.benefit - whole.cost)[1]
