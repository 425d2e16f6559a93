"""The options that answer a refusal or a question of an import, as a person types them."""

from __future__ import annotations

from collections.abc import Mapping
from shlex import quote

from cxroi.intake.report import IntakeReport, LoadOutcome, Severity
from cxroi.tables import LEDGER_NAMES, TABLES

# By the id of what is said; several that would do stand side by side. {…} are its facts, quoted for a shell.
_WAYS = {
    "upload.not_sure": "--as {nearest}",
    "upload.not_recognised": "--as {near} --map {lack}=HEADING",
    "upload.which_table": "--as {first} | --as {second}",
    "upload.missing_column": "--map {missing}=HEADING{or_set}",
    "upload.too_many_rejects": "--on-reject load",
    "upload.control_total": "--explain-difference WORDS",
    "upload.same_file": "--again",
    "upload.other_sheet_refused": "--sheet {good}",
    "upload.sheets_overlap": "--sheet NAME",
    "reader.no_header": "--header-row ROW",
    "reader.header_row": "--header-row ROW",
    "reader.encoding_unknown": "--encoding NAME",
    "reader.encoding_wrong": "--encoding NAME",
    "finding.answers_nps": "--answer {pin}",
    "finding.answers_open": "--answer {pin} | --answer {other_pin}",
    "finding.answers_unknown": "--answer {label}=SCORE | --answer {label}=-",
    "finding.as_of_unclear": "--as-of YYYY-MM-DD",
    "finding.currency_unclear": "--currency-word {word}=CODE",
    "finding.currency_unknown": "--currency-word {word}=CODE",
    "finding.currencies_mixed": "--currency CODE",
    "finding.cx_lines": "{by_name}--other-lines cx",
    "finding.date_order_mixed": "--date-order dmy | --date-order mdy",
    "finding.date_order_unclear": "--date-order dmy | --date-order mdy",
    "finding.decimal_mixed": "--decimal , | --decimal .",
    "finding.decimal_unclear": "--decimal , | --decimal .",
    "finding.encoding.guess": "--encoding {encoding} | --encoding NAME",
    "finding.encoding.rival": "--encoding {encoding} | --encoding {rival}",
    "finding.header.magnitude": "--amounts-in {unit} | --amounts-in units",
    "finding.header.year_unknown": "--as-of YYYY-MM-DD",
    "finding.hijri_unclear": "--calendar hijri",
    "finding.left_unknown": "--map left_on={column} | --nobody-left",
    "finding.left_unknown_bare": "--map left_on=HEADING | --nobody-left",
    "finding.left_undated": "--left-in-month --as-of YYYY-MM-DD",
    "finding.metric_unclear": "--metric nps | --metric csat | --metric ces",
    "finding.side_by_side": "{maps_one} | {maps_other}",
    "finding.sheet.choice": "--sheet NAME,NAME | --sheet all",
    "finding.sheet.hidden": "--sheet {sheets}",
}


def ways_on(report: IntakeReport) -> dict[str, str]:
    """Return by the id of a refusal or question the options that answer it, each options once."""
    if report.outcome is not LoadOutcome.REFUSED:
        return {}
    asked = [(report.message, report.facts)]
    asked += [(f.id, f.facts) for f in report.findings if f.severity is Severity.QUESTION or _is_shut(f.id, report)]
    found: dict[str, str] = {}
    for id, facts in asked:
        options = _WAYS[id].format_map(_first_of(facts)) if id in _WAYS else ""
        if options and options not in found.values():
            found[id] = options
    return found


def _is_shut(id: str, report: IntakeReport) -> bool:
    """Return whether a finding names hidden sheets of a workbook in which no other table was found."""
    return id == "finding.sheet.hidden" and not report.columns


def _first_of(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the facts as words of a shell, of a list its first: one column or sheet shows how it is done."""
    lists = {"missing": facts.get("missing", "").replace(" / ", ", "), "sheets": facts.get("sheets", "")}
    firsts = {name: words.split(", ")[0] for name, words in lists.items()}
    columns = TABLES[facts["table"]].columns if facts.get("table") in TABLES else ()
    constant = any(column.name == firsts["missing"] and column.may_be_constant for column in columns)
    or_set = f" | --set {firsts['missing']}=VALUE" if constant else ""
    column = facts.get("column", "")
    by_name = (
        f"--cx-rule {column}=={quote(facts.get('first', ''))} --other-lines not_cx | " if column in LEDGER_NAMES else ""
    )
    maps = {"maps_one": _maps(facts, "targets", "one"), "maps_other": _maps(facts, "other_targets", "other")}
    near = {"near": facts.get("nearest") or "TABLE", "lack": firsts["missing"] or "COLUMN"}
    said = {name: quote(str(fact)) for name, fact in {**facts, **firsts, **near}.items()}
    return {"by_name": by_name, "or_set": or_set} | said | maps


def _maps(facts: Mapping[str, str], targets: str, headings: str) -> str:
    """Return the options that read each of some columns of ours from the heading at its place."""
    pairs = zip(facts.get(targets, "").split(", "), facts.get(headings, "").split(", "), strict=False)
    return " ".join(f"--map {target}={quote(heading)}" for target, heading in pairs)
