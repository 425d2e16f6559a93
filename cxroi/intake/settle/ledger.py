"""The cost ledger: which lines are customer experience, and what a line without an actual amount is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.columns.casting import Cell, choice, derived, trimmed
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.sql_text import quoted
from cxroi.tables import ACQUISITION, DECISIONS

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_BUDGET_YEARS = 10


def completed(plan: Plan, headings: Sequence[str], request: IntakeRequest, today: date) -> Plan:
    """Return the plan of a ledger with budgets, accounts, CX rules and currency in place; `headings` are the file's."""
    cells = {cell.target: cell for cell in plan.cells}
    if "budget_amount" in cells:
        cells |= _with_budgets(cells, today)
    if (other := plan.match.account_name) is not None:
        cells["account"] = _with_name(cells["account"], other)
        facts = {"column": headings[plan.match.mapping["account"]][:40], "other": headings[other][:40]}
        note = Finding(id="finding.account_in_two", severity=Severity.NOTE, facts=facts)
        plan = replace(plan, findings=(*plan.findings, note))
    if "account" in cells and "category" not in cells:
        words = cells["account"].text
        sorted_in = (("v_category", choice(plan.table.column("category"), words)),)
        cells["category"] = Cell(target="category", text=words, steps=sorted_in)
    rules = _rules(request, cells)
    said = is_cx(cells, rules)
    if "is_cx" not in cells:
        cells["is_cx"] = derived("is_cx", said)
    elif rules or "category" in cells:
        cells["is_cx"] = cells["is_cx"].then(said)
    if any(says == ACQUISITION for _, _, says in rules):
        own = cells["category"].value if "category" in cells else "NULL"
        category = f"CASE WHEN {_chosen(cells, rules, ACQUISITION)} THEN '{ACQUISITION}' ELSE {own} END"
        cells["category"] = cells["category"].then(category) if "category" in cells else derived("category", category)
    if "one_off" not in cells:
        cells["one_off"] = derived("one_off", "false")
    return replace(plan, cells=tuple(cells.values()), findings=(*plan.findings, *_recalled(request, rules)))


def _with_name(account: Cell, other: int) -> Cell:
    """Return the account as its code and its name, whichever of them is in column `other`."""
    halves = (f"coalesce({trimmed(text)}, '')" for text in (account.text, f"c{other}"))
    one, two = halves
    code = f"regexp_matches({two}, '^[0-9٠-٩]') AND NOT regexp_matches({one}, '^[0-9٠-٩]')"
    both = f"CASE WHEN {code} THEN concat_ws(' ', {two}, {one}) WHEN starts_with({two}, {one}) THEN {two} ELSE concat_ws(' ', {one}, {two}) END"
    whole = f"nullif(trim({both}), '')"
    return replace(account, text=f"({whole})", steps=(("v_account", whole),))


def with_figures(connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, request: IntakeRequest) -> Plan:
    """Return the plan with notes on how many lines, and how much money, win customers, and what each rule chooses."""
    plan = _what_rules_choose(connection, relation, plan, request)
    cells = {cell.target: cell for cell in plan.cells}
    row = connection.execute(
        f"SELECT count(*), coalesce(sum({cells['amount'].value}), 0)::VARCHAR"
        f" FROM {plan.over(relation)} WHERE {plan.sound()} AND {_wins_customers(cells)}"
    ).fetchone()
    assert row is not None
    if not row[0]:
        return plan
    facts = {"count": str(row[0]), "amount": f"{row[1]} {plan.currency or ''}".strip()}
    found = Finding(id="finding.acquisition_lines", severity=Severity.NOTE, facts=facts)
    return replace(plan, findings=(*plan.findings, found))


def _what_rules_choose(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, request: IntakeRequest
) -> Plan:
    """Return the plan with a note on how many lines and how much money each rule chooses, and one on what none names."""
    cells = {cell.target: cell for cell in plan.cells}
    rules = _rules(request, cells)
    if not rules:
        return plan
    branches = " ".join(f"WHEN {_holds(cells, column, words)} THEN {n}" for n, (column, words, _) in enumerate(rules))
    by_rule = (
        f"{_wins_customers(cells)} = coalesce({_chosen(cells, rules, ACQUISITION)}, false)"  # not by its own words
    )
    chosen = connection.execute(
        f"SELECT CASE {branches} END, count(*), coalesce(sum({cells['amount'].value}), 0)::VARCHAR"
        f" FROM {plan.over(relation)} WHERE {plan.sound()} AND {by_rule} GROUP BY 1"
    ).fetchall()
    figures = {rule: {"lines": str(lines), "amount": amount} for rule, lines, amount in chosen}
    none = {"lines": "0", "amount": "0"}
    found = [
        Finding(
            id=f"finding.rule.{says}",
            severity=Severity.NOTE,
            facts={"target": column, "contains": words, **figures.get(n, none), "currency": plan.currency or ""},
        )
        for n, (column, words, says) in enumerate(rules)
    ]
    if None in figures:
        rest = "own" if "is_cx" in plan.match.mapping else "not_cx" if any(r[2] == "cx" for r in rules) else "cx"
        facts = {**figures[None], "currency": plan.currency or ""}
        found.append(Finding(id=f"finding.rule.rest_{rest}", severity=Severity.NOTE, facts=facts))
    return replace(plan, findings=(*plan.findings, *found))


