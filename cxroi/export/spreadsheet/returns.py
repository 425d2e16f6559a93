"""What the cash comes to: present values, return, rate of return and payback; and the same by year as a TEI table."""

from __future__ import annotations

import numpy as np

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell, said, span
from cxroi.export.spreadsheet.cash import FIRST
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.expected import ExpectedCash
from cxroi.model.value.finance import roi
from cxroi.questions.workbook import WorkbookFacts
from cxroi.text import Text

_COSTS_SOMETHING = "pv_costs>0"
_STARTS = (0.005, 0.02, 0.1, 0.5, -0.01, -0.05)  # a month


def returns_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write every figure with its formula and, beside it, how it is made; where the workbook cannot follow, they say so."""
    text, cash = book.text, facts.cash
    sheet = book.sheet("returns", (46, 22, 96), currency=book.currency)
    sheet.head(HEAD_ROWS, [text(f"workbook.returns.{id}") for id in ("figure", "value", "how")], words=(0, 2))
    benefit, cost = cash.present
    net = benefit - cost
    ratio = roi(benefit, cost)
    irr = cash.irr
    monthly = None if irr is None else (1 + irr) ** (1 / 12) - 1
    none = said(text("report.none"))
    never = said(text("workbook.not_within")), said(text("decide.no_cost"))
    within = benefit - cash.residual
    last = FIRST + len(cash.month)
    flows = "cash_with_after"
    rate = _rate(flows, monthly, none)
    signs = f"SUMPRODUCT(--(INDEX({flows},1):INDEX({flows},{last - FIRST})*INDEX({flows},2):INDEX({flows},{last - FIRST + 1})<0))"
    later = f"INDEX(cash_net,2):INDEX(cash_net,{last - FIRST + 1})"
    rows: list[tuple[str, str, str, object, str, bool]] = [
        ("within", "pv_within", "SUMPRODUCT(cash_factor,cash_benefits)", within, "headline", False),
        ("after", "pv_after", "after_horizon*benefit_factor", cash.residual, "headline", False),
        ("benefit", "pv_benefits", "pv_within+pv_after", benefit, "headline", True),
        ("cost", "pv_costs", "SUMPRODUCT(cash_factor,cash_costs)", cost, "headline", True),
        ("npv", "plan_npv", "pv_benefits-pv_costs", net, "headline", True),
        (
            "npv_check",
            "npv_by_function",
            f"INDEX(cash_net,1)+NPV(monthly_rate,{later})+pv_after",
            net,
            "headline",
            False,
        ),
        ("roi", "plan_roi", f"IF({_COSTS_SOMETHING},pv_benefits/pv_costs-1,{none})", ratio, "percent", True),
        (
            "bcr",
            "benefit_cost_ratio",
            f"IF({_COSTS_SOMETHING},pv_benefits/pv_costs,{none})",
            None if ratio is None else ratio + 1,
            "ratio",
            True,
        ),
        ("irr_monthly", "irr_monthly", f"IF({_COSTS_SOMETHING},{rate},{none})", monthly, "churn", False),
        ("irr", "plan_irr", f"IF(ISNUMBER(irr_monthly),(1+irr_monthly)^12-1,{none})", irr, "percent", True),
        (
            "irr_check",
            "npv_at_irr",
            f"IF(ISNUMBER(irr_monthly),SUMPRODUCT({flows},(1+irr_monthly)^-cash_month),{none})",
            None if irr is None else 0.0,
            "headline",
            False,
        ),
        ("signs", "sign_changes", signs, _changes(cash.with_residual), "count", False),
        (
            "payback",
            "payback_months",
            _payback("total", "below", *never),
            paid_back(cash, cash.flows, text),
            "ratio",
            True,
        ),
        (
            "payback_discounted",
            "discounted_payback_months",
            _payback("total_discounted", "below_discounted", *never),
            paid_back(cash, cash.discounted, text),
            "ratio",
            True,
        ),
    ]
    for row, (id, name, formula, value, kind, leads) in enumerate(rows, HEAD_ROWS + 1):
        look = "total" if id == "npv" else "strong" if leads else "plain"
        sheet.write(row, 0, text(f"workbook.returns.{id}"), look)
        _result(sheet, row, 1, name, formula, value, look, kind)
        sheet.write(row, 2, text(f"workbook.how.{id}"), "wrap_quiet")
        sheet.sheet.set_row(row, 28)
    sheet.freeze(HEAD_ROWS + 1)


def paid_back(cash: ExpectedCash, flows: Draws, text: Text) -> float | str:
    """Return the months until flows are paid back, or in words why there are none."""
    found = cash.payback(flows)
    return found if found is not None else text("workbook.not_within" if cash.present[1] > 0 else "decide.no_cost")


def _rate(flows: str, known: float | None, otherwise: str) -> str:
    """Return the rate of return a month, sought from what it is known to be and then from elsewhere: IRR() gives up where it starts badly."""
    starts = (*(() if known is None else (round(known, 6),)), *_STARTS)
    return "".join(f"IFERROR(IRR({flows},{start})," for start in starts) + otherwise + ")" * len(starts)


def _result(sheet: Sheet, row: int, col: int, name: str, formula: str, value: object, look: str, kind: str) -> None:
    """Write a figure that stands only where the workbook can follow every input."""
    stop = said(sheet.text("workbook.state.stopped"))
    sheet.formula(row, col, f"=IF(can_follow,{formula},{stop})", value, look, kind)
    sheet.call(name, row, col)


def _payback(total: str, below: str, not_within: str, no_cost: str) -> str:
    """Return from which month on a running total stays at or above nothing: the last one below, and its part of the next."""
    last, at = f"MAX(cash_{below})", f"INDEX(cash_{total},MAX(cash_{below})+1)"
    after = f"INDEX(cash_{total},MAX(cash_{below})+2)"
    never = f"{last}=MAX(cash_month)"
    return f"IF({_COSTS_SOMETHING},IF({last}<0,0,IF({never},{not_within},{last}+{at}/({at}-{after}))),{no_cost})"


def _changes(flows: Draws) -> int:
    return int((flows[1:] * flows[:-1] < 0).sum())


def tei_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write the plan by year as Total Economic Impact studies have it, discounted at year ends."""
    text, table, cash = book.text, facts.cash.tei, facts.cash
    years = -(-len(cash.month) // 12)
    sheet = book.sheet("tei", (26, *[14] * (years + 1), 16, 16), currency=book.currency)
    names = [text("tei.initial"), *(text("tei.year", year=text.number(y)) for y in range(1, years + 1))]
    sheet.head(HEAD_ROWS, ["", *map(_capital, (*names, text("tei.total"), text("tei.present_value")))])
    top, first = HEAD_ROWS + 1, 1
    last = first + years
    filled = [0.0] * (years + 1 - len(table.costs))
    lines = {
        "costs": [-one for one in table.costs] + filled,
        "benefits": [*table.benefits, *filled],
        "net": [*table.net_benefits, *filled],
    }
    totals = {
        "costs": (-table.total_costs, -table.pv_costs),
        "benefits": (table.total_benefits, table.pv_benefits),
        "net": (table.total_net, table.npv),
    }
    factors = [(1 + table.rate) ** -year for year in range(years + 1)]
    sheet.write(top, 0, text("workbook.tei.factor"), "quiet")
    for year in range(years + 1):
        formula = f"=(1+annual_discount_rate)^-{year}"
        sheet.formula(top, first + year, formula, factors[year], "quiet", "factor")
    row_of = {name: top + 1 + place for place, name in enumerate(lines)}
    for name, row in row_of.items():
        look = "total" if name == "net" else "plain"
        sheet.write(row, 0, _capital(text(f"tei.{name}")), look)
        for year, value in enumerate(lines[name]):
            col = first + year
            own = f"{cell(row_of['costs'], col)}+{cell(row_of['benefits'], col)}"
            summed = f"SUMIF(cash_year,{year},cash_{name})" if name != "net" else own
            sheet.formula(row, col, f"={'-' if name == 'costs' else ''}{summed}", value, look, "money")
        line = span(row, first, row, last)
        sheet.formula(row, last + 1, f"=SUM({line})", totals[name][0], look, "money")
        present = f"=SUMPRODUCT({line},{span(top, first, top, last)})"
        sheet.formula(row, last + 2, present, totals[name][1], look, "money")
    _tei_payback(sheet, facts, row_of["net"], years)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _tei_payback(sheet: Sheet, facts: WorkbookFacts, net: int, years: int) -> None:
    """Write the running total, the last year below nothing, and the three figures of the table."""
    text, table = sheet.text, facts.cash.tei
    row, last = net + 1, 1 + years
    amounts = [*table.net_benefits, *[0.0] * (years + 1 - len(table.net_benefits))]
    total = np.cumsum(amounts)
    line = span(row, 1, row, last)
    sheet.write(row, 0, text("workbook.column.total_by_year"), "quiet")
    sheet.write(row + 1, 0, text("workbook.column.below"), "quiet")
    least = -1e-12 * max(total.max(), -total.min())
    for year in range(years + 1):
        col = 1 + year
        before = f"{cell(row, col - 1)}+" if year else ""
        sheet.formula(row, col, f"={before}{cell(net, col)}", total[year], "quiet", "money")
        formula = f"=IF({cell(row, col)}<-1E-12*MAX(MAX({line}),-MIN({line})),{year},-1)"
        sheet.formula(row + 1, col, formula, year if total[year] < least else -1, "quiet", "whole")
    below = f"MAX({span(row + 1, 1, row + 1, last)})"
    at, after = f"INDEX({line},{below}+1)", f"INDEX({line},{below}+2)"
    none, never = said(text("report.none")), text("workbook.not_within")
    paid = f"IF({below}<0,0,IF({below}={years},{said(never)},12*({below}+{at}/({at}-{after}))))"
    costs = cell(net - 2, last + 2)
    figures: list[tuple[str, str, str, object, str]] = [
        ("npv", "tei_npv", cell(net, last + 2), table.npv, "headline"),
        ("roi", "tei_roi", f"IF({costs}<0,{cell(net, last + 2)}/-{costs},{none})", table.roi, "percent"),
        (
            "payback",
            "tei_payback_months",
            paid,
            never if table.payback_months is None else table.payback_months,
            "ratio",
        ),
    ]
    for place, (id, name, formula, value, kind) in enumerate(figures, row + 3):
        sheet.write(place, 0, text(f"workbook.tei.{id}"), "strong")
        _result(sheet, place, 1, name, formula, value, "strong", kind)
    sheet.write(row + 7, 0, text("workbook.tei.note"), "quiet")
    sheet.freeze(HEAD_ROWS + 1, 1)
