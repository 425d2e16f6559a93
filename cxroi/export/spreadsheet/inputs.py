"""The cells that a person may change: the scenario's assumptions, and what a customer brings and costs a month, by segment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cxroi.export.spreadsheet.book import HEAD_ROWS, Book, Sheet, cell, said, span
from cxroi.model.discount import monthly_factor
from cxroi.model.response.channel import Channel
from cxroi.model.scenario import MAY_BE_NONE, RANGES, WHOLE_MONTHS, Scenario
from cxroi.questions.workbook import WorkbookFacts
from cxroi.view.assumption_words import source_words, unit_words

# What the formulas of the workbook follow, in the order of the sheet, with the number format; the rest is the app's.
_LIVE = {
    "investment_level_percent": "number",
    "horizon_months": "count",
    "annual_discount_rate": "percent",
    "contribution_margin_rate": "percent",
    "one_off_cost": "money",
    "spend_uplift_percent": "number",
    "support_cost_change_percent": "number",
    "referral_share_of_benefit": "percent",
    "staff_attrition_saving_per_year": "money",
    "benefit_risk_adjustment_rate": "percent",
    "cost_risk_adjustment_rate": "percent",
    "residual_value_months": "count",
}
_FIXED = {
    "retention_uplift_pp": "number",
    "new_customers_per_month": "number",
    "hurdle_net_return": "percent",
    "materiality_rate": "percent",
}
_VALUE, _LOW, _HIGH, _MADE, _STATE = 1, 3, 4, 5, 6
_COUNTS = {Channel.MARGIN: "count_margin", Channel.SUPPORT: "count_support", Channel.JOINS: "count_joins"}


@dataclass(frozen=True)
class _Row:
    """One row of the assumptions: its words, its cell and what it may hold."""

    label: str
    value: float | None
    kind: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    grade: str = ""
    about: str = ""


def assumptions_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write the assumptions: those that formulas follow as inputs, the others as the app's, and what follows from them."""
    text = book.text
    sheet = book.sheet("assumptions", (46, 17, 20, 19, 19, 17, 30, 8, 90))
    named = ("name", "value", "unit", "low", "high", "made", "state", "grade", "about")
    sheet.head(HEAD_ROWS, [text(f"workbook.assumptions.{name}") for name in named], words=(0, 2, 6, 7, 8))
    first = row = HEAD_ROWS + 1
    for name, kind in _LIVE.items():
        own = _row_of(facts, name, kind, sheet)
        _live(sheet, row, name, own, facts)
        row += 1
    for channel in facts.known:
        doubted = channel in facts.in_doubt
        about = text(f"workbook.assumptions.{'in_doubt' if doubted else 'counts'}")
        label = text("workbook.assumptions.counted", name=text(f"channel.{channel}"))
        _flag(
            sheet, row, _COUNTS[channel], _Row(label, 0.0 if doubted else 1.0, "count", low=0.0, high=1.0, about=about)
        )
        row += 1
    row += 1
    sheet.write(row, 0, text("workbook.assumptions.fixed"), "group")
    row += 1
    for name, kind in _FIXED.items():
        _fixed(sheet, row, _row_of(facts, name, kind, sheet))
        row += 1
    for place, level in enumerate(facts.case.scenario.first_quarters_percent, 1):
        label = text("workbook.assumptions.quarter", number=text.number(place))
        about = text("assumption.first_quarters_percent.meaning")
        _fixed(sheet, row, _Row(label, level, "number", unit=unit_words("percent of today", text), about=about))
        sheet.call(f"quarter_{place}", row, _VALUE)
        row += 1
    states = span(first, _STATE, row - 1, _STATE)
    _worked_out(sheet, row + 1, facts)
    _say_state(sheet, states)
    sheet.freeze(first, 1)


