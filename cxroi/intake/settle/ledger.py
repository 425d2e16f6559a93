"""The cost ledger: which lines are customer experience, and what a line without an actual amount is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.columns.casting import Cell, choice, derived, layered, trimmed
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.sql_text import quoted
from cxroi.tables import ACQUISITION, DECISIONS, EVERY_LINE, EXACTLY, LedgerRule

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan
    from cxroi.intake.source_table import SourceTable

_BUDGET_YEARS = 10


def completed(plan: Plan, source: SourceTable, request: IntakeRequest, today: date) -> Plan:
    """Return the plan of a ledger with budgets and CX rules in place; whether a line is CX stays NULL where nothing tells."""
    cells = {cell.target: cell for cell in plan.cells}
    if "budget_amount" in cells:
        cells |= _with_budgets(cells, today)
    if (other := plan.match.account_name) is not None:
        cells["account"] = _with_name(cells["account"], other)
        facts = {"column": source.headings[plan.match.mapping["account"]][:40], "other": source.headings[other][:40]}
        note = Finding(id="finding.account_in_two", severity=Severity.NOTE, facts=facts)
        plan = replace(plan, findings=(*plan.findings, note))
    if "account" in cells and "category" not in cells:
        words = cells["account"].text
        sorted_in = (("v_category", choice(plan.table.column("category"), words)),)
        cells["category"] = Cell(target="category", text=words, steps=sorted_in)
    rules = _rules(request, cells, source)
    said = is_cx(cells, rules, rest=_rest(request, rules))
    if "is_cx" not in cells:
        cells["is_cx"] = derived("is_cx", said)
    elif rules or "category" in cells:
        cells["is_cx"] = cells["is_cx"].then(said)
    if any(says == ACQUISITION for _, _, says in rules):
        own = cells["category"].value if "category" in cells else "NULL"
        category = f"CASE WHEN {chosen(cells, rules, ACQUISITION)} THEN '{ACQUISITION}' ELSE {own} END"
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


def with_figures(
    connection: duckdb.DuckDBPyConnection, relation: str, plan: Plan, source: SourceTable, request: IntakeRequest
) -> Plan:
    """Return the plan with notes on how many lines, and how much money, win customers, and what each rule chooses."""
    cells = {cell.target: cell for cell in plan.cells}
    plan = _what_rules_choose(connection, relation, plan, _rules(request, cells, source), request)
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
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    rules: Sequence[LedgerRule],
    request: IntakeRequest,
) -> Plan:
    """Return the plan with a note on how many lines and how much money each rule chooses, and one on what none names."""
    cells = {cell.target: cell for cell in plan.cells}
    if not rules:
        return plan
    branches = " ".join(f"WHEN {_holds(cells, column, words)} THEN {n}" for n, (column, words, _) in enumerate(rules))
    by_rule = f"{_wins_customers(cells)} = coalesce({chosen(cells, rules, ACQUISITION)}, false)"  # not by its own words
    counted = connection.execute(
        f"SELECT CASE {branches} END, count(*), coalesce(sum({cells['amount'].value}), 0)::VARCHAR"
        f" FROM {plan.over(relation)} WHERE {plan.sound()} AND {by_rule} GROUP BY 1"
    ).fetchall()
    figures = {rule: {"lines": str(lines), "amount": amount} for rule, lines, amount in counted}
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
        said = {True: "cx", False: "not_cx", None: request.other_lines or "open"}[_rest(request, rules)]
        rest = "own" if "is_cx" in plan.match.mapping else said
        facts = {**figures[None], "currency": plan.currency or ""}
        found.append(Finding(id=f"finding.rule.rest_{rest}", severity=Severity.NOTE, facts=facts))
    return replace(plan, findings=(*plan.findings, *found))


def headings_key(headings: Sequence[str]) -> str:
    """Return how a rule on every line names the ledgers that it is about: their headings, as they are read.

    >>> headings_key(["Period", " Amount "])
    'period, amount'
    """
    return ", ".join(" ".join(heading.casefold().split()) for heading in headings if heading.strip())


def _rules(request: IntakeRequest, cells: Mapping[str, Cell], source: SourceTable) -> tuple[LedgerRule, ...]:
    """Return the rules that hold for this ledger, what is said of every line last: those that are given before those that are
    kept where they only name, and in their place otherwise."""
    kept = _about(
        request.kept_rules if only_name(request.ledger_rules) else (), cells, headings_key(source.own_headings)
    )
    return in_order((*request.ledger_rules, *kept))


def _about(rules: Sequence[LedgerRule], cells: Mapping[str, Cell], headings: str) -> tuple[LedgerRule, ...]:
    """Return the rules that can say something of a ledger with these columns and headings."""
    return tuple(rule for rule in rules if (rule[1] == headings if rule[0] == EVERY_LINE else rule[0] in cells))


def only_name(rules: Sequence[LedgerRule]) -> bool:
    """Return whether all of the rules name what a line says, and none looks for words in it."""
    return all(words.startswith(EXACTLY) for _, words, _ in rules)


def in_order(rules: Sequence[LedgerRule]) -> tuple[LedgerRule, ...]:
    """Return the rules, each once, in the order in which they are tried: those that name, those that look for words, those on every line.

    >>> in_order((("*", "a, b", "cx"), ("note", "care", "cx"), ("account", "=Rent", "not_cx")))
    (('account', '=Rent', 'not_cx'), ('note', 'care', 'cx'), ('*', 'a, b', 'cx'))
    """
    return tuple(
        sorted(dict.fromkeys(rules), key=lambda r: 2 if r[0] == EVERY_LINE else int(not r[1].startswith(EXACTLY)))
    )


def recounted(relation: str, columns: Sequence[str], rules: Sequence[LedgerRule], headings: str, *, own: bool) -> str:
    """Return a query of a loaded ledger with its lines counted by these rules; one that none of them tells of stays as it counts.

    `own`: a column of its file said which lines are customer experience. `headings` are those of its file (`headings_key`).
    """
    cells = {name: derived(name, f'"{name}"', text=f'"{name}"') for name in columns if name != "is_cx" or own}
    about = in_order(_about(rules, cells, headings))
    said = is_cx(cells, about, rest=_rest(IntakeRequest(kept_rules=about), about))
    now = {"is_cx": f'coalesce({said}, "is_cx") AS "is_cx"'}
    if "category" in columns:
        now["category"] = (
            f'CASE WHEN {chosen(cells, about, ACQUISITION)} THEN \'{ACQUISITION}\' ELSE "category" END AS "category"'
        )
    listed = ", ".join(now.get(name, f'"{name}"') for name in columns)
    return f"SELECT {listed} FROM {layered(cells.values(), relation)}"


def _rest(request: IntakeRequest, rules: Sequence[LedgerRule]) -> bool | None:
    """Return whether a line that no rule names is customer experience, None where it is to be asked.

    Rules that look for words say it: it is not where one of them says which lines are, and it is where those of this load only say
    which are not. Where the lines were chosen by their names, a new name is asked about.
    """
    named = any(words.startswith(EXACTLY) for _, words, _ in rules)
    looking = [says for column, words, says in rules if column != EVERY_LINE and not words.startswith(EXACTLY)]
    if looking and request.ledger_rules and request.other_lines:
        return request.other_lines == "cx"
    if named or not looking:
        return None
    if "cx" in looking:
        return False
    return True if request.ledger_rules else None


def _wins_customers(cells: Mapping[str, Cell]) -> str:
    """Return SQL for whether a line was spent on winning customers, which no rule makes customer experience."""
    return f"(coalesce({cells['category'].value}, '') = '{ACQUISITION}')" if "category" in cells else "false"


def _holds(cells: Mapping[str, Cell], column: str, words: str) -> str:
    if column == EVERY_LINE:
        return "true"
    if words.startswith(EXACTLY):
        return f"trim(coalesce({cells[column].value}, '')) = {quoted(words[len(EXACTLY) :].strip())}"
    return f"contains(lower(coalesce({cells[column].text}, '')), lower({quoted(words)}))"


def _recalled(request: IntakeRequest, rules: Sequence[LedgerRule]) -> list[Finding]:
    """Say which rules of an earlier ledger hold for this one, and which do not because it lacks their column."""
    if request.ledger_rules or not request.kept_rules:
        return []
    looking = [rule for rule in rules if not rule[1].startswith(EXACTLY) and rule[0] != EVERY_LINE]
    used = "; ".join(f"{column}: {contains} ({says})" for column, contains, says in looking)
    kept = {column for column, _, _ in request.kept_rules} - {EVERY_LINE}
    unused = "; ".join(sorted(kept - {rule[0] for rule in rules}))
    found = [Finding(id="finding.rules_recalled", severity=Severity.NOTE, facts={"rules": used})] if looking else []
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


def is_cx(cells: Mapping[str, Cell], rules: Sequence[LedgerRule], *, rest: bool | None) -> str:
    """Return SQL for whether a line is customer experience: the first rule that fits it decides, then the file itself, then `rest`.

    NULL where nothing tells. A line that wins customers never is.
    """
    for column, _, says in rules:
        if (column not in cells and column != EVERY_LINE) or says not in DECISIONS:
            raise UploadError("upload.ledger_rule", column=column, says=says)
    own = f"{cells['is_cx'].value}, " if "is_cx" in cells else ""
    otherwise = "NULL::BOOLEAN" if rest is None else str(rest).lower()
    decided = f"coalesce({chosen(cells, rules, 'cx')}, {own}{otherwise})"
    return f"CASE WHEN {_wins_customers(cells)} THEN false ELSE {decided} END"


def chosen(cells: Mapping[str, Cell], rules: Sequence[LedgerRule], decision: str) -> str:
    """Return SQL for whether the first rule that fits a line says `decision`; NULL where no rule fits."""
    branches = " ".join(f"WHEN {_holds(cells, column, words)} THEN {says == decision}" for column, words, says in rules)
    return f"CASE {branches} END" if rules else "CAST(NULL AS BOOLEAN)"
