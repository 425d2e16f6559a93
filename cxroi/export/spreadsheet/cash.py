"""Cash by month: every line of the plan against today as a formula over customers, prices and assumptions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell
from cxroi.export.spreadsheet.customers import month_dates, with_brought
from cxroi.model.response.channel import Channel
from cxroi.model.statistics.uncertainty import Draws
from cxroi.questions.workbook import WorkbookFacts

FIRST = HEAD_ROWS + 1  # the row of month 0


class _Column(NamedTuple):
    """One column: its id, the formula of a month and of month 0 (None: empty there), its values from month 0 on, its format."""

    id: str
    formula: str
    at_start: str | None
    values: Draws
    kind: str = "money"
    look: str = "plain"


def cash_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write the months of the plan, time 0 first, each column a formula; the names of the columns are what returns are made from."""
    columns = _columns(facts)
    sheet = book.sheet("cash", (7, 10, 6, *[13] * len(columns)), currency=book.currency)
    text, dates = book.text, month_dates(facts)
    ids = ("month", "date", "year", *(one.id for one in columns))
    sheet.head(HEAD_ROWS, [text(f"workbook.column.{id}") for id in ids], height=76)
    letters = {one.id: cell(0, 3 + place)[:-1] for place, one in enumerate(columns)}
    last = FIRST + len(dates)
    for month in range(len(dates) + 1):
        row = FIRST + month
        sheet.write(row, 0, month, "plain", "whole")
        sheet.write(row, 1, dates[month - 1] if month else None, "plain", "month")
        sheet.formula(row, 2, f"=ROUNDUP(A{row + 1}/12,0)", -(-month // 12), "quiet", "count")
        at = {id: f"{letter}{row + 1}" for id, letter in letters.items()}
        before = {f"{id}_before": f"{letter}{row}" for id, letter in letters.items()}
        whole = {f"{id}_all": f"{c}${FIRST + 1}:{c}${last + 1}" for id, c in letters.items()}
        for col, one in enumerate(columns, 3):
            formula = one.formula if month else one.at_start
            if formula is None:
                sheet.write(row, col, None, one.look)
                continue
            filled = formula.format(m=f"$A{row + 1}", **at, **before, **whole)
            sheet.formula(row, col, f"={filled}", one.values[month], one.look, one.kind)
    for col, one in enumerate(columns, 3):
        sheet.call(f"cash_{one.id}", FIRST, col, last)
    sheet.call("cash_month", FIRST, 0, last)
    sheet.call("cash_year", FIRST, 2, last)
    _sums(sheet, columns, last + 1)
    sheet.freeze(FIRST, 3)


def _sums(sheet: Sheet, columns: list[_Column], row: int) -> None:
    sheet.write(row, 0, sheet.text("workbook.sum"), "total")
    for col, one in enumerate(columns, 3):
        if one.id in _SUMMED:
            formula = f"=SUM({cell(FIRST, col)}:{cell(row - 1, col)})"
            sheet.formula(row, col, formula, float(np.nansum(one.values)), "total", "money")
        else:
            sheet.write(row, col, None, "total")
    for col in (1, 2):
        sheet.write(row, col, None, "total")


_SUMMED = {
    *("margin_kept", "support_of_kept", "more_margin", "cheaper_support", "staff_saving", "benefit", "benefits"),
    *("spend_today", "spend_plan", "one_off", "cost", "costs", "net", "discounted"),
}


def _columns(facts: WorkbookFacts) -> list[_Column]:
    cash, s = facts.cash, facts.case.scenario
    nothing = np.zeros(1)

    def monthly(values: Draws, first: float = 0.0) -> Draws:
        return np.concatenate([[first], values])

    plan = with_brought(facts, "customers_plan", "customers_brought", "{m}")
    today = "INDEX(customers_today,{m},0)"
    added = f"({plan}-{today})"
    total, counted = cash.cumulated(cash.flows), cash.cumulated(cash.discounted)
    residual = np.where(cash.month == s.horizon_months, cash.residual / cash.discount, 0.0)
    return [
        _Column("counts", "IF({m}<=horizon_months,1,0)", "1", monthly(cash.counts, 1.0), "count", "quiet"),
        _Column("factor", "(1+annual_discount_rate)^(-{m}/12)", "1", monthly(cash.discount, 1.0), "factor"),
        _Column("level", _level(facts), None, monthly(cash.months.level_percent), "number"),
        _Column(
            "there",
            "IF(investment_level_percent=100,1,MAX(0,MIN(1,({level}-100)/(investment_level_percent-100))))",
            None,
            monthly(cash.ramp),
            "factor",
        ),
        _Column("customers_today", f"SUM({today})", None, monthly(cash.months.today.sum(axis=1)), "count"),
        _Column("customers_plan", f"SUMPRODUCT({plan})", None, monthly(cash.plan.sum(axis=1)), "count"),
        _Column("margin_kept", f"{{counts}}*SUMPRODUCT(earned_worth,{added})", None, monthly(cash.margin_kept)),
        _Column(
            "support_of_kept", f"-{{counts}}*SUMPRODUCT(support_cost,{added})", None, monthly(cash.support_of_kept)
        ),
        _Column("more_margin", _more(facts, Channel.MARGIN, plan), None, monthly(cash.more_per_customer)),
        _Column("cheaper_support", _more(facts, Channel.SUPPORT, plan), None, monthly(cash.cheaper_support)),
        _Column(
            "staff_saving", "{counts}*{there}*staff_attrition_saving_per_year/12", None, monthly(cash.staff_saving)
        ),
        _Column(
            "benefit",
            "SUM({margin_kept},{support_of_kept},{more_margin},{cheaper_support},{staff_saving})",
            "0",
            monthly(cash.benefit),
        ),
        _Column("benefits", "{benefit}*benefit_factor", "{benefit}*benefit_factor", cash.benefits, look="strong"),
        _Column("spend_today", f"{{counts}}*SUMPRODUCT(spend_today,{today})", None, monthly(cash.spend_today)),
        _Column(
            "spend_plan", f"{{counts}}*{{level}}/100*SUMPRODUCT(spend_today,{plan})", None, monthly(cash.spend_plan)
        ),
        _Column("one_off", "0", "one_off_cost", monthly(np.zeros(cash.month.size), s.one_off_cost)),
        _Column(
            "cost",
            "{spend_plan}-{spend_today}+{one_off}",
            "{one_off}",
            monthly(cash.spend_plan - cash.spend_today, s.one_off_cost),
        ),
        _Column("costs", "{cost}*cost_factor", "{cost}*cost_factor", cash.costs, look="strong"),
        _Column("net", "{benefits}-{costs}", "{benefits}-{costs}", cash.flows, look="strong"),
        _Column("total", "{total_before}+{net}", "{net}", total),
        _Column("discounted", "{net}*{factor}", "{net}*{factor}", cash.discounted),
        _Column("total_discounted", "{total_discounted_before}+{discounted}", "{discounted}", counted),
        _Column("below", _below("total"), _below("total"), _months_below(total), "whole", "quiet"),
        _Column(
            "below_discounted",
            _below("total_discounted"),
            _below("total_discounted"),
            _months_below(counted),
            "whole",
            "quiet",
        ),
        _Column(
            "afterwards",
            "IF({m}=horizon_months,after_horizon*benefit_factor/{factor},0)",
            "0",
            np.concatenate([nothing, residual]),
            look="quiet",
        ),
        _Column("with_after", "{net}+{afterwards}", "{net}", cash.with_residual, look="quiet"),
    ]


def _level(facts: WorkbookFacts) -> str:
    """Return the level of spend of a month: that of its quarter while the plan is on its way, else its own."""
    formula = "investment_level_percent"
    for quarter in range(len(facts.case.scenario.first_quarters_percent), 0, -1):
        formula = f"IF({{m}}<={3 * quarter},quarter_{quarter},{formula})"
    return formula


def _more(facts: WorkbookFacts, channel: Channel, plan: str) -> str:
    """Return what margin or support cost per customer adds: as typed, on every customer of the plan, or as learned."""
    margin = channel is Channel.MARGIN
    typed, learned = ("dearer_margin", "earned_worth") if margin else ("costlier_support", "support_cost")
    parts = f"{{there}}*SUMPRODUCT({typed},{plan})"
    if channel in facts.known:
        name = f"customers_more_{channel}"
        moved = with_brought(facts, name, f"{name}_brought", "{m}")
        parts += f"+{channel}_counts*SUMPRODUCT({learned},{moved})"
    return f"{'' if margin else '-'}{{counts}}*({parts})"


def _below(total: str) -> str:
    """Return the month itself where the running total is below nothing, else -1; cents of rounding are nothing."""
    column = f"{{{total}_all}}"
    return f"IF({{{total}}}<-1E-12*MAX(MAX({column}),-MIN({column})),{{m}},-1)"


def _months_below(total: Draws) -> Draws:
    least = -1e-12 * max(total.max(), -total.min())
    return np.where(total < least, np.arange(total.size), -1.0)