def _row_of(facts: WorkbookFacts, name: str, kind: str, sheet: Sheet) -> _Row:
    case, text = facts.case, sheet.text
    entry = next(one for one in case.assumptions if one.name == name)
    free = name in MAY_BE_NONE and name in _LIVE and name != "investment_level_percent"
    value = getattr(case.asked if free else case.scenario, name)
    low, high = RANGES[name]
    if name == "investment_level_percent":
        low, high = min(facts.levels), max(facts.levels)
    elif name == "horizon_months":
        low, high = min(facts.cash.months.run_off), max(facts.cash.months.run_off)
    elif name == "residual_value_months":
        high = len(facts.cash.run_off)
    typed = getattr(case.asked, name) != getattr(Scenario(), name)
    source = text("workbook.assumptions.typed") if typed else source_words(entry, text)
    about = [text(f"assumption.{name}.meaning"), source]
    if free and value is None and (known := getattr(case.scenario, name)) is not None:
        about.append(text("workbook.assumptions.blank", value=text.number(round(known, 4))))
    elif free:
        about.append(text("workbook.assumptions.emptied"))
    return _Row(
        label=text(f"assumption.{name}.label"),
        value=value,
        kind=kind,
        unit=unit_words(entry.unit, text),
        low=low,
        high=high,
        grade=entry.grade.value,
        about=" · ".join(about),
    )


def _live(sheet: Sheet, row: int, name: str, own: _Row, facts: WorkbookFacts) -> None:
    here, low, high = cell(row, _VALUE), cell(row, _LOW), cell(row, _HIGH)
    right = f"AND(ISNUMBER({here}),{here}>={low},{here}<={high})"
    if name == "horizon_months":
        right = f"ISNUMBER(MATCH({here},horizon_list,0))"
        _choose(sheet, row, list(facts.cash.months.run_off))
    else:
        rule = "integer" if name in WHOLE_MONTHS else "decimal"
        _limit(sheet, row, rule, own)
    if name in WHOLE_MONTHS:
        right = f"IF(ISNUMBER({here}),AND({right},{here}=INT({here})),FALSE)"
    if name in MAY_BE_NONE and name != "investment_level_percent":
        right = f"OR(ISBLANK({here}),{right})"
    _write(sheet, row, own, "input")
    sheet.call(name, row, _VALUE)
    _changed(sheet, row, f"NOT({right})", "outside", "changed")


def _flag(sheet: Sheet, row: int, name: str, own: _Row) -> None:
    _write(sheet, row, own, "input")
    _choose(sheet, row, [1, 0])
    sheet.call(name, row, _VALUE)
    here = cell(row, _VALUE)
    _changed(sheet, row, f"NOT(OR({here}=1,{here}=0))", "outside", "changed")


def _fixed(sheet: Sheet, row: int, own: _Row) -> None:
    _write(sheet, row, own, "app")
    here, made = cell(row, _VALUE), cell(row, _MADE)
    _changed(sheet, row, f"{here}<>{made}", "not_followed", "not_followed")


