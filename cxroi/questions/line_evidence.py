"""The evidence on investment lines: what was spent on each, and what it did, before any scenario. Slow, and worth keeping."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from cxroi.model.company.baseline import Baseline, measure_baseline
from cxroi.model.pilots.pilot import PilotEvidence
from cxroi.model.response.line_channels import fit_line_channels
from cxroi.model.response.lines import LineResponse, fit_lines, line_histories
from cxroi.model.scenario import Scenario
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.future import Future
from cxroi.model.value.projection import ProjectionTable, tabulate
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import Evidence
from cxroi.questions.pilot_evidence import pilots_of
from cxroi.questions.register import read_channel_priors, read_register

REST = ""  # the name of everything that no line of its own stands for
_KEPT_TABLES, _DRAWS = 2, 1024


@dataclass(frozen=True, kw_only=True, eq=False)
class LineEvidence:
    """What one version of the data says about each line, before any scenario."""

    by: str
    names: tuple[str, ...]  # the largest first, REST last
    today_spend: Mapping[str, float]  # money a month
    labelled_share: float
    responses: Mapping[str, LineResponse]  # of the lines that can be fitted
    futures: Mapping[str, Future]
    reports: OrderedDict[Scenario, object] = field(
        default_factory=OrderedDict, init=False, repr=False
    )  # of the pages: they hold these data, and go with them
    _tables: dict[tuple[float, int], dict[str, ProjectionTable]] = field(default_factory=dict, init=False, repr=False)

    def tables(self, annual_discount_rate: float, horizon_months: int) -> dict[str, ProjectionTable]:
        """Return each line's projection over all levels, from the few last kept."""
        key = (annual_discount_rate, horizon_months)
        if key not in self._tables:
            while len(self._tables) >= _KEPT_TABLES:
                self._tables.pop(next(iter(self._tables)))
            self._tables[key] = {name: tabulate(one, *key) for name, one in self.futures.items()}
        return self._tables[key]

    def spend_per_customer(self, name: str) -> Draws:
        """Return a line's spend per customer-month and segment (S,)."""
        return np.array([one.cx_spend_per_customer_month for one in self.responses[name].baseline.segments])


def gather_lines(data: OpenVersion, evidence: Evidence, by: str | None = None) -> LineEvidence:
    """Return what an opened version, whose `evidence` this is, says about its lines; `by` as in `cxroi.store.panel.lines.read_lines`.

    Raises StoreError where spend came by month, or the ledger does not name most of it.
    """
    return data.kept("lines", lambda: _gather_lines(data, evidence, by), by)


def _gather_lines(data: OpenVersion, evidence: Evidence, by: str | None) -> LineEvidence:
    from cxroi.store.panel.lines import read_lines

    found = read_lines(data.engine, data.frame, by=by, **data.how)
    place = {segment: row for row, segment in enumerate(evidence.panel.segments)}
    rows = found.frame["segment"].map(place).to_numpy()
    months = found.frame["month"].to_numpy().astype("datetime64[M]")
    columns = (months - evidence.panel.months[0]).astype(int)
    spend = {name: np.zeros(evidence.panel.cx_spend.shape) for name in found.names}
    for name, cells in spend.items():
        cells[rows, columns] = found.frame[name].to_numpy()
    pilots = line_pilots(evidence, spend, data.pilot_rows) if found.by == "initiative" else {}
    return lines_of_spend(evidence, spend, by=found.by, labelled_share=found.labelled_share, pilots=pilots)


def lines_of_spend(
    evidence: Evidence,
    spend: Mapping[str, Draws],
    *,
    by: str,
    labelled_share: float = 1.0,
    pilots: Mapping[str, tuple[PilotEvidence, ...]] | None = None,
    seed: int = 0,
) -> LineEvidence:
    """Return the evidence on lines of spend, each (n_segments, n_months) as the panel's; together they are its CX spend."""
    coming = evidence.future.thinned(_DRAWS)
    responses = fit_lines(
        evidence.panel,
        spend,
        evidence.posterior,
        priors=read_register()[0],
        pilots=pilots,
        skip=(REST,),
        seed=seed,
        draws=len(coming.churn),
    )
    beside = fit_line_channels(
        evidence.panel,
        line_histories(evidence.panel, spend, evidence.posterior.segments),
        evidence.channels,
        read_channel_priors(),
        names=tuple(responses),
        seed=seed,
        draws=len(coming.churn),
    )
    responses = {name: replace(one, channels=beside[name]) for name, one in responses.items()}
    months = evidence.baseline.whole.months
    last = int(np.flatnonzero(evidence.panel.complete_months)[-1]) + 1
    return LineEvidence(
        by=by,
        names=tuple(spend),
        today_spend={name: float(np.nansum(own[:, last - months : last])) / months for name, own in spend.items()},
        labelled_share=labelled_share,
        responses=responses,
        futures={name: _future(coming, one) for name, one in responses.items()},
    )


def _future(coming: Future, line: LineResponse) -> Future:
    """Return the company's future with the line's responses: what churn does without any change is the same for every line."""
    spends = np.array([segment.cx_spend_per_month > 0 for segment in line.baseline.segments])
    channels = tuple(replace(one, strength=one.strength * spends) for one in line.channels)
    return replace(coming, response=line.posterior, strength=line.posterior.strength * spends, channels=channels)


def line_pilots(
    evidence: Evidence, spend: Mapping[str, Draws], rows: pd.DataFrame
) -> dict[str, tuple[PilotEvidence, ...]]:
    """Return the pilots of each initiative among the lines.

    What the treated group got beyond the control group was spent on the line: in units of the line's spend today the control
    group stands at 1, the treated group that much above it.
    """
    found = {}
    for name, own in spend.items():
        tried = rows[rows["initiative"].fillna("").str.casefold() == name.casefold()] if name else rows[:0]
        if len(tried):
            line = measure_baseline(replace(evidence.panel, cx_spend=own))
            measured, _ = pilots_of(tried, evidence.baseline, read_register()[0].strength_scale)
            found[name] = tuple(
                moved for one in measured if (moved := _on_line(one, evidence.baseline, line)) is not None
            )
    return found


def _on_line(pilot: PilotEvidence, company: Baseline, line: Baseline) -> PilotEvidence | None:
    today, own = (_spend_of(pilot.segment, baseline) for baseline in (company, line))
    if not own > 0:
        return None
    extra = (pilot.spend_ratio_treated - pilot.spend_ratio_control) * today / own
    return replace(pilot, spend_ratio_control=1.0, spend_ratio_treated=1.0 + extra)


def _spend_of(segment: str | None, baseline: Baseline) -> float:
    place = next((one for one in baseline.segments if one.segment == segment), baseline.whole)
    return place.cx_spend_per_customer_month
