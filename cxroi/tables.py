"""The tables a person can upload, each declared once: for reading, validation, mapping, help, templates and tests."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType


class Kind(StrEnum):
    """What a column holds; it fixes the Parquet type, how text is read, and what is rejected."""

    TEXT = "text"  # VARCHAR, ids included: 000123, NA and NULL stay as they are
    DATE = "date"  # DATE
    MONTH = "month"  # DATE, the first day
    MONEY = "money"  # DECIMAL(18,3): three decimals, because dinars have them
    COUNT = "count"  # BIGINT, >= 0
    NUMBER = "number"  # DOUBLE
    SCORE = "score"  # DOUBLE, on the scale of its metric
    FLAG = "flag"  # BOOLEAN
    CHOICE = "choice"  # VARCHAR, one of `choices`


SQL_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.MONTH: "DATE",
    Kind.MONEY: "DECIMAL(18,3)",
    Kind.COUNT: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.SCORE: "DOUBLE",
    Kind.FLAG: "BOOLEAN",
    Kind.CHOICE: "VARCHAR",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column; its meaning in both languages stands in the text catalogues under `table.<table>.<name>`."""

    name: str
    kind: Kind
    required: bool = False
    unit: str = ""
    choices: tuple[str, ...] = ()
    personal: bool = False
    english: tuple[str, ...] = ()  # headings that people use for it
    arabic: tuple[str, ...] = ()

    @property
    def may_be_constant(self) -> bool:
        """Return whether a file without this column may well be about one value of it: a month, never one customer."""
        return self.required and self.kind in (Kind.DATE, Kind.MONTH, Kind.CHOICE)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table: its grain, its columns, and which alternative columns satisfy what is required."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()  # unique where given
    one_of: tuple[tuple[str, ...], ...] = ()  # at least one column of each group

    def column(self, name: str) -> Column:
        """Return the column called `name`."""
        return next(column for column in self.columns if column.name == name)


@cache
def _headings() -> dict[str, dict[str, dict[str, list[str]]]]:
    return tomllib.loads(files("cxroi").joinpath("headings.toml").read_text(encoding="utf-8"))


def _column(table: str, name: str, kind: Kind, **more: object) -> Column:
    """Build a column with the headings that people use for it."""
    groups = [_headings().get(place, {}).get(name, {}) for place in ("every", table)]
    english, arabic = (
        tuple(word for group in groups for word in group.get(tongue, ())) for tongue in ("english", "arabic")
    )
    return Column(name=name, kind=kind, english=english, arabic=arabic, **more)  # type: ignore[arg-type]


GONE = (  # a status that says that a customer has left; the query dated_customers knows the same words
    *("left", "lost", "churned", "cancelled", "canceled", "closed", "inactive", "terminated", "ended", "expired"),
    *(
        "former",
        "former customer",
        "lost customer",
        "churned customer",
        "deactivated",
        "discontinued",
        "departed",
        "unsubscribed",
    ),
    *("مغادر", "غادر", "ملغي", "ملغى", "منتهي", "مغلق", "غير نشط", "متوقف", "مفقود"),
    *(
        "مغادرة",
        "غادرت",
        "ملغاة",
        "ملغية",
        "منتهية",
        "مغلقة",
        "غير نشطة",
        "متوقفة",
        "منسحب",
        "عميل سابق",
        "ألغى الاشتراك",
    ),
)
ACQUISITION = "acquisition"  # the category of a ledger line that wins customers: no CX spend, but told beside it
CATEGORIES = (
    *("people", "technology", "process", "training", "research", "agency", "compensation", ACQUISITION, "other"),
)
EVENT_KINDS = ("price", "outage", "promotion", "competitor", "other")
METRICS = ("nps", "csat", "ces")
LEVELS = ("1", "2", "3", "4", "5")  # of Gartner's CX pyramid, from the ground up
LedgerRule = tuple[str, str, str]  # a column of ours, the text that it holds, and what that decides
DECISIONS = ("cx", "not_cx", ACQUISITION)  # what a rule can say that a ledger line is
EXACTLY = "="  # before the text of such a rule: the column is that text and does not only hold it; alone: it is empty
EVERY_LINE = "*"  # in the place of its column: every line of a ledger with the headings that the text names
LEDGER_NAMES = (
    "account",
    "initiative",
    "category",
    "touchpoint",
    "owner",
)  # what ledger lines are told apart by, the surest first