def _write(sheet: Sheet, row: int, own: _Row, look: str) -> None:
    sheet.write(row, 0, own.label)
    sheet.write(row, _VALUE, own.value, look, own.kind)
    sheet.write(row, 2, own.unit, "quiet")
    if look == "input":
        sheet.write(row, _LOW, own.low, "quiet", own.kind)
        sheet.write(row, _HIGH, own.high, "quiet", own.kind)
    sheet.write(row, _MADE, own.value, "app", own.kind)
    sheet.write(row, 7, own.grade)
    sheet.write(row, 8, own.about, "wrap_quiet")
    sheet.sheet.set_row(row, 6 + 12 * (1 + len(own.about) // 120))


def _changed(sheet: Sheet, row: int, wrong: str, if_wrong: str, if_changed: str) -> None:
    """Write whether a cell is as the app has it; one that is empty is not one that holds nothing."""
    here, made, text = cell(row, _VALUE), cell(row, _MADE), sheet.text
    same = f"AND({here}={made},ISBLANK({here})=ISBLANK({made}))"
    told = said(text(f"workbook.state.{if_wrong}")), said(text(f"workbook.state.{if_changed}"))
    sheet.formula(row, _STATE, f'=IF({wrong},{told[0]},IF({same},"",{told[1]}))', "", "warn")


def _limit(sheet: Sheet, row: int, rule: str, own: _Row) -> None:
    told = sheet.text("workbook.state.outside")
    given = {"validate": rule, "criteria": "between", "minimum": own.low, "maximum": own.high, "error_title": told[:32]}
    sheet.sheet.data_validation(row, _VALUE, row, _VALUE, given)


def _choose(sheet: Sheet, row: int, choices: Sequence[int]) -> None:
    given = {"validate": "list", "source": list(choices), "error_title": sheet.text("workbook.state.outside")[:32]}
    sheet.sheet.data_validation(row, _VALUE, row, _VALUE, given)


def _worked_out(sheet: Sheet, row: int, facts: WorkbookFacts) -> None:
    """Write what the sheets share of the assumptions: places in the tables of levels and horizons, factors, what counts."""
    scenario, levels, text = facts.case.scenario, sorted(facts.levels), sheet.text
    level = facts.cash.money.plan_percent
    at = levels.index(level) + 1
    counted = {name: name in facts.known and name not in facts.cash.money.without for name in Channel}
    up, down = facts.cash.adjusted
    table = {
        "level_at": ("=IFERROR(MATCH(investment_level_percent,level_list,1),1)", at, "count"),
        "level_next": (
            "=IF(INDEX(level_list,level_at)=investment_level_percent,level_at,MIN(level_at+1,ROWS(level_list)))",
            at,
            "count",
        ),
        "level_weight": (
            "=IF(level_next=level_at,0,(investment_level_percent-INDEX(level_list,level_at))"
            "/(INDEX(level_list,level_next)-INDEX(level_list,level_at)))",
            0,
            "factor",
        ),
        "horizon_at": (
            "=IFERROR(MATCH(horizon_months,horizon_list,0),1)",
            list(facts.cash.months.run_off).index(scenario.horizon_months) + 1,
            "count",
        ),
        "margin_counts": (_counts(facts, Channel.MARGIN, "spend_uplift_percent"), counted[Channel.MARGIN], "count"),
        "support_counts": (
            _counts(facts, Channel.SUPPORT, "support_cost_change_percent"),
            counted[Channel.SUPPORT],
            "count",
        ),
        "joined_counts": (_counts(facts, Channel.JOINS, "referral_share_of_benefit"), counted[Channel.JOINS], "count"),
        "benefit_factor": ("=1-benefit_risk_adjustment_rate", up, "factor"),
        "cost_factor": ("=1+cost_risk_adjustment_rate", down, "factor"),
        "monthly_rate": (
            "=(1+annual_discount_rate)^(1/12)-1",
            1 / monthly_factor(scenario.annual_discount_rate) - 1,
            "churn",
        ),
    }
    sheet.write(row, 0, text("workbook.assumptions.worked_out"), "group")
    for place, (name, (formula, value, kind)) in enumerate(table.items(), row + 1):
        sheet.write(place, 0, text(f"workbook.worked_out.{name}"))
        sheet.formula(place, _VALUE, formula, float(value), "plain", kind)
        sheet.call(name, place, _VALUE)


def _counts(facts: WorkbookFacts, channel: Channel, typed: str) -> str:
    """Return whether what was learned of a channel counts: it is switched on, and no typed assumption stands in for it."""
    return f"=IF(ISNUMBER({typed}),0,{_COUNTS[channel]})" if channel in facts.known else "=0"


def _say_state(sheet: Sheet, states: str) -> None:
    """Write the state of the whole workbook, which every sheet repeats at its head."""
    told = {name: said(sheet.text(f"workbook.state.{name}")) for name in ("outside", "not_followed", "changed")}
    whole = {name: said(sheet.text(f"workbook.state.{name}")) for name in ("stop", "between", "moved", "made")}
    count = {name: f"COUNTIF({states},{words})" for name, words in told.items()}
    moved = f"IF(level_weight>0,{whole['between']},{whole['moved']})"
    any_changed = f"{count['changed']}+unit_changes>0"
    formula = f"=IF(can_follow,IF({any_changed},{moved},{whole['made']}),{whole['stop']})"
    sheet.formula(2, 0, formula, sheet.text("workbook.state.made"), "strong")
    sheet.call("workbook_state", 2, 0)
    sheet.write(2, _STATE - 1, sheet.text("workbook.assumptions.can_follow"), "quiet")
    sheet.formula(2, _STATE, f"={count['outside']}+{count['not_followed']}=0", True, "quiet")
    sheet.call("can_follow", 2, _STATE)


def units_sheet(book: Book, facts: WorkbookFacts) -> None:
    """Write what a customer-month brings and costs by segment, as inputs, and what formulas make of it."""
    money, text, segments = facts.cash.money, book.text, facts.case.baseline.segments
    count = len(segments)
    sheet = book.sheet("units", (44, 22, *[15] * count), currency=book.currency)
    names = [text.name(one.segment) for one in segments]
    sheet.head(HEAD_ROWS, ["", text("workbook.assumptions.unit"), *names], words=(0, 1))
    data_margin = np.array([one.contribution_margin_per_customer_month for one in segments])
    row = HEAD_ROWS + 1

    def put(id: str, name: str, values: Sequence[float] | np.ndarray, look: str, kind: str, formula: str = "") -> None:
        nonlocal row
        sheet.write(row, 0, text(f"workbook.units.{id}"))
        sheet.write(row, 1, text(f"workbook.unit.{'months' if kind == 'count' and formula else kind}"), "quiet")
        for place, value in enumerate(values):
            col = place + 2
            if formula:
                at = {key: cell(where, col) for key, where in rows.items()}
                sheet.formula(row, col, formula.format(**at), value, look, kind)
            else:
                sheet.write(row, col, float(value), look, kind)
        sheet.call(name, row, 2, row, count + 1)
        rows[id] = row
        row += 1

    rows: dict[str, int] = {}
    put("customers", "unit_customers", money.customers, "app", "count")
    put("churn", "unit_churn", facts.churn, "app", "churn")
    inputs = {
        "revenue": ("unit_revenue", money.revenue),
        "margin": ("unit_margin", data_margin),
        "support": ("support_cost", money.support),
        "spend": ("spend_today", money.spend),
    }
    for id, (name, values) in inputs.items():
        put(id, name, values, "input", "unit")
    rate, life = "contribution_margin_rate", "residual_value_months"
    put("used", "margin_used", money.margin, "plain", "unit", f"=IF(ISNUMBER({rate}),{rate}*{{revenue}},{{margin}})")
    referred = "IF(ISNUMBER(referral_share_of_benefit),referral_share_of_benefit,0)"
    put("earned", "earned_worth", money.earned, "plain", "unit", f"={{used}}*(1+{referred})")
    put("kept", "kept_worth", money.kept, "plain", "unit", "={earned}-{support}")
    put("after", "after_worth", money.after, "plain", "unit", "={used}-{support}-{spend}")
    put("dearer", "dearer_margin", money.dearer, "plain", "unit", f"={_share('spend_uplift_percent')}*{{used}}")
    changed = _share("support_cost_change_percent")
    put("costlier", "costlier_support", money.costlier, "plain", "unit", f"={changed}*{{support}}")
    remaining = "IF({churn}>=1,0,IFERROR(MIN(60,ROUND(LN(0.05)/LN((1-{churn})/(1+monthly_rate)),0)),60))"
    put("life", "life_months", money.life, "plain", "count", f"=IF(ISNUMBER({life}),{life},{remaining})")
    sheet.write(row + 1, 0, text("workbook.units.made"), "group")
    first = row + 2
    for row, (id, (_, values)) in enumerate(inputs.items(), first):
        sheet.write(row, 0, text(f"workbook.units.{id}"))
        for place, value in enumerate(values.tolist(), 2):
            sheet.write(row, place, value, "app", "unit")
    inputs_at = span(rows["revenue"], 2, rows["spend"], count + 1)
    changes = f"=SUMPRODUCT(--({inputs_at}<>{span(first, 2, row, count + 1)}))"
    sheet.write(row + 2, 0, text("workbook.units.changes"))
    sheet.formula(row + 2, 2, changes, 0, "plain", "count")
    sheet.call("unit_changes", row + 2, 2)
    sheet.freeze(HEAD_ROWS + 1, 2)


def _share(name: str) -> str:
    return f"IF(ISNUMBER({name}),{name}/100,0)"
