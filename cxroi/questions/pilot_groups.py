"""The two lists of a pilot: who is treated and who is control, drawn by lot from the customers of today, and where a test is worth most."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.access.roles import FINANCE
from cxroi.errors import ModelError
from cxroi.model.company.segments import WHOLE
from cxroi.model.decision.verdict import Call, PilotProposal
from cxroi.model.pilots.assignment import CONTROL, TREATED, Balance, balance_of, draw_groups, draw_regions
from cxroi.questions.data import OpenVersion
from cxroi.questions.evidence import default_scenario
from cxroi.questions.gathering import evidence_of
from cxroi.questions.judgement import judgement_of
from cxroi.questions.small_groups import for_role

MOST_SEGMENTS = 8  # of which it is asked what a test is worth, the largest
_TENURES = (12, 36)  # months, between the bands that customers are drawn within
_THIRDS = 3  # of revenue, the same


@dataclass(frozen=True, kw_only=True)
class GroupsWish:
    """Which customers to draw: `per_group` customers, or whole regions, in each of two groups; `segment` None is the whole company."""

    per_group: int
    seed: int
    segment: str | None = None
    by_region: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class DrawnGroups:
    """The groups as drawn. `customers`: customer_id, group (treated, control), segment, region, in the order of their names; `alike`: in what the
    groups should be alike; `strata` how many there were, or pairs of regions."""

    wish: GroupsWish
    customers: pd.DataFrame = field(repr=False)
    as_of: date
    strata: int
    alike: tuple[Balance, ...]  # months, monthly_revenue, then the share of each segment where there are several

    def named(self, group: str) -> pd.DataFrame:
        """Return the customers of one group."""
        return self.customers[self.customers["group"] == group]


@dataclass(frozen=True, kw_only=True)
class Regions:
    """The regions of today's customers, by name, with how many each has."""

    sizes: tuple[tuple[str, int], ...]

    @property
    def variation(self) -> float:
        """Return the coefficient of variation of their sizes."""
        counts = np.array([count for _, count in self.sizes], dtype=float)
        return float(counts.std() / counts.mean()) if counts.size else 0.0


@dataclass(frozen=True, kw_only=True)
class TestWorth:
    """What the best pilot for one verdict is worth; `pilot` None where none could tell anything."""

    segment: str  # "all": the verdict on the whole
    call: Call
    pilot: PilotProposal | None

    @property
    def net(self) -> float:
        """Return what the pilot is worth beyond its cost, present value; nothing where there is none."""
        return 0.0 if self.pilot is None else self.pilot.worth - self.pilot.cost


def ask_where_to_test(data: OpenVersion) -> tuple[TestWorth, ...]:
    """Return for the verdict on the whole and on each of the largest segments what its best pilot is worth, the most worth first."""
    return data.kept("where_to_test", lambda: _where_to_test(data))


def _where_to_test(data: OpenVersion) -> tuple[TestWorth, ...]:
    evidence = evidence_of(data)
    judgement = judgement_of(evidence, default_scenario(evidence))
    segments = evidence.baseline.segments
    largest = sorted(range(len(segments)), key=lambda place: -segments[place].customers)[:MOST_SEGMENTS]
    places: list[int | None] = [None, *largest] if len(segments) > 1 else [None]
    found = [
        TestWorth(
            segment=WHOLE if place is None else segments[place].segment,
            call=judgement.bare_verdict(place).call,
            pilot=judgement.pilot(place),
        )
        for place in places
    ]
    return tuple(sorted(found, key=lambda one: -one.net))


def ask_regions(data: OpenVersion, segment: str | None = None) -> Regions:
    """Return the regions of today's customers; none where the data name none, or no customers."""
    return data.kept("regions", lambda: _regions(data, segment), segment)


def _regions(data: OpenVersion, segment: str | None) -> Regions:
    try:
        pool = _pool(data, segment)
    except ModelError:
        return Regions(sizes=())
    counts = pool["region"].dropna().value_counts()
    return Regions(sizes=tuple(sorted((str(name), int(count)) for name, count in counts.items())))


@for_role(FINANCE)
def ask_groups(data: OpenVersion, wish: GroupsWish) -> DrawnGroups:
    """Return two groups drawn by lot from the customers active at the end of the last complete month.

    Raises ModelError where the data have no customers by name, or not enough of them or of their regions.
    """
    pool = _pool(data, wish.segment)
    if wish.by_region:
        named = pool["region"].dropna()
        regions = draw_regions({str(n): int(c) for n, c in named.value_counts().items()}, wish.per_group, wish.seed)
        groups = np.array([0 if region is None else regions.get(str(region), 0) for region in pool["region"]], np.int8)
        strata = wish.per_group
    else:
        bands = _strata(pool)
        groups = draw_groups(pool["customer_id"].tolist(), bands, wish.per_group, wish.seed)
        strata = int(np.unique(bands).size)
    drawn = pool.assign(group=np.select([groups == TREATED, groups == CONTROL], ["treated", "control"], ""))
    return DrawnGroups(
        wish=wish,
        customers=drawn.loc[groups > 0, ["customer_id", "group", "segment", "region"]].reset_index(drop=True),
        as_of=data.panel.last_day,
        strata=strata,
        alike=_alike(pool, groups),
    )


def _pool(data: OpenVersion, segment: str | None) -> pd.DataFrame:
    """Return the customers who may be drawn; raises ModelError where the data know none by name."""
    meta, tables = data.frame.meta, data.version.tables
    by_orders = meta.get("source") == "orders" or not (tables.get("customers") and tables["customers"].rows)
    if by_orders and not (tables.get("orders") and tables["orders"].rows):
        raise ModelError("pilots.no_customers")
    window = (meta.get("inactivity_window_months") or 12) if by_orders else None
    pool = data.engine.query("pilot_pool", as_of=data.panel.last_day, window_months=window)
    if segment is not None:
        data.baseline.named(segment)  # says what segments there are where this is none
        pool = pool[pool["segment"].str.casefold() == segment.casefold()]
    if pool.empty:
        raise ModelError("pilots.no_customers")
    return pool.reset_index(drop=True).astype({"segment": object, "region": object})


def _strata(pool: pd.DataFrame) -> NDArray[np.int64]:
    """Return the stratum of each customer: segment, band of tenure, third of revenue within the segment."""
    segment = pd.factorize(pool["segment"].fillna(""), sort=True)[0]
    tenure = np.digitize(pool["months"].fillna(-1).to_numpy(dtype=float), _TENURES)
    rank = pool.groupby(segment)["monthly_revenue"].rank(method="average", pct=True).fillna(0.0).to_numpy()
    third = np.minimum((rank * _THIRDS).astype(np.int64), _THIRDS - 1)
    return np.asarray((segment * (len(_TENURES) + 1) + tenure) * _THIRDS + third, dtype=np.int64)


def _alike(pool: pd.DataFrame, groups: NDArray[np.int8]) -> tuple[Balance, ...]:
    """Return in what the groups should be alike: time with the company, revenue, and the share of each segment."""
    numbers = [balance_of(name, pool[name].to_numpy(dtype=float), groups) for name in ("months", "monthly_revenue")]
    segments = sorted(str(name) for name in pool["segment"].dropna().unique())
    shares = [balance_of(name, (pool["segment"] == name).to_numpy().astype(np.float64), groups) for name in segments]
    return (*numbers, *(shares if len(segments) > 1 else ()))
