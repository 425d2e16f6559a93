"""The cost ledger: what was spent by what it is called, and how it reconciles from the files to the panel of the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from cxroi.errors import CxroiError, StoreError
from cxroi.model.company.ledger import COUNTS, CUTS, EVERYTHING, LABELS, CostCut, cut_ledger, money, only_value
from cxroi.questions.cx_part import CxPart, part_that_is_cx
from cxroi.questions.data import OpenVersion
from cxroi.questions.slice import Slice

if TYPE_CHECKING:
    import pandas as pd

    from cxroi.store.panel.ledger import Ledger
    from cxroi.store.panel.spend import CostAccount

MOST_LINES = 100  # that are listed
_TOLD_IF_NAMED = ("owner", "cx_level")  # labels that few ledgers have
_RULES = "finding.rule."
_TOTALS = {"finding.total_met", "finding.total_missed", "finding.difference_explained"}


@dataclass(frozen=True, kw_only=True)
class RuleUsed:
    """A rule that chose lines of one file when it was loaded, as its report says it: `decision` also "rest_cx", "rest_not_cx"
    and "rest_own" for the lines that no rule names."""

    decision: str
    column: str
    contains: str
    lines: int
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class LedgerSource:
    """One file (or sheet) of the ledger: its rows, what its amounts add up to, and the total that it should reach, if any.

    `total` is the control total that a person gave or that of the file's own total row; `why` how a difference was explained.
    `rates` tells the rates at which it was converted when it was loaded.
    """

    file: str
    sheet: str
    rows_read: int
    rows: int
    rejected: int
    skipped: int
    amount: Decimal
    total: Decimal | None
    why: str
    rates: str
    says_itself: bool  # whether it has a column that says which lines are customer experience
    rules: tuple[RuleUsed, ...]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What lines of one kind (of COUNTS) add up to, and what they are called, the largest first."""

    counts: str
    amount: Decimal
    lines: int
    names: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, kw_only=True)
