"""CX spend by month and segment from the cost ledger, with an account of where every unit of the ledger went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxroi.errors import StoreError
from cxroi.model.company.segments import WHOLE
from cxroi.model.company.sharing import Sharing, split, split_rows
from cxroi.money.exchange import RateTable, as_table
from cxroi.store.engine.engine import Engine

Rates = Callable[[str], Mapping[str, Decimal]]  # what one unit of each known currency is worth in the one asked for
LABELS: Mapping[str, tuple[str, ...]] = {
    "cost_months": ("initiative",),
    "line_months": ("initiative", "touchpoint", "category"),
}
CAPEX_MONTHS = 36  # capital spend is spread evenly over three years, the common life of CX systems in ledgers


@dataclass(frozen=True, kw_only=True)
class SegmentSpend:
    """CX spend of one segment in the panel: what the ledger names it for, and its part of what names no segment."""

    segment: str
    direct: Decimal
    shared: Decimal


@dataclass(frozen=True, kw_only=True)
class CostAccount:
    """Where the cost ledger went, exact: ledger = not_cx + one_off + outside_months + direct + shared.

    `outside_months` is spend before or after the months of the panel, with the part of capital spend that falls there.
    One-off lines are no monthly rate: they stay out of the panel and belong at time 0 of a scenario.
    """

    currency: str
    ledger: Decimal
    not_cx: Decimal
    one_off: Decimal
    outside_months: Decimal
    direct: Decimal
    shared: Decimal
    rule: str  # how shared lines were allocated
    capex: Decimal  # of direct and shared and outside: spread over CAPEX_MONTHS
    capex_months: int
    segments_unknown: tuple[str, ...]  # named in the ledger, held by no customer: treated as shared
    rates: Mapping[str, Decimal] = field(default_factory=dict)  # what a unit of another currency counts as by now
    acquisition: Decimal = Decimal(0)  # of not_cx: spent on winning customers, by month and segment beside CX spend
    outside_capex: Decimal = Decimal(0)  # of outside_months: capital spend, in the months to which it is spread
    segments: tuple[SegmentSpend, ...] = ()  # direct and shared by segment

    def worths(self, currency: str) -> tuple[Decimal, ...]:
        """Return the rates of a currency from the first month to the newest, one where it is the same in every month."""
        return tuple(worth for _, worth in as_table(self.rates).steps[currency])


@dataclass(frozen=True, kw_only=True, eq=False)
class Spend:
    """CX spend by month, segment (NULL: shared) and initiative, in thousandths, with what was left out of it."""

    lines: pd.DataFrame  # month, segment, initiative, thousandth, is_capex; and touchpoint, category where asked for
    currency: str
    first_month: pd.Timestamp
    last_month: pd.Timestamp
    ledger: int
    not_cx: int
    one_off: int
    capex: int
    rates: Mapping[str, Decimal]
    acquisition: pd.DataFrame | None = None  # the lines that win customers, as in `lines`; None where there are none
    acquired: int = 0  # what these lines add up to, as they were paid

    def allocated(self, frame: pd.DataFrame, allocation: Sharing) -> tuple[pd.DataFrame, bool, CostAccount]:
        """Return `frame` with cx_spend, whether most of it was allocated by rule, and the account.

        Spend on winning customers, where there is any, stands beside it as acquisition_spend, shared out by the same rule.
        A line whose segment no customer has is shared out like a line without one.
        """
        segments = list(frame["segment"].unique())
        cells = _by_cell(self.lines, frame, allocation)
        direct, shared = int(cells.direct.sum()), int(cells.shared.sum())
        outside = self.lines[~self.lines["month"].isin(frame["month"])]
        more = {}
        if self.acquisition is not None:
            more["acquisition_spend"] = _by_cell(self.acquisition, frame, allocation).spend.ravel() / 1000
        account = CostAccount(
            currency=self.currency,
            ledger=_money(self.ledger),
            not_cx=_money(self.not_cx),
            one_off=_money(self.one_off),
            outside_months=_money(outside["thousandth"].sum()),
            direct=_money(direct),
            shared=_money(shared),
            rule=allocation.rule,
            capex=_money(self.capex),
            capex_months=CAPEX_MONTHS,
            segments_unknown=cells.unknown,
            rates=self.rates,
            acquisition=_money(self.acquired),
            outside_capex=_money(outside["thousandth"][outside["is_capex"]].sum()),
            segments=tuple(
                SegmentSpend(segment=str(segment), direct=_money(own), shared=_money(part))
                for segment, own, part in zip(segments, cells.direct.sum(axis=0), cells.shared.sum(axis=0), strict=True)
            ),
        )
        mostly_shared = len(segments) > 1 and account.shared > account.direct
        return frame.assign(cx_spend=cells.spend.ravel() / 1000, **more), mostly_shared, account


@dataclass(frozen=True, kw_only=True, eq=False)
class _Cells:
    """Spend by cell in thousandths, (n_months, n_segments): what names its segment, and what was shared out; `unknown` are the
    segments named that nobody belongs to."""

    direct: NDArray[np.int64]
    shared: NDArray[np.int64]
    unknown: tuple[str, ...]

    @property
    def spend(self) -> NDArray[np.int64]:
        return self.direct + self.shared


def _by_cell(lines: pd.DataFrame, frame: pd.DataFrame, allocation: Sharing) -> _Cells:
    months, segments = frame["month"].unique(), list(frame["segment"].unique())
    known = {segment.casefold().strip(): segment for segment in segments}
    named = lines["segment"]
    target = named.map(lambda s: None if pd.isna(s) else known.get(s.casefold().strip()))
    if segments == [WHOLE]:
        target = pd.Series(WHOLE, index=named.index)
    unknown = named[named.notna() & target.isna()]
    inside = lines["month"].isin(months)
    direct = lines[inside & target.notna()].assign(segment=target)
    by_cell = direct.pivot_table(index="month", columns="segment", values="thousandth", aggfunc="sum")
    named_cells = by_cell.reindex(index=months, columns=segments).fillna(0).to_numpy(dtype="int64")
    shared, divided = lines[inside & target.isna()], np.zeros_like(named_cells)
    for group, own in shared.groupby(allocation.groups(shared["initiative"])):
        amounts = own.groupby("month")["thousandth"].sum().reindex(months).fillna(0).to_numpy(dtype="int64")
        divided = divided + split_rows(amounts, allocation.weights(str(group), frame))
    return _Cells(direct=named_cells, shared=divided, unknown=tuple(sorted(set(unknown))))


def no_rates(reporting: str) -> Mapping[str, Decimal]:
    """Return the rates of who has none."""
    return {}


def read_spend(engine: Engine, *, currency: str | None, rates: Rates, query: str = "cost_months") -> Spend:
    """Read the ledger: CX lines that recur, capital spend spread over three years, everything in one currency.

    `query` "line_months" keeps what the ledger calls each line in `Spend.lines`.
    """
    ledger, reporting, used = in_one_currency(engine, query, currency=currency, rates=rates)
    recurring = ledger[ledger["is_cx"] & ~ledger["one_off"]]
    posted = recurring[recurring["thousandth"] != 0]
    if posted.empty:
        raise StoreError("store.no_cx_costs")
    acquired = ledger[ledger["is_acquisition"]]
    return Spend(
        lines=_by_month(recurring, LABELS[query]),
        currency=reporting,
        first_month=posted["month"].min(),
        last_month=posted["month"].max(),
        ledger=int(ledger["thousandth"].sum()),
        not_cx=int(ledger["thousandth"][~ledger["is_cx"]].sum()),
        one_off=int(ledger["thousandth"][ledger["is_cx"] & ledger["one_off"]].sum()),
        capex=int(recurring["thousandth"][recurring["is_capex"]].sum()),
        rates=used,
        acquisition=None if acquired.empty else _by_month(acquired, LABELS[query]),
        acquired=int(acquired["thousandth"].sum()),
    )


def in_one_currency(
    engine: Engine, query: str, *, currency: str | None, rates: Rates
) -> tuple[pd.DataFrame, str, RateTable]:
    """Return the rows of a query on the ledger with `thousandth`, their amounts in one currency; which one, and the rates used.

    Raises StoreError where an amount has no rate.
    """
    ledger = engine.query(query)
    ledger["month"] = pd.to_datetime(ledger["month"])
    reporting = _one_currency(engine, ledger, currency, rates)
    foreign = set(ledger["currency"].dropna()) - {reporting}
    used = as_table(rates(reporting) if foreign else {}).only(foreign)
    ledger["thousandth"] = converted(ledger, "amount_thousandth", used, reporting)
    return ledger, reporting, used


def source_currencies(engine: Engine, tables: tuple[str, ...]) -> set[str]:
    """Return the currencies that the sources of these tables were said to be in."""
    loaded = engine.version.tables
    return {
        str(source["currency"]).upper()
        for name in tables
        if name in loaded
        for source in loaded[name].sources
        if source.get("currency")
    }


def _one_currency(engine: Engine, ledger: pd.DataFrame, currency: str | None, rates: Rates) -> str:
    """Return the currency to report in, or refuse: nothing is added up across currencies without a rate.

    It is that of the other tables, else the one of the ledger for which the fewest rates are lacking.
    """
    elsewhere = source_currencies(engine, ("customers", "orders", "contacts"))
    written = set(ledger["currency"].dropna())
    if ledger["currency"].isna().any() or not written:
        written |= source_currencies(engine, ("costs",))
    possible = [currency] if currency else sorted(elsewhere) or sorted(written) or [""]
    lacking = {to: sorted(written - {to} - set(rates(to) if written - {to} else ())) for to in possible}
    reporting = min(possible, key=lambda to: len(lacking[to]))
    everything = ", ".join(sorted(written | elsewhere | {reporting}))
    if elsewhere - {reporting}:
        raise StoreError("store.currencies_differ", currencies=everything)
    if lacking[reporting]:
        raise StoreError(
            "store.currencies_mixed", currencies=everything, lacking=lacking[reporting][0], reporting=reporting
        )
    return reporting


def converted(rows: pd.DataFrame, of: str, rates: RateTable, reporting: str) -> list[int]:
    """Return thousandths in the reporting currency, each row of a ledger at the rate of its month; no code is the reporting one."""
    months = pd.to_datetime(rows["month"])
    return [
        _converted(amount, code, f"{month:%Y-%m}", rates, reporting)
        for amount, code, month in zip(rows[of], rows["currency"], months, strict=True)
    ]


def _converted(amount: int, code: object, month: str, rates: RateTable, reporting: str) -> int:
    if not isinstance(code, str) or code not in rates:
        return int(amount)
    worth = rates.at(code, month)
    if worth is None:
        raise StoreError("store.rate_begins_later", currency=code, reporting=reporting, month=month)
    return int((Decimal(int(amount)) * worth).quantize(Decimal(1), ROUND_HALF_EVEN))


def _by_month(lines: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    """Return lines in the months in which they count: capital spend in three years of them, the rest in its own."""
    spread = _spread(lines[lines["is_capex"]], labels)
    return pd.concat([lines[~lines["is_capex"]], spread], ignore_index=True)[
        ["month", "segment", *labels, "is_capex", "thousandth"]
    ]


def _spread(capex: pd.DataFrame, labels: tuple[str, ...]) -> pd.DataFrame:
    """Spread each capital amount evenly, exactly, over the months from its own on."""
    parts = [
        pd.DataFrame(
            {
                "month": pd.date_range(row["month"], periods=CAPEX_MONTHS, freq="MS"),
                **{name: row[name] for name in ("segment", *labels, "is_capex")},
                "thousandth": split(row["thousandth"], np.ones(CAPEX_MONTHS)),
            }
        )
        for row in capex.to_dict("records")
    ]
    return pd.concat(parts, ignore_index=True) if parts else capex


def _money(thousandth: float) -> Decimal:
    return Decimal(int(thousandth)).scaleb(-3)
