"""From the text of a cell to the typed value of a column, as SQL: one expression a column, and one condition a reason to reject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cxroi.intake.conventions import CALENDAR, NUMERIC, not_available
from cxroi.tables import SQL_TYPE, Column, Kind

EARLIEST = date(1990, 1, 1)
_EDGES = " \t\r\n\u00a0\u200b\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_LATER_BY_NATURE = {"ends_on", "starts_on"}  # plans reach further ahead than facts
_CHOICES = {
    "metric": {
        "nps": "nps|promoter|recommend|ترويج|توصية|التوصيه",
        "csat": "csat|satisf|رضا|الرضا",
        "ces": "ces|effort|جهد",
    },
    "kind": {"capex": "cap|رأس|راس", "opex": "op|running|expens|تشغيل"},
    "group": {
        "control": "control|^c$|^0$|untreated|baseline|holdout|ضابط|مقارنة|مرجعي|^no$|^b$",
        "treated": "treat|test|pilot|^t$|^1$|exposed|variant|تجريب|معالج|^yes$|^a$",
    },
    "category": {
        "people": r"people|staff|salar|payroll|personnel|headcount|wage|human|\bhr\b|رواتب|موظف|أجور|اجور|بشري",
        "training": "train|coach|learning|workshop|تدريب|تأهيل",
        "technology": r"tech|software|licen|system|platform|cloud|saas|tool|hardware|\bit\b|\bcrm\b|digital|تقني|برامج|برمج|نظام|أنظمة|ترخيص|تراخيص|رقمي",
        "research": "research|survey|insight|study|feedback|voice of|بحث|أبحاث|ابحاث|استبيان|دراس|استطلاع",
        "agency": "agenc|consult|outsourc|contractor|vendor|marketing|وكال|استشار|تعهيد|تسويق",
        "compensation": "compens|refund|goodwill|voucher|credit note|gift|تعويض|استرداد|هدايا|قسائم",
        "process": "process|operation|logistic|quality|facilit|عملي|إجراء|اجراء|تشغيل|جودة",
        "other": "other|misc|sundry|أخرى|اخرى|متفرق",
    },
}


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the cells of one column are read: "plain" casts as they are, otherwise a settled convention."""

    style: str  # "plain", ".", ",", "dmy", "mdy", "ymd", "hijri" or "text"
    stored_numbers: bool = False  # `n<i>` tells which cells were stored as numbers


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One target column: the SQL of its value and, in order, the reasons to reject a row with conditions that are never NULL."""

    target: str
    text: str
    value: str
    problems: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


def cast(column: Column, index: int, reading: Reading, *, today: date, required: bool | None = None) -> Cell:
    """Return how column `index` of the source becomes `column`."""
    text = f"c{index}"
    value = _value(column, text, reading, index)
    must = column.required if required is None else required
    blank = f"({text} IS NULL OR trim({text}) = '')" if reading.style in ("plain", "text") else f"is_blank({text})"
    if reading.style not in ("plain", "text") and not must:
        blank = f"({blank} OR {not_available(text)})"
    problems: list[tuple[str, str]] = []
    if must:
        problems.append(("reject.missing", blank if column.kind is not Kind.TEXT else f"({value}) IS NULL"))
    if column.kind is not Kind.TEXT:
        problems += _unreadable(column, text, value, blank, reading)
    latest = _latest(column, today)
    if column.kind in CALENDAR:
        problems.append(("reject.date_too_early", f"coalesce({value} < DATE '{EARLIEST}', false)"))
        problems.append(("reject.date_too_late", f"coalesce({value} > DATE '{latest}', false)"))
    if column.kind is Kind.COUNT:
        problems.append(("reject.negative_count", f"coalesce({value} < 0, false)"))
    facts = {"earliest": str(EARLIEST), "latest": str(latest), "choices": ", ".join(column.choices)}
    return Cell(target=column.name, text=text, value=value, problems=tuple(problems), facts=facts)


def empty(column: Column) -> str:
    """Return the SQL of a column that the file does not have."""
    return f"NULL::{SQL_TYPE[column.kind]}"


def _latest(column: Column, today: date) -> date:
    years = 11 if column.name in _LATER_BY_NATURE else 1
    return date(today.year + years, today.month, min(today.day, 28))


def _value(column: Column, text: str, reading: Reading, index: int) -> str:
    kind, type_ = column.kind, SQL_TYPE[column.kind]
    if kind is Kind.TEXT:
        return f"nullif(trim({text}, '{_EDGES}'), '')"
    if kind is Kind.FLAG:
        return f"read_flag({text})"
    if kind is Kind.CHOICE:
        return choice(column.name, text)
    if reading.style == "plain":
        value = f"TRY_CAST({text} AS {type_})"
    elif kind in NUMERIC:
        number = f"read_number({text}, '{reading.style}')"
        if reading.stored_numbers:
            number = f"CASE WHEN n{index} THEN {text} ELSE {number} END"
        whole = f"TRY_CAST({number} AS DECIMAL(38,6))" if kind is Kind.COUNT else number
        value = f"TRY_CAST({whole} AS {type_})"
    elif reading.style == "hijri":
        value = f"(SELECT any_value(day) FROM hijri_days WHERE hijri_days.v = {text})"
    else:
        value = f"read_date({text}, '{reading.style}')"
    return f"date_trunc('month', {value})::DATE" if kind is Kind.MONTH else value


def _unreadable(column: Column, text: str, value: str, blank: str, reading: Reading) -> list[tuple[str, str]]:
    """Return the conditions under which a filled cell has no value; a plain reading also declines what it would bend."""
    lost = f"(({value}) IS NULL AND NOT {blank})"
    if column.kind in CALENDAR:
        return [("reject.unreadable_date", lost)]
    if column.kind is Kind.FLAG:
        return [("reject.unreadable_flag", lost)]
    if column.kind is Kind.CHOICE:
        return [("reject.unknown_choice", lost)] if column.name in ("metric", "group") else []
    if reading.style == "plain":
        bends = f"coalesce(strpos({text}, '.') > 0 AND length({text}) - strpos({text}, '.') > 3, false)"
        odd = f"coalesce(NOT isfinite({value}::DOUBLE), false)"
        check = {Kind.MONEY: bends, Kind.COUNT: f"coalesce(strpos({text}, '.') > 0, false)"}.get(column.kind, odd)
        return [("reject.unreadable_number", f"({lost} OR {check})")]
    number = f"read_number({text}, '{reading.style}')"
    problems = [
        ("reject.not_finite", f"coalesce(regexp_matches(lower(trim({text})), '^[-+]?(nan|inf(inity)?)$'), false)"),
        ("reject.absurd_amount", f"coalesce(abs(TRY_CAST({number} AS DOUBLE)) > 1e15, false)"),
        ("reject.unreadable_number", lost),
    ]
    if column.kind is Kind.COUNT:
        problems.append(("reject.not_whole", f"coalesce(TRY_CAST({number} AS DOUBLE) <> {value}, false)"))
    return problems


def choice(name: str, text: str) -> str:
    """Return SQL for a column of fixed choices; an unknown cost category is "other", any other unknown is NULL."""
    branches = " ".join(
        f"WHEN regexp_matches(lower({text}), '{pattern}') THEN '{one}'" for one, pattern in _CHOICES[name].items()
    )
    otherwise = f"WHEN trim({text}) <> '' THEN 'other' " if name == "category" else ""
    return f"CASE {branches} {otherwise}END"