_TABLES = (
    Table(
        name="customers",
        key=("customer_id",),
        one_of=(("joined_on", "tenure_months"),),
        columns=(
            _column("customers", "customer_id", Kind.TEXT, required=True, personal=True),
            _column("customers", "joined_on", Kind.DATE),
            _column("customers", "left_on", Kind.DATE),
            _column("customers", "tenure_months", Kind.NUMBER, unit="months"),
            _column("customers", "status", Kind.TEXT),
            _column("customers", "segment", Kind.TEXT),
            _column("customers", "region", Kind.TEXT),
            _column("customers", "channel", Kind.TEXT),
            _column("customers", "monthly_revenue", Kind.MONEY, unit="money per month"),
            _column("customers", "acquisition_cost", Kind.MONEY, unit="money"),
            _column("customers", "currency", Kind.TEXT),
        ),
    ),
    Table(
        name="orders",
        columns=(
            _column("orders", "customer_id", Kind.TEXT, required=True, personal=True),
            _column("orders", "ordered_on", Kind.DATE, required=True),
            _column("orders", "amount", Kind.MONEY, required=True, unit="money"),
            _column("orders", "order_id", Kind.TEXT),
            _column("orders", "quantity", Kind.NUMBER),
            _column("orders", "unit_price", Kind.MONEY, unit="money"),
            _column("orders", "variable_cost", Kind.MONEY, unit="money"),
            _column("orders", "margin", Kind.MONEY, unit="money"),
            _column("orders", "discount", Kind.MONEY, unit="money"),
            _column("orders", "refund", Kind.MONEY, unit="money"),
            _column("orders", "segment", Kind.TEXT),
            _column("orders", "channel", Kind.TEXT),
            _column("orders", "currency", Kind.TEXT),
        ),
    ),
    Table(
        name="surveys",
        columns=(
            _column("surveys", "answered_on", Kind.DATE, required=True),
            _column("surveys", "score", Kind.SCORE, required=True),
            _column("surveys", "metric", Kind.CHOICE, choices=METRICS),
            _column("surveys", "customer_id", Kind.TEXT, personal=True),
            _column("surveys", "touchpoint", Kind.TEXT),
            _column("surveys", "journey_stage", Kind.TEXT),
            _column("surveys", "channel", Kind.TEXT),
            _column("surveys", "segment", Kind.TEXT),
            _column("surveys", "comment", Kind.TEXT, personal=True),
            _column("surveys", "language", Kind.TEXT),
            _column("surveys", "weight", Kind.NUMBER),
            _column("surveys", "scale_max", Kind.NUMBER),
        ),
    ),
    Table(
        name="contacts",
        key=("contact_id",),
        columns=(
            _column("contacts", "opened_on", Kind.DATE, required=True),
            _column("contacts", "customer_id", Kind.TEXT, personal=True),
            _column("contacts", "contact_id", Kind.TEXT),
            _column("contacts", "closed_on", Kind.DATE),
            _column("contacts", "channel", Kind.TEXT),
            _column("contacts", "topic", Kind.TEXT),
            _column("contacts", "touchpoint", Kind.TEXT),
            _column("contacts", "cost", Kind.MONEY, unit="money"),
            _column("contacts", "handle_minutes", Kind.NUMBER, unit="minutes"),
            _column("contacts", "resolved_first_time", Kind.FLAG),
            _column("contacts", "satisfaction", Kind.NUMBER),
            _column("contacts", "segment", Kind.TEXT),
            _column("contacts", "currency", Kind.TEXT),
        ),
    ),
    Table(
        name="costs",
        columns=(
            _column("costs", "period", Kind.MONTH, required=True),
            _column("costs", "amount", Kind.MONEY, required=True, unit="money"),
            _column("costs", "account", Kind.TEXT),
            _column("costs", "initiative", Kind.TEXT),
            _column("costs", "category", Kind.CHOICE, choices=CATEGORIES),
            _column("costs", "kind", Kind.CHOICE, choices=("capex", "opex")),
            _column("costs", "touchpoint", Kind.TEXT),
            _column("costs", "segment", Kind.TEXT),
            _column("costs", "owner", Kind.TEXT),
            _column("costs", "currency", Kind.TEXT),
            _column("costs", "budget_amount", Kind.MONEY, unit="money"),
            _column("costs", "invoice_id", Kind.TEXT),
            _column("costs", "note", Kind.TEXT),
            _column("costs", "is_cx", Kind.FLAG),
            _column("costs", "one_off", Kind.FLAG),
            _column("costs", "cx_level", Kind.CHOICE, choices=LEVELS),
        ),
    ),
    Table(
        name="initiatives",
        key=("name",),
        columns=(
            _column("initiatives", "name", Kind.TEXT, required=True),
            _column("initiatives", "starts_on", Kind.DATE),
            _column("initiatives", "ends_on", Kind.DATE),
            _column("initiatives", "touchpoint", Kind.TEXT),
            _column("initiatives", "segment", Kind.TEXT),
            _column("initiatives", "promised_uplift_pp", Kind.NUMBER, unit="percentage points"),
            _column("initiatives", "promised_value", Kind.MONEY, unit="money"),
            _column("initiatives", "owner", Kind.TEXT),
            _column("initiatives", "status", Kind.TEXT),
            _column("initiatives", "cx_level", Kind.CHOICE, choices=LEVELS),
        ),
    ),
    Table(
        name="pilots",
        one_of=(("customers", "customer_id"),),
        columns=(
            _column("pilots", "group", Kind.CHOICE, required=True, choices=("treated", "control")),
            _column("pilots", "period", Kind.MONTH, required=True),
            _column("pilots", "customers", Kind.COUNT),
            _column("pilots", "retained", Kind.NUMBER, required=True),
            _column("pilots", "customer_id", Kind.TEXT, personal=True),
            _column("pilots", "segment", Kind.TEXT),
            _column("pilots", "spend", Kind.MONEY, unit="money"),
            _column("pilots", "covariate", Kind.NUMBER),
            _column("pilots", "margin", Kind.MONEY, unit="money"),
            _column("pilots", "support_cost", Kind.MONEY, unit="money"),
            _column("pilots", "joined", Kind.NUMBER, unit="customers"),
            _column("pilots", "randomised", Kind.FLAG),
            _column("pilots", "starts_on", Kind.DATE),
            _column("pilots", "initiative", Kind.TEXT),
        ),
    ),
    Table(
        name="events",
        one_of=(("happened_on", "starts_on"),),
        columns=(
            _column("events", "what", Kind.TEXT, required=True),
            _column("events", "happened_on", Kind.DATE),
            _column("events", "starts_on", Kind.DATE),
            _column("events", "ends_on", Kind.DATE),
            _column("events", "kind", Kind.CHOICE, choices=EVENT_KINDS),
            _column("events", "segment", Kind.TEXT),
        ),
    ),
    Table(
        name="estimates",
        columns=(
            _column("estimates", "touchpoint", Kind.TEXT, required=True),
            _column("estimates", "metric", Kind.CHOICE, choices=METRICS),
            _column("estimates", "estimate", Kind.NUMBER, required=True),
            _column("estimates", "who", Kind.TEXT, personal=True),
            _column("estimates", "month", Kind.MONTH),
        ),
    ),
    Table(
        name="staff",
        key=("month", "team"),
        one_of=(("headcount", "leavers", "engagement"),),
        columns=(
            _column("staff", "month", Kind.MONTH, required=True),
            _column("staff", "team", Kind.TEXT),
            _column("staff", "headcount", Kind.NUMBER, unit="people"),
            _column("staff", "leavers", Kind.NUMBER, unit="people"),
            _column("staff", "engagement", Kind.NUMBER),
            _column("staff", "replacement_cost", Kind.MONEY, unit="money"),
        ),
    ),
    Table(
        name="monthly",
        key=("month", "segment"),
        one_of=(("revenue", "contribution_margin"),),
        columns=(
            _column("monthly", "month", Kind.MONTH, required=True),
            _column("monthly", "segment", Kind.TEXT),
            _column("monthly", "customers_at_start", Kind.COUNT, required=True),
            _column("monthly", "customers_joined", Kind.COUNT),
            _column("monthly", "customers_lost", Kind.COUNT, required=True),
            _column("monthly", "revenue", Kind.MONEY, unit="money"),
            _column("monthly", "contribution_margin", Kind.MONEY, unit="money"),
            _column("monthly", "support_contacts", Kind.COUNT),
            _column("monthly", "support_cost", Kind.MONEY, unit="money"),
            _column("monthly", "cx_spend", Kind.MONEY, required=True, unit="money"),
            _column("monthly", "acquisition_spend", Kind.MONEY, unit="money"),
            _column("monthly", "nps", Kind.NUMBER),
            _column("monthly", "nps_n", Kind.COUNT),
            _column("monthly", "csat", Kind.NUMBER),
            _column("monthly", "csat_n", Kind.COUNT),
            _column("monthly", "ces", Kind.NUMBER),
            _column("monthly", "ces_n", Kind.COUNT),
            _column("monthly", "currency", Kind.TEXT),
        ),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _TABLES})


ANSWER = "answer "  # begins what is kept of a label among answers in words: its score stands as a constant, "=5"
PRESET = "preset"  # stands for the preset, or none, that a person chose for files with a header, kept as a constant
CONSTANT = "="  # begins what is kept of a column of ours that is the same in every row: "=2025-03" is no heading


def header_fingerprint(headings: Sequence[str]) -> str:
    """Return what makes two files have the same header: the headings in order, apart from case and spaces.

    >>> header_fingerprint(["Customer  ID", "Date"]) == header_fingerprint(["customer id", "DATE "])
    True
    """
    plain = [" ".join(heading.casefold().split()) for heading in headings]
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False).encode()).hexdigest()
