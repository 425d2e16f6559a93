"""From the text of a cell to the typed value of a column, as SQL: one expression a column, and one condition a reason to reject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from cxroi.intake.columns.conventions import CALENDAR, not_available
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
    "kind": {
        "capex": "cap|رأس|راس",
        "opex": "op|running|expens|تشغيل",
        "competitor": "compet|rival|منافس",
        "outage": r"outage|downtime|disrupt|interrupt|incident|breakdown|blackout|failure|\bfault|انقطاع|عطل|أعطال|اعطال|توقف|خلل",
        "promotion": r"promo|campaign|discount|offer|\bsales?\b|عرض|عروض|ترويج|حملة|حملات|خصم|خصومات|تخفيضات",
        "price": r"pric|tariff|\bfees?\b|سعر|أسعار|اسعار|تسعير|تعرفة|تعريفة|رسوم",
        "other": "other|misc|أخرى|اخرى",
    },
    "group": {
        "control": "control|^c$|^0$|untreated|baseline|holdout|ضابط|مقارنة|مرجعي|^no$|^b$",
        "treated": "treat|test|pilot|^t$|^1$|exposed|variant|تجريب|معالج|^yes$|^a$",
    },
    "cx_level": {  # a number, alone or with a word, or what stands at it
        "1": r"^\D*[1١۱]([.,]0+)?\D*$|communicat|inform|إعلام|اعلام|إبلاغ|ابلاغ|التواصل",
        "2": r"^\D*[2٢۲]([.,]0+)?\D*$|respon|استجاب",
        "3": r"^\D*[3٣۳]([.,]0+)?\D*$|commit|التزام",
        "4": r"^\D*[4٤۴]([.,]0+)?\D*$|proactiv|pro-activ|استباق",
        "5": r"^\D*[5٥۵]([.,]0+)?\D*$|evol|تطور|تطوير|ارتقاء",
    },
    "category": {
        "acquisition": r"^\W*(the )?(acquisition|acquiring)\W*$|(customer|client|subscriber|member|user|new|buyer)s?\W+acqui"
        r"|acquisition (spend|cost|market|media|campaign|channel)|acqui\w+ (of )?(new )?(customer|client|subscriber|member)"
        r"|lead gen|اكتساب|(استقطاب|استحواذ على|جذب) (ال)?(عميل|عملاء|زبائن|مشترك)|^\W*(ال)?استحواذ\W*$",
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

    style: str  # "plain", ".", ",", "dmy", "mdy", "ymd", "hijri", "text", or "tight" for text that needs no trimming
    stored_numbers: bool = False  # `n<i>` tells which cells were stored as numbers
    worded: bool = True  # False where no cell of numbers can hold the word or the sign of a currency
    decisive: bool = True  # False where every value reads the same in any convention


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One target column: the steps from text to value, and in order the reasons to reject, with conditions never NULL.

    A step is (name, SQL over the cells and earlier steps); each becomes a column of a nested select, so that it is computed
    once. Steps in `late` come after those of all cells and may name any of them. The last step is the value.
    """

    target: str
    text: str
    steps: tuple[tuple[str, str], ...]
    late: tuple[tuple[str, str], ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    sound: str = ""  # true where no problem is, in the form that an engine tests fastest; may be NULL where one is

    @property
    def value(self) -> str:
        """Return the name of the column that holds the typed value."""
        return (self.steps + self.late)[-1][0]

    def then(self, sql: str) -> Cell:
        """Return the cell with one more late step."""
        return replace(self, late=(*self.late, (f"w{len(self.late)}_{self.target}", sql)))


def derived(column: str, sql: str, *, text: str = "''") -> Cell:
    """Return a cell that comes from others, not from a heading of its own."""
    return Cell(target=column, text=text, steps=(), late=((f"v_{column}", sql),))


def layered(cells: Iterable[Cell], relation: str) -> str:
    """Return `relation` with every step of every cell as a column, each computed once."""
    cells = list(cells)
    for steps in ([cell.steps for cell in cells], [cell.late for cell in cells]):
        for depth in range(max((len(each) for each in steps), default=0)):
            names = ", ".join(f"{each[depth][1]} AS {each[depth][0]}" for each in steps if len(each) > depth)
            relation = f"(SELECT *, {names} FROM {relation})"
    return relation


def cast(column: Column, index: int, reading: Reading, *, today: date) -> Cell:
    """Return how column `index` of the source becomes `column`."""
    text = f"c{index}"
    steps = _steps(column, text, reading, index)
    value = steps[-1][0]
    untouched = reading.style in ("plain", "text", "tight")
    blank = f"({text} IS NULL OR trim({text}) = '')" if untouched else f"is_blank({text})"
    if not untouched and not column.required:
        blank = f"({blank} OR {not_available(text)})"
    problems: list[tuple[str, str]] = []
    if column.required:
        problems.append(("reject.missing", f"{value} IS NULL" if column.kind is Kind.TEXT else blank))
    problems += _unreadable(column, text, value, blank, reading)
    latest = last_day(column, today)
    if column.kind in CALENDAR:
        problems.append(("reject.date_too_early", f"coalesce({value} < DATE '{EARLIEST}', false)"))
        problems.append(("reject.date_too_late", f"coalesce({value} > DATE '{latest}', false)"))
    if column.kind is Kind.COUNT:
        problems.append(("reject.negative_count", f"coalesce({value} < 0, false)"))
    facts = {}
    if column.kind in CALENDAR:
        facts = {"earliest": str(EARLIEST), "latest": str(latest)}
    if column.choices:
        facts = {"choices": ", ".join(column.choices)}
    sound = _sound(column, text, value, latest) if untouched else ""
    return Cell(target=column.name, text=text, steps=steps, problems=tuple(problems), facts=facts, sound=sound)


def _sound(column: Column, text: str, value: str, latest: date) -> str:
    """Return the opposite of a plain column's problems as a chain that stops at the first test for nearly every row."""
    absent = f"{text} IS NULL OR trim({text}) = ''"
    if column.kind is Kind.TEXT:
        return f"{value} IS NOT NULL" if column.required else "true"
    if column.kind in CALENDAR:
        inside = f"{value} BETWEEN DATE '{EARLIEST}' AND DATE '{latest}'"
        return inside if column.required else f"({inside} OR {absent})"
    there = f"{value} IS NOT NULL" if column.required else f"({value} IS NOT NULL OR {absent})"
    if column.kind is Kind.MONEY:
        return f"{there} AND (strlen({text}) - strpos({text}, '.') <= 3 OR strpos({text}, '.') = 0 OR {text} IS NULL)"
    return ""


def last_day(column: Column, today: date) -> date:
    """Return the last day that a date in `column` may name."""
    years = 11 if column.name in _LATER_BY_NATURE else 1
    return date(today.year + years, today.month, min(today.day, 28))


def _steps(column: Column, text: str, reading: Reading, index: int) -> tuple[tuple[str, str], ...]:
    name, kind, type_ = column.name, column.kind, SQL_TYPE[column.kind]
    simple = {
        Kind.TEXT: text if reading.style == "tight" else trimmed(text),
        Kind.FLAG: f"read_flag({text})",
        Kind.CHOICE: choice(column, text) if kind is Kind.CHOICE else "",
    }
    if kind in simple:
        return ((f"v_{name}", simple[kind]),)
    whole = (lambda sql: f"date_trunc('month', {sql})::DATE") if kind is Kind.MONTH else (lambda sql: sql)
    if reading.style == "plain":
        return ((f"v_{name}", whole(f"TRY_CAST({text} AS {type_})")),)
    if reading.style == "hijri":
        day = f"(SELECT any_value(day) FROM hijri_days WHERE hijri_days.v = {text})"
        return ((f"v_{name}", whole(day)),)
    if kind in CALENDAR:
        read = f"date_of(s_{name}, p_{name}, '{reading.style}')"
        parts = (f"p_{name}", f"date_parts(s_{name})")
        return ((f"s_{name}", f"date_text({text})"), parts, (f"v_{name}", whole(read)))
    number = f"number_of(s_{name}, '{reading.style}')"
    if reading.stored_numbers:
        number = f"CASE WHEN n{index} THEN {text} ELSE {number} END"
    exact = f"TRY_CAST(r_{name} AS DECIMAL(38,6))" if kind is Kind.COUNT else f"r_{name}"
    return (
        (f"s_{name}", f"number_text({text})" if reading.worded else f"bare_number_text({text})"),
        (f"r_{name}", number),
        (f"v_{name}", f"TRY_CAST({exact} AS {type_})"),
    )


def trimmed(text: str) -> str:
    """Return SQL for a text without blanks and direction marks at its ends; the first test spares most cells the slow trim."""
    clean = f"{text} >= '!' AND {text} < '\x7f' AND ascii(reverse({text})) BETWEEN 33 AND 126"
    return f"CASE WHEN {clean} THEN {text} ELSE nullif(trim({text}, '{_EDGES}'), '') END"


def _unreadable(column: Column, text: str, value: str, blank: str, reading: Reading) -> list[tuple[str, str]]:
    """Return the conditions under which a filled cell has no value; a plain reading also declines what it would bend."""
    lost = f"({value} IS NULL AND NOT {blank})"
    if column.kind is Kind.TEXT:
        return []
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
    number = f"TRY_CAST(r_{column.name} AS DOUBLE)"
    problems = [
        ("reject.not_finite", f"coalesce(regexp_matches(lower(trim({text})), '^[-+]?(nan|inf(inity)?)$'), false)"),
        ("reject.absurd_amount", f"coalesce(abs({number}) >= 1e15, false)"),
        ("reject.unreadable_number", lost),
    ]
    if column.kind is Kind.COUNT:
        problems.append(("reject.not_whole", f"coalesce({number} <> {value}, false)"))
    return problems


def choice(column: Column, text: str) -> str:
    """Return SQL for a column of fixed choices; an unknown word is "other" where that is one of them, else NULL."""
    branches = " ".join(
        f"WHEN regexp_matches(lower({text}), '{pattern}') THEN '{one}'"
        for one, pattern in _CHOICES[column.name].items()
        if one in column.choices
    )
    otherwise = f"WHEN trim({text}) <> '' THEN 'other' " if "other" in column.choices else ""
    return f"CASE {branches} {otherwise}END"