def _rules(request: IntakeRequest, cells: Mapping[str, Cell]) -> tuple[tuple[str, str, str], ...]:
    return request.ledger_rules or tuple(rule for rule in request.kept_rules if rule[0] in cells)


def _wins_customers(cells: Mapping[str, Cell]) -> str:
    """Return SQL for whether a line was spent on winning customers, which no rule makes customer experience."""
    return f"(coalesce({cells['category'].value}, '') = '{ACQUISITION}')" if "category" in cells else "false"


def _holds(cells: Mapping[str, Cell], column: str, words: str) -> str:
    return f"contains(lower(coalesce({cells[column].text}, '')), lower({quoted(words)}))"


def _recalled(request: IntakeRequest, rules: Sequence[tuple[str, str, str]]) -> list[Finding]:
    """Say which rules of an earlier ledger hold for this one, and which do not because it lacks their column."""
    if request.ledger_rules or not request.kept_rules:
        return []
    used = "; ".join(f"{column}: {contains} ({says})" for column, contains, says in rules)
    unused = "; ".join(sorted({column for column, _, _ in request.kept_rules} - {rule[0] for rule in rules}))
    found = [Finding(id="finding.rules_recalled", severity=Severity.NOTE, facts={"rules": used})] if rules else []
    if unused:
        found.append(Finding(id="finding.rules_unused", severity=Severity.FLAG, facts={"columns": unused}))
    return found


def _with_budgets(cells: dict[str, Cell], today: date) -> dict[str, Cell]:
    """A line with a budget may lie years ahead and may have no actual amount yet; its actual amount is then zero."""
    amount, period, budget = cells["amount"], cells["period"], cells["budget_amount"]
    kept = tuple(
        (reason, f"({condition} AND {budget.value} IS NULL)" if reason == "reject.missing" else condition)
        for reason, condition in amount.problems
    )
    far = f"coalesce({period.value} > DATE '{today.year + _BUDGET_YEARS}-12-31', false)"
    dates = tuple(
        (
            reason,
            f"({budget.value} IS NULL AND {condition} OR {far})" if reason == "reject.date_too_late" else condition,
        )
        for reason, condition in period.problems
    )
    zero = f"coalesce({amount.value}, CASE WHEN is_blank({amount.text}) AND {budget.value} IS NOT NULL THEN 0 END)"
    return {"amount": replace(amount.then(zero), problems=kept), "period": replace(period, problems=dates)}


def is_cx(cells: dict[str, Cell], rules: Sequence[tuple[str, str, str]]) -> str:
    """Return SQL for whether a line is customer experience: the first rule whose words the column holds decides.

    Without rules every line of an uploaded ledger is. With rules, a line that none of them names is CX only when no rule
    says which lines are. A line that wins customers never is.
    """
    for column, _, says in rules:
        if column not in cells or says not in DECISIONS:
            raise UploadError("upload.ledger_rule", column=column, says=says)
    own = f"coalesce({cells['is_cx'].value}, " if "is_cx" in cells else "("
    otherwise = f"{own}{not any(says == 'cx' for _, _, says in rules)})"
    return (
        f"CASE WHEN {_wins_customers(cells)} THEN false ELSE coalesce({_chosen(cells, rules, 'cx')}, {otherwise}) END"
    )


def _chosen(cells: Mapping[str, Cell], rules: Sequence[tuple[str, str, str]], decision: str) -> str:
    """Return SQL for whether the first rule that fits a line says `decision`; NULL where no rule fits."""
    branches = " ".join(f"WHEN {_holds(cells, column, words)} THEN {says == decision}" for column, words, says in rules)
    return f"CASE {branches} END" if rules else "CAST(NULL AS BOOLEAN)"
