"""The cost ledger from its files to the verdict, in words: what counts and why, what was divided, converted and left out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cxroi.chart.drawing import Table
from cxroi.questions.costs import CostBook, LedgerSource, RuleUsed
from cxroi.tables import EVERY_LINE, EXACTLY
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import cx_part_words, few_names
from cxroi.view.table import columns, table_words, words_column
from cxroi.view.understand.costs import (
    exact,
    exact_column,
    exact_figure,
    month_words,
    number_column,
)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the reconciliation: its words, its exact amount, and whether it is a sum that was checked."""

    words: str
    amount: str
    is_total: bool


@dataclass(frozen=True, kw_only=True)
class BookView:
    """The whole ledger; tables that have nothing to say are None. Names may come from data and are to be escaped."""

    finding: str
    is_whole: bool
    steps: tuple[Step, ...]
    note: str
    files: Table
    counted: Table
    rules: tuple[str, ...]
    shared_lead: str
    shared: Table | None
    converted: Table | None


def book_view(book: CostBook, text: Text) -> BookView:
    """Return where every unit of the ledger went."""
    breaks = book.breaks
    facts = {"amount": exact(book.ledger, book.currency, text)}
    kind = "broken" if breaks else "ledger_alone" if book.account is None else "whole"
    where = text.listed([text(f"costs.break.{one}") for one in breaks])
    return BookView(
        finding=text(f"costs.book.{kind}", where=where, **facts),
        is_whole=not breaks,
        steps=tuple(_steps(book, text)),
        note=_note(book, text),
        files=_files(book, text),
        counted=_counted(book, text),
        rules=tuple(_why(book, text)),
        shared_lead=text("costs.shared.lead", rule=text(f"store.note.ledger_by_{book.sharing}")),
        shared=_shared(book, text),
        converted=_converted(book, text),
    )


def book_words(view: BookView) -> list[str]:
    """Return the reconciliation as lines for a reader of plain text."""
    steps = columns(["", ""], [[step.words, step.amount] for step in view.steps])[1:]
    words = [view.finding, "", *steps, *([view.note] if view.note else []), "", *table_words(view.files)]
    words += ["", *table_words(view.counted), *view.rules]
    if view.shared is not None:
        words += ["", view.shared_lead, *table_words(view.shared)]
    if view.converted is not None:
        words += ["", *table_words(view.converted)]
    return words


def _steps(book: CostBook, text: Text) -> list[Step]:
    """Return the way from the files' own totals to what the verdict uses, every sum among its parts."""

    def step(id: str, amount: Decimal, *, total: bool = False, **facts: object) -> Step:
        return Step(words=text(f"costs.step.{id}", **facts), amount=exact_figure(amount, text, places), is_total=total)

    account, written = book.account, {one.currency for one in book.converted}
    every = [book.loaded, book.ledger, *(one.amount for one in book.counted)]
    places = 3 if any(amount != amount.quantize(Decimal("0.01")) for amount in every) else 2
    amounts = {one.counts: one.amount for one in book.counted}
    steps = [step("loaded", book.loaded, total=True, count=len(book.sources))] if not written else []
    steps += [step("ledger_converted" if written else "ledger", book.ledger, total=True)]
    steps += [step("not_cx", -amounts["not_cx"]), step("acquisition", -amounts["acquisition"])]
    steps += [step("cx", amounts["cx"], total=True)]
    if account is None:
        return steps
    capex, other = account.outside_capex, account.outside_months - account.outside_capex
    steps += [step("one_off", -account.one_off)]
    steps += [step("outside_capex", -capex, months=text.months(account.capex_months))] if capex else []
    steps += [step("outside", -other)]
    return [*steps, step("panel", account.direct + account.shared, total=True)]


def _note(book: CostBook, text: Text) -> str:
    if book.refused is not None:
        return text("costs.book.no_panel", reason=text.error(book.refused, shown))
    account = book.account
    if account is not None and account.capex:
        amount = exact(account.capex, book.currency, text)
        return text("store.note.capex", amount=amount, months=text.months(account.capex_months))
    return ""


