"""What a person asks of a load, and what came of it; both travel as JSON between the child process and its parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from cxroi.tables import EVERY_LINE, EXACTLY, header_fingerprint

# Refusals that an answer of a person lifts: the file itself is good.
LIFTED_BY_AN_ANSWER = frozenset(
    {
        "upload.control_total",
        "upload.cx_lines",
        "upload.missing_column",
        "upload.not_recognised",
        "upload.not_sure",
        "upload.other_sheet_refused",
        "upload.preset_no_rows",
        "upload.question",
        "upload.rows_there",
        "upload.sheets_overlap",
        "upload.too_many_rejects",
        "upload.which_table",
    }
)
SHEET = "Sheet"  # the heading of the column that says from which sheet a row comes
WHY = "why_"  # before a language: why a preset left columns out, in it
PARTED, SCORED = " · ", " = "  # between the answers in words that a finding names, and between each and its score


class LoadOutcome(StrEnum):
    """The three ways a file can go."""

    LOADED = "loaded"
    LOADED_WITH_REJECTS = "loaded_with_rejects"
    REFUSED = "refused"


class Severity(StrEnum):
    """How much a finding matters: information, something to look at, or something a person must answer first."""

    NOTE = "note"
    FLAG = "flag"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True)
class IntakeRequest:
    """How to read one file; None lets the reader settle it from the whole content and report what it chose."""

    table: str | None = None
    sheet: str | None = None  # one by name, several with commas between ("2024,2025"), or "all" that hold a table
    header_row: int | None = None  # 1-based, as a spreadsheet shows it
    mapping: tuple[tuple[str, str], ...] = ()  # (target column, source heading); overrides recognition
    constants: tuple[tuple[str, str], ...] = ()  # (target column, its value in every row), where the file has no column
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None  # "." or ","
    date_order: str | None = None  # "dmy", "mdy" or "ymd"
    calendar: str = "gregorian"  # or "hijri", only when a person says so
    currency: str | None = None
    currency_words: tuple[
        tuple[str, str], ...
    ] = ()  # (an unclear word such as "$" or "ريال", the code that it means here)
    amounts_in: str | None = None  # "units", "thousands" or "millions": what the figures of money are written in
    control_total: str | None = None  # exact decimal text, in whole units of the currency
    metric: str | None = None  # surveys without a metric column: nps, csat, ces
    answers: tuple[tuple[str, str], ...] = ()  # (an answer in words, its score); "" or "-" is no answer
    as_of: str | None = None  # ISO date, for tenure_months and for "in the future"
    left_in_month: bool = False  # customers who left by their status did so in the month of `as_of`
    nobody_left: bool = False  # of a list of customers without leaving dates and status
    rejects_allowed_rate: float = 0.05  # above it the load asks; 1.0 loads whatever is good
    rates: tuple[tuple[str, str], ...] = ()  # (currency, what one unit is worth in `currency`), exact decimal text
    difference_explained: str | None = None  # a person's words for a ledger that does not meet its control total
    ledger_rules: tuple[tuple[str, str, str], ...] = ()  # (column, contains, one of DECISIONS); first match decides
    other_lines: str | None = None  # "cx" or "not_cx": what the ledger lines are that no rule and no column tells of
    kept_rates: tuple[
        tuple[str, str, str, str], ...
    ] = ()  # (currency, reporting, from month or "", worth) of the workspace
    held_currencies: tuple[tuple[str, str], ...] = ()  # (table, currency) of the current version
    kept_words: tuple[tuple[str, str], ...] = ()  # what unclear words for currencies meant in earlier files
    kept_rules: tuple[tuple[str, str, str], ...] = ()  # those of the last ledger, which hold until others are given
    beside: tuple[tuple[str, str], ...] = ()  # (table, Parquet file) of the current version, to check rows against
    preset: str | None = (
        None  # which preset of a vendor's export to follow, or "none"; None: the one that is recognised
    )
    presets_in: str | None = None  # the folder with those that an administrator adds
    remembered: tuple[
        tuple[str, str, str, str], ...
    ] = ()  # earlier mappings: (header fingerprint, table, column, heading)


@dataclass(frozen=True, kw_only=True)
class Reject:
    """One row kept out: where, what was found, and the id and facts of the sentence that says why."""

    row: int  # as the file's own reader would number it
    column: str  # the source heading, or the target where a heading is absent
    value: str
    reason: str
    facts: dict[str, str] = field(default_factory=dict)


_OTHER_SENTENCE = {
    "finding.currencies_mixed": ("finding.currencies_mixed_open", "base", False),  # nothing says which one to count in
    "finding.header.year_unknown": ("finding.header.year_unclear", "found", True),
}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something a person should know about the file: an id with facts, worded under `finding.*`."""

    id: str
    severity: Severity
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """Return the id of its sentence; some have another where one of their facts is there or is not, and that of a rule where it
        names a text exactly or every line."""
        if self.facts.get("target") == EVERY_LINE:
            return f"{self.id}_every"
        if self.facts.get("contains", "").startswith(EXACTLY):
            return f"{self.id}_is"
        other, fact, there = _OTHER_SENTENCE.get(self.id, (self.id, "", True))
        return other if bool(self.facts.get(fact)) is there else self.id