class Converted:
    """Amounts of one currency and month: as written, the rate, and what they count as; `source` says where the rate comes from."""

    currency: str
    month: str
    written: Decimal
    rate: Decimal
    source: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class CostBook:
    """The whole ledger, exact, from its files to the panel; `refused` says why there is no panel, where there is none."""

    version: int
    currency: str
    first: str  # month with the first line, YYYY-MM
    last: str  # that with the last amount
    lines: int
    sources: tuple[LedgerSource, ...]
    loaded: Decimal  # what the table adds up to, in the currencies as written
    written: Decimal  # the same, counted by month and name
    ledger: Decimal  # in one currency
    counted: tuple[Counted, ...]
    converted: tuple[Converted, ...]
    cx_part: CxPart | None  # which part of the ledger counts, and who said so
    account: CostAccount | None
    in_panel: Decimal | None  # CX spend over all cells of the panel
    sharing: str  # the rule for lines without a segment
    refused: CxroiError | None

    @property
    def breaks(self) -> tuple[str, ...]:
        """Return the steps that do not add up to the last thousandth: none, unless something is broken."""
        account, found = self.account, []
        if sum((source.amount for source in self.sources), Decimal(0)) != self.loaded:
            found.append("files")
        if self.written != self.loaded:
            found.append("cells")
        if sum((one.amount for one in self.counted), Decimal(0)) != self.ledger:
            found.append("counted")
        if account is not None:
            parts = account.not_cx + account.one_off + account.outside_months + account.direct + account.shared
            if account.ledger != self.ledger or parts != account.ledger:
                found.append("account")
            if self.in_panel != account.direct + account.shared:
                found.append("panel")
        return tuple(found)


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One line of the ledger as it is written, "" for what it does not say."""

    month: str  # YYYY-MM
    initiative: str
    category: str
    touchpoint: str
    segment: str
    owner: str
    account: str
    invoice_id: str
    note: str
    currency: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class CostLines:
    """The largest lines of a part of the ledger; `of` is how many there are."""

    lines: tuple[CostLine, ...]
    of: int


def ask_cuts(data: OpenVersion) -> tuple[str, ...]:
    """Return what the ledger can be looked at by: owners and levels only where a line has one. Raises StoreError as `ask_costs` does."""
    cells = _ledger(data).cells
    return tuple(cut for cut in CUTS if cut not in _TOLD_IF_NAMED or cells[cut].notna().any())


def ask_cost_lines(data: OpenVersion, counts: str, about: Slice, most: int) -> CostLines:
    """Return the `most` largest lines of the part that is asked about."""
    values = {label: about.values[label] for label in ("segment", "touchpoint")}
    rows = data.engine.query(
        "ledger_entries", **about.days, **values, counts=None if counts == EVERYTHING else counts, limit=most
    )
    names = [name for name in rows.columns if name not in ("month", "thousandth", "lines")]
    return CostLines(
        lines=tuple(
            CostLine(
                month=f"{row['month']:%Y-%m}",
                amount=money(int(row["thousandth"])),
                **{str(name): row[name] if isinstance(row[name], str) else "" for name in names},
            )
            for row in rows.to_dict("records")
        ),
        of=int(rows["lines"].iloc[0]) if len(rows) else 0,
    )


def ask_costs(data: OpenVersion, by: str = LABELS[0], counts: str = "cx", about: Slice = Slice()) -> CostCut:  # noqa: B008  (frozen)
    """Return the ledger by a label or by month, of the months, the segment and the touchpoint that are asked about.

    Raises StoreError where there is no ledger, or an amount has no rate.
    """
    ledger = _ledger(data)
    cells = ledger.cells
    if about.first is not None and about.last is not None:
        cells = cells[cells["month"].between(str(about.first), str(about.last))]
    for label in ("segment", "touchpoint"):
        cells = only_value(cells, label, about.values[label])
    return cut_ledger(cells, by, counts=counts, posted_until=ledger.posted_until)


def ask_cost_book(data: OpenVersion) -> CostBook:
    """Return the whole ledger from its files to the panel. Raises StoreError as `ask_costs` does."""
    ledger = _ledger(data)
    cells, table = ledger.cells, data.version.tables["costs"]
    account, in_panel, refused = _in_the_panel(data, ledger)
    posted = ledger.posted_until if ledger.posted_until is not None else cells["month"].max()
    return CostBook(
        version=data.version.number,
        currency=ledger.currency or (account.currency if account else ""),
        first=f"{cells['month'].min():%Y-%m}",
        last=f"{posted:%Y-%m}",
        lines=int(cells["lines"].sum()),
        sources=_sources(table.sources, Decimal(table.sums.get("amount", "0"))),
        loaded=Decimal(table.sums.get("amount", "0")),
        written=money(int(cells["amount_thousandth"].sum())),
        ledger=money(int(cells["thousandth"].sum())),
        counted=tuple(_counted(cells[cells["counts"] == one], one) for one in COUNTS),
        converted=_converted(data, ledger),
        cx_part=part_that_is_cx(data.version),
        account=account,
        in_panel=in_panel,
        sharing=data.how["allocation"].rule,
        refused=refused,
    )


def _ledger(data: OpenVersion) -> Ledger:
    from cxroi.store.panel.ledger import read_ledger

    def read() -> Ledger:
        found = read_ledger(data.engine, rates=data.how["rates"])
        return found if found.currency else replace(found, currency=data.money_said.currency)

    return data.kept("ledger", read)


def _in_the_panel(data: OpenVersion, ledger: Ledger) -> tuple[CostAccount | None, Decimal | None, CxroiError | None]:
    """Return where the panel put the ledger and how much it uses, or why there is no panel of it."""
    try:
        frame = data.frame
    except CxroiError as error:
        return None, None, error
    if frame.account is None:
        return None, None, StoreError("costs.panel_by_month")
    thousandths = np.rint(frame.frame["cx_spend"].to_numpy(dtype=float) * 1000).astype("int64")
    return frame.account, money(int(thousandths.sum())), None


def _counted(rows: pd.DataFrame, counts: str) -> Counted:
    name = rows["initiative"].fillna(rows["category"]).fillna("")
    by_name = rows["thousandth"].groupby(name).sum().sort_values(ascending=False, kind="stable")
    return Counted(
        counts=counts,
        amount=money(int(rows["thousandth"].sum())),
        lines=int(rows["lines"].sum()),
        names=tuple((str(one), money(amount)) for one, amount in by_name.items()),
    )


def _converted(data: OpenVersion, ledger: Ledger) -> tuple[Converted, ...]:
    known = {(rate.currency, rate.reporting, rate.from_month): rate.source for rate in data.known_rates}
    rows = ledger.cells[ledger.cells["currency"].isin(list(ledger.rates))]
    summed = rows.groupby(["currency", "month"], as_index=False)[["amount_thousandth", "thousandth"]].sum()
    found = []
    for amounts in summed.to_dict("records"):
        currency, at = str(amounts["currency"]), f"{amounts['month']:%Y-%m}"
        since, worth = next(step for step in reversed(ledger.rates.steps[currency]) if step[0] <= at)
        found.append(
            Converted(
                currency=currency,
                month=at,
                written=money(amounts["amount_thousandth"]),
                rate=worth,
                source=known.get((currency, ledger.currency, since), ""),
                amount=money(amounts["thousandth"]),
            )
        )
    return tuple(found)


def _sources(records: Sequence[Mapping[str, Any]], loaded: Decimal) -> tuple[LedgerSource, ...]:
    """Return the files of the ledger; what is not written beside them (only the sample's is not) is the rest of the table."""
    told = [Decimal(record["sums"]["amount"]) if "amount" in record.get("sums", {}) else None for record in records]
    rest = loaded - sum((amount for amount in told if amount is not None), Decimal(0))
    return tuple(
        _source(record, rest if amount is None else amount) for record, amount in zip(records, told, strict=True)
    )


def _source(record: Mapping[str, Any], amount: Decimal) -> LedgerSource:
    findings = list(record.get("findings", ()))
    totals = [one["facts"] for one in findings if one["id"] in _TOTALS]
    converted = [one["facts"] for one in findings if one["id"] == "finding.converted"]
    rows = int(record.get("rows", 0))
    return LedgerSource(
        file=str(record.get("file") or ""),
        sheet=str(record.get("sheet") or ""),
        rows_read=int(record.get("rows_read", rows)),
        rows=rows,
        rejected=int(record.get("rows_rejected", 0)),
        skipped=int(record.get("rows_skipped", 0)),
        amount=amount,
        total=Decimal(totals[0]["total"]) if totals else None,
        why=str(totals[0].get("why", "")) if totals else "",
        rates=str(converted[0]["rates"]) if converted else "",
        says_itself="is_cx" in record.get("mapping", {}),
        rules=tuple(_rule(one["id"], one["facts"]) for one in findings if one["id"].startswith(_RULES)),
    )


def _rule(id: str, facts: Mapping[str, str]) -> RuleUsed:
    return RuleUsed(
        decision=id.removeprefix(_RULES),
        column=facts.get("target", ""),
        contains=facts.get("contains", ""),
        lines=int(facts["lines"]),
        amount=Decimal(facts["amount"]),
    )
