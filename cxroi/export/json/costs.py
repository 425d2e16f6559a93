"""The cost ledger as a JSON object: money as exact decimal text, to the last thousandth."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal

from cxroi.export.json.values import Json
from cxroi.model.company.ledger import CostCut, CostPart
from cxroi.questions.costs import CostBook, CostLine, CostLines


def costs_json(cut: CostCut, book: CostBook, lines: CostLines) -> Json:
    """Return the ledger by what was asked, against its budget, from its files to the panel, and the single lines asked for."""
    return {
        "currency": book.currency,
        "by": cut.by,
        "counts": cut.counts,
        "months": [f"{month:%Y-%m}" for month in cut.months],
        "parts": [_part(part) for part in cut.parts],
        "whole": _part(cut.whole),
        "budget_ahead": _exact(cut.budget_ahead),
        "reconciliation": _book(book),
        "lines": [_line(one) for one in lines.lines],
    }


def _line(one: CostLine) -> Json:
    return {**{name: value or None for name, value in asdict(one).items()}, "amount": _exact(one.amount)}


def _part(part: CostPart) -> Json:
    spent = part.spent
    return {
        "name": part.name,
        "names": part.names,
        "spent": _exact(spent.total),
        "opex": _exact(spent.opex),
        "capex": _exact(spent.capex),
        "one_off": _exact(spent.one_off),
        "budget": _exact(spent.budget),
        "within_budget": _exact(spent.within_budget),
        "over": _exact(spent.over),
        "lines": spent.lines,
        "by_month": [_exact(amount) for amount in part.months],
        "budget_by_month": [_exact(budget) for budget in part.budgets],
    }


def _book(book: CostBook) -> Json:
    account = book.account
    return {
        "adds_up": not book.breaks,
        "breaks": list(book.breaks),
        "loaded": _exact(book.loaded),
        "ledger": _exact(book.ledger),
        "counted": [{"counts": one.counts, "amount": _exact(one.amount), "lines": one.lines} for one in book.counted],
        "one_off": _exact(account.one_off) if account else None,
        "outside_months": _exact(account.outside_months) if account else None,
        "outside_capex": _exact(account.outside_capex) if account else None,
        "direct": _exact(account.direct) if account else None,
        "shared": _exact(account.shared) if account else None,
        "in_verdict": _exact(book.in_panel),
        "shared_rule": book.sharing,
        "segments": [
            {"segment": one.segment, "direct": _exact(one.direct), "shared": _exact(one.shared)}
            for one in (account.segments if account else ())
        ],
        "files": [
            {
                "file": one.file,
                "sheet": one.sheet or None,
                "rows_read": one.rows_read,
                "rows": one.rows,
                "rejected": one.rejected,
                "skipped": one.skipped,
                "amount": _exact(one.amount),
                "total": _exact(one.total),
                "explained": one.why or None,
                "rules": [
                    {
                        "decision": rule.decision,
                        "column": rule.column or None,
                        "contains": rule.contains or None,
                        "lines": rule.lines,
                        "amount": _exact(rule.amount),
                    }
                    for rule in one.rules
                ],
            }
            for one in book.sources
        ],
        "converted": [
            {
                "currency": one.currency,
                "month": one.month,
                "written": _exact(one.written),
                "rate": f"{one.rate:f}",
                "source": one.source or None,
                "amount": _exact(one.amount),
            }
            for one in book.converted
        ],
    }


def _exact(amount: Decimal | None) -> str | None:
    """Return an amount with all its thousandths; None where there is none."""
    return None if amount is None else f"{amount:.3f}"