@dataclass(frozen=True, kw_only=True)
class SourceColumn:
    """One column of the file as it was read: its heading, where it went, and sample values before and after."""

    heading: str
    target: str | None
    confidence: float  # 0..1
    before: tuple[str, ...]
    after: tuple[str, ...]
    convention: str  # what was settled: "1.234,56", "dd/mm/yyyy", ...; empty for text


@dataclass(frozen=True, kw_only=True)
class LedgerName:
    """The lines of a ledger that bear one name ("": none) in one column: all, those that count as CX, and those of which nothing tells.

    `word` is the part of the name that makes it look like customer experience, "" where nothing does.
    """

    column: str
    name: str
    lines: int
    amount: str  # exact decimal text
    cx_lines: int
    cx_amount: str
    open_lines: int
    word: str


def of_column(names: Sequence[LedgerName], column: str) -> tuple[LedgerName, ...]:
    """Return the names in one column, the largest first."""
    return tuple(one for one in names if one.column == column)


@dataclass(frozen=True, kw_only=True)
class IntakeReport:
    """The account of one sheet of one file. rows_read = rows_loaded + rows_rejected + rows_skipped, always."""

    file: str
    sheet: str | None
    table: str | None
    outcome: LoadOutcome
    message: str  # sentence id
    facts: dict[str, str] = field(default_factory=dict)
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    rejects: tuple[Reject, ...] = ()  # the first 1,000; all of them are in `rejects_file`
    findings: tuple[Finding, ...] = ()
    mapping: dict[str, str] = field(default_factory=dict)  # target -> source heading
    constants: dict[str, str] = field(default_factory=dict)  # target -> the value of every row
    columns: tuple[SourceColumn, ...] = ()
    sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()  # read only where they are named
    header_row: int | None = None
    preset: dict[str, str] = field(default_factory=dict)  # that was followed: its id, and its name by language
    totals: dict[str, str] = field(default_factory=dict)  # exact decimal text by target column
    first_day: str = ""  # of the table's main date, ISO; "" where it has none
    last_day: str = ""
    ledger_names: tuple[
        LedgerName, ...
    ] = ()  # of a ledger, the largest first, by each column that tells its lines apart
    rules_said: tuple[tuple[str, str, str], ...] = ()  # what `other_lines` said of them, as rules to keep
    currency: str | None = None
    source_sha256: str = ""
    parquet: str | None = None  # canonical typed file inside the staging folder
    rejects_file: str | None = None  # original rows with reasons, CSV, inside the staging folder


_LISTS = (
    "mapping",
    "constants",
    "currency_words",
    "answers",
    "rates",
    "ledger_rules",
    "kept_rates",
    "held_currencies",
    "kept_words",
    "kept_rules",
    "beside",
    "remembered",
)


def request_to_json(request: IntakeRequest) -> dict[str, Any]:
    """Return a request as plain values.

    >>> request_from_json(request_to_json(IntakeRequest(decimal=","))).decimal
    ','
    """
    return asdict(request)


def request_from_json(values: Mapping[str, Any]) -> IntakeRequest:
    """Return the request that `request_to_json` wrote."""
    lists = {k: tuple(tuple(pair) for pair in values.get(k, ())) for k in _LISTS}
    return IntakeRequest(**{**values, **lists})


def report_to_json(report: IntakeReport) -> dict[str, Any]:
    """Return a report as plain values."""
    return asdict(report)


def report_from_json(values: Mapping[str, Any]) -> IntakeReport:
    """Return the report that `report_to_json` wrote."""
    columns = [{**c, "before": tuple(c["before"]), "after": tuple(c["after"])} for c in values["columns"]]
    built = {
        "outcome": LoadOutcome(values["outcome"]),
        "rejects": tuple(Reject(**reject) for reject in values["rejects"]),
        "findings": tuple(Finding(**{**f, "severity": Severity(f["severity"])}) for f in values["findings"]),
        "columns": tuple(SourceColumn(**column) for column in columns),
        "sheets": tuple(values["sheets"]),
        "ledger_names": tuple(LedgerName(**name) for name in values["ledger_names"]),
        "rules_said": tuple((column, words, says) for column, words, says in values["rules_said"]),
        "hidden_sheets": tuple(values["hidden_sheets"]),
    }
    return IntakeReport(**{**values, **built})


def known_as(headings: Sequence[str]) -> tuple[str, str]:
    """Return the fingerprints under which is kept what a person said of a file with these headings: a sheet alone has the header of several together."""
    own = [heading for heading in headings if heading != SHEET]
    return header_fingerprint(headings), header_fingerprint(own)