def _files(book: CostBook, text: Text) -> Table:
    """Return every file with its rows, what they add up to, and the total that it names itself."""
    found = book.sources
    names = [shown(" · ".join(part for part in (one.file, one.sheet) if part) or "–", 60) for one in found]
    table = [
        words_column(text("costs.column.file"), names),
        *(
            number_column(text(f"costs.column.{name}"), [getattr(one, name) for one in found], text)
            for name in ("rows_read", "rows", "rejected", "skipped")
        ),
        exact_column(text("costs.column.amount"), [one.amount for one in found], text),
        exact_column(text("costs.column.total"), [one.total for one in found], text),
        words_column(text("costs.column.check"), [_check(one, text) for one in found]),
    ]
    return tuple(table)


def _check(source: LedgerSource, text: Text) -> str:
    if source.total is None:
        return text("costs.check.none")
    difference = source.amount - source.total
    if abs(difference) < Decimal("0.005"):
        return text("costs.check.met")
    amount = exact_figure(difference, text)
    return text("costs.check.explained" if source.why else "costs.check.missed", amount=amount, why=shown(source.why))


def _counted(book: CostBook, text: Text) -> Table:
    """Return what counts as customer experience and what does not, with money, lines and the largest names."""
    found = book.counted
    return (
        words_column(text("costs.column.counts"), [text(f"costs.counts.{one.counts}") for one in found]),
        exact_column(text("costs.column.amount"), [one.amount for one in found], text),
        number_column(text("costs.column.lines"), [one.lines for one in found], text),
        words_column(text("costs.column.names"), [_names(one.names, text) for one in found]),
    )


def _names(names: tuple[tuple[str, Decimal], ...], text: Text) -> str:
    told = [text.name(name) if name else text("costs.unnamed.initiative") for name, _ in names]
    return few_names(told, text) if told else "–"


def _why(book: CostBook, text: Text) -> list[str]:
    """Return by which rule lines of each file count, with what each rule chose."""
    told = []
    for source in book.sources:
        file = {"file": shown(source.file, 60)} if len(book.sources) > 1 else {}
        said = [_rule(rule, book.currency, text) for rule in source.rules]
        if not said:
            said = [text("costs.why.itself" if source.says_itself else "costs.why.every")]
        told += [text("costs.why.in_file", words=words, **file) if file else words for words in said]
        if source.rates:
            told.append(text("costs.why.rates", rates=shown(source.rates, 300)))
    return [
        *cx_part_words(book.cx_part, text),
        *dict.fromkeys(told),
        text("costs.why.acquisition"),
        text("costs.why.change"),
    ]


def _rule(rule: RuleUsed, currency: str, text: Text) -> str:
    facts = {"lines": text.number(rule.lines), "amount": exact(rule.amount, currency, text)}
    column = text(f"column.{rule.column}") if rule.column not in ("", EVERY_LINE) else ""
    kind = "_every" if rule.column == EVERY_LINE else "_is" if rule.contains.startswith(EXACTLY) else ""
    name = rule.contains.removeprefix(EXACTLY) or text("cx_lines.unnamed")
    return text(f"costs.rule.{rule.decision}{kind}", column=column, contains=shown(name, 60), **facts)


def _shared(book: CostBook, text: Text) -> Table | None:
    """Return CX spend in the verdict by segment: what names it, and its part of what names none."""
    segments = book.account.segments if book.account else ()
    if len(segments) < 2:
        return None
    names = [text.name(one.segment) for one in segments]
    direct, shared = [one.direct for one in segments], [one.shared for one in segments]
    zero = Decimal(0)
    return (
        words_column(text("costs.by.segment"), [*names, text("costs.whole")]),
        exact_column(text("costs.column.direct"), [*direct, sum(direct, zero)], text),
        exact_column(text("costs.column.shared"), [*shared, sum(shared, zero)], text),
        exact_column(
            text("costs.column.in_verdict"),
            [*(own + part for own, part in zip(direct, shared, strict=True)), sum((*direct, *shared), zero)],
            text,
        ),
    )


def _converted(book: CostBook, text: Text) -> Table | None:
    found = book.converted
    if not found:
        return None
    return (
        words_column(text("costs.column.currency"), [one.currency for one in found]),
        words_column(text("costs.by.month"), [month_words(one.month, text) for one in found]),
        exact_column(text("costs.column.written"), [one.written for one in found], text),
        words_column(text("costs.column.rate"), [f"{one.rate.normalize():f}" for one in found]),
        exact_column(
            text("costs.column.counts_as", currency=text.currency(book.currency)), [one.amount for one in found], text
        ),
        words_column(text("costs.column.rate_source"), [shown(one.source or "–", 60) for one in found]),
    )
