"""Words that make a heading something else than the column it names: "VAT amount", "order status"."""

from __future__ import annotations

from cxroi.tables import Column, Kind

_MONEY = frozenset(
    [
        "tax",
        "vat",
        "gst",
        "ytd",
        "prior",
        "previous",
        "last",
        "budget",
        "budgeted",
        "plan",
        "planned",
        "forecast",
        "target",
        "balance",
        "opening",
        "closing",
        "running",
        "cumulative",
        "credit",
        "unit",
        "per",
        "rate",
        "ratio",
        "percent",
        "percentage",
        "pct",
        "share",
        "number",
        "no",
        "id",
        "code",
        "center",
        "centre",
        "type",
        "status",
        "priority",
        "category",
        "name",
        "date",
        "count",
        "currency",
        "exchange",
        "ضريبه",
        "الضريبه",
        "رصيد",
        "الرصيد",
        "نسبه",
        "معدل",
        "رقم",
        "رمز",
        "مركز",
        "نوع",
        "حاله",
        "تراكمي",
        "التراكمي",
        "موازنه",
        "الموازنه",
        "ميزانيه",
        "الميزانيه",
        "المخطط",
        "سعر",
        "دائن",
        "الدائن",
        "عدد",
        "تاريخ",
        "عمله",
    ]
)
_AROUND_TAX = frozenset(
    [
        "incl",
        "including",
        "inclusive",
        "excl",
        "excluding",
        "exclusive",
        "net",
        "gross",
        "before",
        "after",
        "without",
        "with",
    ]
)
_TAX = frozenset(["tax", "vat", "gst", "ضريبه", "الضريبه"])
_ID = frozenset(
    [
        "status",
        "state",
        "type",
        "priority",
        "date",
        "time",
        "category",
        "group",
        "source",
        "mode",
        "method",
        "class",
        "channel",
        "segment",
        "value",
        "amount",
        "cost",
        "count",
        "quantity",
        "حاله",
        "نوع",
        "تاريخ",
        "فئه",
        "اولويه",
        "قيمه",
        "مبلغ",
        "عدد",
    ]
)
_NAME = frozenset(
    [
        "no",
        "number",
        "manager",
        "owner",
        "cost",
        "costs",
        "amount",
        "budget",
        "date",
        "count",
        "email",
        "phone",
        "value",
        "مدير",
        "رقم",
        "تكلفه",
        "مبلغ",
        "تاريخ",
        "عدد",
        "ميزانيه",
    ]
)
_SIDES = frozenset(
    ["debit", "credit", "dr", "cr", "amount", "balance", "مدين", "دائن", "المدين", "الدائن", "مبلغ", "المبلغ", "رصيد"]
)
_NAMED = ("initiative", "name", "metric", "touchpoint")


def says_another(column: Column, words: set[str], own: set[str]) -> bool:
    """Return whether `words` of a heading, normalised, say that it is not `column`, whose own headings use the words `own`."""
    if column.kind is Kind.MONEY:
        other = words & _MONEY - own
        return bool(other - _TAX if words & _AROUND_TAX else other)
    if column.kind in (Kind.DATE, Kind.MONTH):
        return bool(words & _SIDES - own)
    if column.name.endswith("_id"):
        return bool(words & _ID - own)
    if column.name == "metric":
        return bool(words & (_NAME | {"id"}) - own)
    return column.name in _NAMED and bool(words & _NAME - own)
