"""What customer experience cost, in words: the finding, by what the ledger calls it, and against its budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cxroi.chart import cost_months, month_rows
from cxroi.chart.drawing import Column, Drawing, Table
from cxroi.model.company.event import Event
from cxroi.model.company.ledger import LEVEL, MONTH, UNNAMED, CostCut, CostPart, Spent
from cxroi.questions.costs import CostBook, CostLines
from cxroi.questions.slice import Slice
from cxroi.text import Text
from cxroi.text.plain import short_name, shown
from cxroi.view.event_marking import event_marks, events_between, events_column, with_marked
from cxroi.view.figure import isolated, money
from cxroi.view.ranged import RangedFigure
from cxroi.view.table import table_words, words_column

_MOST_ROWS = 8  # of the picture; smaller parts stand in the table
_LONGEST_NAME = 40  # letters of a name in the picture
_LONGEST_CELL = 120  # in a table, where names wrap: those of one company may differ at their end alone
_ON_BUDGET = Decimal("0.0005")  # of the budget: a smaller difference is none


@dataclass(frozen=True, kw_only=True)
class CostView:
    """The page above the reconciliation, in the order it is read; names may come from data and are to be escaped."""

    kicker: str
    finding: str
    lead: tuple[str, ...]
    figures: tuple[RangedFigure, ...]
    drawing: Drawing | None
    parts: Table
    parts_caption: str
    budget_finding: str
    budgets: Table | None
    budget_notes: tuple[str, ...]
    source: str


def cost_view(cut: CostCut, book: CostBook, about: Slice, text: Text, events: Sequence[Event] = ()) -> CostView:
    """Return what was spent on the part of the ledger that is looked at."""
    return CostView(
        kicker=_kicker(cut, about, text),
        finding=_finding(cut, book.currency, text),
        lead=tuple(_lead(cut, book.currency, text)),
        figures=tuple(_figures(cut, book.currency, text)),
        drawing=_drawing(cut, book, text, events) if cut.parts else None,
        parts=_parts_table(cut, book.currency, text),
        parts_caption=text("costs.parts.caption", currency=text.currency(book.currency)),
        budget_finding=_budget_finding(cut, book.currency, text),
        budgets=_budget_table(cut, book.currency, text) if cut.whole.spent.budget is not None else None,
        budget_notes=tuple(_budget_notes(cut, book.currency, text)),
        source=source_words(book, text),
    )


def cost_words(view: CostView) -> list[str]:
    """Return the page as lines for a reader of plain text."""
    figures = [f"{one.label}: {one.value} {one.range} {one.note}".strip() for one in view.figures]
    words = [view.finding, view.kicker, "", *figures, "", *table_words(view.parts), "", view.budget_finding]
    if view.budgets is not None:
        words += ["", *table_words(view.budgets)]
    return [*words, *view.budget_notes, "", view.source]


def exact(amount: Decimal, currency: str, text: Text) -> str:
    """Return an amount to the last cent, or thousandth where it has one, with its currency.

    >>> exact(Decimal("1234567.505"), "SAR", Text("en")), exact(Decimal("9007199254740993.10"), "", Text("en"))
    ('SAR 1,234,567.505', '9,007,199,254,740,993.10')
    """
    return text("costs.exact", currency=text.currency(currency), amount=exact_figure(amount, text)).strip()


def exact_figure(amount: Decimal, text: Text, places: int | None = None) -> str:
    """Return an exact amount without its currency: two decimals, three where it has as many."""
    return text.number(amount, _places((amount,)) if places is None else places)


def exact_column(heading: str, amounts: Sequence[Decimal | None], text: Text, *, signed: bool = False) -> Column:
    """Return a column of exact amounts, all with as many decimals; None: there is none. `signed`: what is above nothing has a +."""
    places = _places([amount for amount in amounts if amount is not None])

    def words(amount: Decimal | None) -> str:
        if amount is None:
            return "–"
        figure = exact_figure(amount, text, places)
        return text.raised(figure) if signed and amount > 0 else figure

    return Column(
        heading=heading,
        figures=tuple(float("nan") if amount is None else amount for amount in amounts),
        words=tuple(map(words, amounts)),
    )


def number_column(heading: str, numbers: Sequence[int], text: Text) -> Column:
    """Return a column of whole numbers."""
    return Column(heading=heading, figures=tuple(numbers), words=tuple(text.number(number, 0) for number in numbers))


def part_words(part: CostPart, by: str, text: Text) -> str:
    """Return what a part of a cut is called."""
    if part.names > 1:
        return text("costs.others", count=part.names)
    if part.name == UNNAMED:
        return text(f"costs.unnamed.{by}")
    if by == MONTH:
        return month_words(part.name, text)
    return shown(name_words(part.name, by, text), _LONGEST_CELL)


def name_words(name: str, by: str, text: Text) -> str:
    """Return a name in the ledger as it is shown; categories and levels are ours and worded."""
    if by == LEVEL:
        return text(f"level.{name}")
    return (
        text(f"costs.category_{name}") if text.has(f"costs.category_{name}") and by == "category" else text.name(name)
    )


def month_words(month: str, text: Text) -> str:
    """Return a month that is written 2025-03."""
    from datetime import date

    return text.month(date.fromisoformat(f"{month}-01"))


def source_words(book: CostBook, text: Text) -> str:
    """Return where the figures come from."""
    files = text.listed(dict.fromkeys(shown(one.file, 60) for one in book.sources if one.file))
    first, last = month_words(book.first, text), month_words(book.last, text)
    facts = {"files": files, "lines": text.number(book.lines), "version": text.number(book.version)}
    return text("costs.source", first=first, last=last, **facts)


def lines_table(found: CostLines, text: Text) -> Table:
    """Return single lines of the ledger with what each says of itself; what none of them says has no column."""

    def named(name: str, heading: str) -> Table:
        told = [getattr(one, name) for one in found.lines]
        return (words_column(heading, [_said(name, value, text) for value in told]),) if any(told) else ()

    currencies = {one.currency for one in found.lines}
    unit = text.currency(min(currencies)) if len(currencies) == 1 else ""
    labels = ("initiative", "category", "touchpoint", "segment", "owner")
    return (
        words_column(text("costs.by.month"), [month_words(one.month, text) for one in found.lines]),
        *(column for label in labels for column in named(label, text(f"costs.by.{label}"))),
        *named("account", text("column.account")),
        *named("invoice_id", text("column.invoice_id")),
        *named("note", text("column.note")),
        exact_column(
            text.listed(filter(None, (text("costs.column.amount"), unit))), [one.amount for one in found.lines], text
        ),
        *(named("currency", text("costs.column.currency")) if len(currencies) > 1 else ()),
    )


def lines_title(found: CostLines, text: Text) -> str:
    """Return what is listed: all the lines there are, or the largest of them."""
    listed = len(found.lines)
    return text("costs.lines.largest" if listed < found.of else "costs.lines.all", listed=listed, of=found.of)


def _said(name: str, value: str, text: Text) -> str:
    return shown(name_words(value, name, text), 80) if value else "–"


def _places(amounts: Sequence[Decimal]) -> int:
    return 3 if any(amount != amount.quantize(Decimal("0.01")) for amount in amounts) else 2


def _kicker(cut: CostCut, about: Slice, text: Text) -> str:
    if not cut.months:
        return text(f"costs.counts.{cut.counts}")
    first, last = (text.month(month) for month in (cut.months[0], cut.months[-1]))
    period = first if len(cut.months) == 1 else text.between(first, last)
    said = [text(f"costs.counts.{cut.counts}"), period]
    said += [shown(text.name(value), 60) for value in (about.segment, about.touchpoint) if value]
    return text("costs.kicker_separator").join(said)


def _finding(cut: CostCut, currency: str, text: Text) -> str:
    if not cut.parts:
        return text("costs.finding.none")
    spent = cut.whole.spent
    facts = {"spent": _about(spent.total, currency, text), "months": text.months(len(cut.months))}
    what = "cx" if cut.counts == "cx" else "other"
    if spent.over is None:
        each = _about(spent.total / len(cut.months), currency, text)
        return text(f"costs.finding.{what}_no_budget", each=each, **facts)
    return text(f"costs.finding.{what}_{_side(spent)}", over=_about(abs(spent.over), currency, text), **facts)


def _side(spent: Spent) -> str:
    """Return "over", "under" or "on" (budget)."""
    if spent.over is None or not spent.budget or abs(spent.over) <= _ON_BUDGET * abs(spent.budget):
        return "on"
    return "over" if spent.over > 0 else "under"


def _about(amount: Decimal, currency: str, text: Text) -> str:
    return money(float(amount), currency, text)


def _lead(cut: CostCut, currency: str, text: Text) -> list[str]:
    """Return the largest part, and the part that passed its budget by most."""
    named = [part for part in cut.parts if part.name != UNNAMED and part.spent.total > 0]
    if cut.by == MONTH or len(named) < 2 or cut.whole.spent.total <= 0:
        return []
    largest = max(named, key=lambda part: part.spent.total)
    share = text.percent(float(largest.spent.total / cut.whole.spent.total), 0)
    return [text("costs.lead.largest", name=part_words(largest, cut.by, text), share=share)]


def _figures(cut: CostCut, currency: str, text: Text) -> list[RangedFigure]:
    spent, months = cut.whole.spent, len(cut.months)
    if not cut.parts:
        return []
    each = _about(spent.total / months, currency, text)
    found = [
        RangedFigure(
            label=text("costs.figure.spent"),
            value=_about(spent.total, currency, text),
            range="",
            note=text("costs.figure.a_month", each=each),
        )
    ]
    if spent.over is not None:
        part = float(spent.over / spent.budget) if spent.budget else 0.0
        found.append(
            RangedFigure(
                label=text("costs.figure.budget"),
                value=_signed(spent.over, currency, text),
                range="",
                note=text(
                    "costs.figure.of_budget",
                    percent=text.signed_percent(part),
                    budget=_about(spent.budget or Decimal(0), currency, text),
                ),
            )
        )
    kinds = [
        text(f"costs.figure.{kind}", amount=_about(amount, currency, text))
        for kind, amount in (("capex", spent.capex), ("one_off", spent.one_off))
        if amount
    ]
    found.append(
        RangedFigure(
            label=text("costs.figure.opex"),
            value=_about(spent.opex, currency, text),
            range="",
            note=text("costs.kicker_separator").join(kinds) or text("costs.figure.only_opex"),
        )
    )
    return found


def _signed(amount: Decimal, currency: str, text: Text) -> str:
    words = _about(amount, currency, text)
    return text.raised(words) if amount > 0 else words


def _drawing(cut: CostCut, book: CostBook, text: Text, events: Sequence[Event]) -> Drawing:
    """Return the picture of months: a row for each of the largest parts; of a cut by month one row."""
    shown_parts = _rows_shown(cut)
    labels = [text.month(month) for month in cut.months]
    rows = [_row(part, cut, labels, book.currency, text) for part in shown_parts]
    amounts = [[_about(amount, "", text) for amount in part.months] for part in shown_parts]
    wrapped = [[isolated(words, text) for words in row] for row in amounts]
    events = events_between(events, cut.months[0], cut.months[-1])
    return Drawing(
        name="cost_months",
        title=_drawing_title(cut, book.currency, text),
        subtitle=text("costs.chart.subtitle", by=text(f"costs.by.{cut.by}"), counts=text(f"costs.counts.{cut.counts}")),
        alternative=with_marked(
            text(
                "costs.chart.alternative",
                rows=text("chart.list_separator").join(f"{row.name}: {row.total}" for row in rows),
            ),
            events,
            text,
        ),
        footer=f"{text('costs.chart.footer')} {source_words(book, text)}",
        currency=book.currency,
        window=month_rows.window(len(rows), len(cut.months)),
        data=cost_months.data(
            rows,
            [isolated(label, text) for label in labels],
            wrapped,
            event_marks(events, cut.months[0], cut.months[-1], text),
        ),
        table=lambda: (
            *_months_table(cut, book.currency, text),
            *events_column(events, cut.months, text),
        ),
    )


def _rows_shown(cut: CostCut) -> tuple[CostPart, ...]:
    if cut.by == MONTH:
        return (cut.whole,)
    if len(cut.parts) <= _MOST_ROWS:
        return cut.parts
    kept, rest = cut.parts[: _MOST_ROWS - 1], cut.parts[_MOST_ROWS - 1 :]
    zero = Decimal(0)
    together = replace(
        rest[0],
        name=UNNAMED,
        names=sum(part.names for part in rest),
        spent=replace(rest[0].spent, opex=sum((part.spent.total for part in rest), zero), capex=zero, one_off=zero),
        months=tuple(sum((part.months[place] for part in rest), zero) for place in range(len(cut.months))),
        budgets=(None,) * len(cut.months),
    )
    return (*kept, together)


def _row(part: CostPart, cut: CostCut, labels: Sequence[str], currency: str, text: Text) -> cost_months.Row:
    name = text("costs.whole") if cut.by == MONTH else part_words(part, cut.by, text)
    total = text(
        "costs.chart.total",
        amount=_about(part.spent.total, currency, text),
        share=text.percent(float(part.spent.total / cut.whole.spent.total), 0) if cut.whole.spent.total else "–",
    )
    return cost_months.Row(
        name=isolated(short_name(name, _LONGEST_NAME), text),
        total=isolated(total, text),
        amounts=[float(amount) for amount in part.months],
        budgets=[None if budget is None else float(budget) for budget in part.budgets],
        told=[
            isolated(_told(short_name(name, _LONGEST_NAME), label, amount, budget, currency, text), text)
            for label, amount, budget in zip(labels, part.months, part.budgets, strict=True)
        ],
    )


def _told(name: str, month: str, amount: Decimal, budget: Decimal | None, currency: str, text: Text) -> str:
    facts = {"name": name, "month": month, "amount": exact(amount, currency, text)}
    if budget is None:
        return text("costs.chart.told", **facts)
    facts["budget"] = exact(budget, currency, text)
    return text("costs.chart.told_budget", over=_signed(amount - budget, currency, text), **facts)


def _drawing_title(cut: CostCut, currency: str, text: Text) -> str:
    """Return how the last three months stand beside the three before, or what is drawn where there are too few."""
    if len(cut.months) < 6:
        return text("costs.chart.title", by=text(f"costs.by.{cut.by}"))
    newest, before = sum(cut.whole.months[-3:], Decimal(0)), sum(cut.whole.months[-6:-3], Decimal(0))
    change = float(newest / before - 1) if before > 0 else 0.0
    if abs(change) < 0.02:
        return text("costs.chart.title_steady", each=_about(newest / 3, currency, text))
    way = "up" if change > 0 else "down"
    return text(
        f"costs.chart.title_{way}", each=_about(newest / 3, currency, text), change=text.percent(abs(change), 0)
    )


def _parts_table(cut: CostCut, currency: str, text: Text) -> Table:
    parts = (*cut.parts, cut.whole) if len(cut.parts) > 1 else cut.parts
    names = [part_words(part, cut.by, text) for part in cut.parts]
    names += [text("costs.whole")] if len(parts) > len(names) else []
    total = cut.whole.spent.total
    shares = [float(part.spent.total / total) if total else float("nan") for part in parts]
    found = [
        words_column(text(f"costs.by.{cut.by}"), names),
        exact_column(text("costs.column.spent"), [part.spent.total for part in parts], text),
        Column(
            heading=text("costs.column.share"),
            figures=tuple(shares),
            words=tuple("–" if share != share else text.percent(share, 0) for share in shares),
        ),
    ]
    for kind in ("capex", "one_off"):  # what is neither is running cost
        amounts = [getattr(part.spent, kind) for part in parts]
        if any(amounts):
            found.append(exact_column(text(f"costs.column.{kind}"), amounts, text))
    return (*found, number_column(text("costs.column.lines"), [part.spent.lines for part in parts], text))


def _months_table(cut: CostCut, currency: str, text: Text) -> Table:
    """Return the figures behind the picture: every month with what each part cost and its budget."""
    months = Column(
        heading=text("costs.by.month"),
        figures=tuple(month.isoformat()[:7] for month in cut.months),
        words=tuple(text.month(month) for month in cut.months),
    )
    parts = (cut.whole,) if cut.by == MONTH else cut.parts
    found = [months]
    for part in parts:
        name = text("costs.whole") if cut.by == MONTH else part_words(part, cut.by, text)
        found.append(exact_column(name, part.months, text))
        if part.spent.budget is not None:
            found.append(exact_column(text("costs.column.budget_of", name=name), part.budgets, text))
    return tuple(found)


def _budget_finding(cut: CostCut, currency: str, text: Text) -> str:
    if cut.whole.spent.budget is None:
        return text("costs.budget.none")
    over = cut.over
    if not over:
        passed = len(_months_over(cut.whole))
        of = sum(budget is not None for budget in cut.whole.budgets)
        return text("costs.budget.none_over_but", count=passed, of=of) if passed else text("costs.budget.none_over")
    together = sum((part.spent.over or Decimal(0) for part in over), Decimal(0))
    facts = {"amount": _about(together, currency, text), "name": part_words(over[0], cut.by, text)}
    known = sum(part.spent.budget is not None for part in cut.parts)
    return text("costs.budget.over", count=len(over), known=known, **facts)


def _budget_table(cut: CostCut, currency: str, text: Text) -> Table:
    """Return every part with a budget: what was spent of it, by how much it was passed, and in which months."""
    parts = [*(part for part in cut.parts if part.spent.budget is not None), cut.whole]
    names = [part_words(part, cut.by, text) for part in parts[:-1]] + [text("costs.whole")]
    shares = [
        float((part.spent.over or 0) / part.spent.budget) if part.spent.budget else float("nan") for part in parts
    ]
    passed = [_months_over(part) for part in parts]
    worst = [max(months, key=lambda one: one[1], default=None) for months in passed]
    found = [
        words_column(text(f"costs.by.{cut.by}"), names),
        exact_column(text("costs.column.budget"), [part.spent.budget for part in parts], text),
        exact_column(text("costs.column.within"), [part.spent.within_budget for part in parts], text),
        exact_column(text("costs.column.over"), [part.spent.over for part in parts], text, signed=True),
        Column(
            heading=text("costs.column.over_share"),
            figures=tuple(shares),
            words=tuple("–" if share != share else text.signed_percent(share) for share in shares),
        ),
    ]
    if cut.by == MONTH:
        return tuple(found)
    return (
        *found,
        Column(
            heading=text("costs.column.months_over"),
            figures=tuple(len(months) for months in passed),
            words=tuple(
                text("costs.months_of", count=len(months), of=sum(budget is not None for budget in part.budgets))
                for months, part in zip(passed, parts, strict=True)
            ),
        ),
        words_column(
            text("costs.column.worst"),
            [
                "–"
                if one is None
                else text("costs.worst", month=text.month(cut.months[one[0]]), over=_signed(one[1], "", text))
                for one in worst
            ],
        ),
    )


def _months_over(part: CostPart) -> list[tuple[int, Decimal]]:
    """Return the months, by place, in which a part passed its budget, and by how much."""
    return [
        (place, amount - budget)
        for place, (amount, budget) in enumerate(zip(part.months, part.budgets, strict=True))
        if budget is not None and amount > budget
    ]


def _budget_notes(cut: CostCut, currency: str, text: Text) -> list[str]:
    """Return what no budget covers, and budgets of months that are still to come."""
    notes = []
    if cut.whole.spent.budget is not None and cut.whole.spent.unbudgeted:
        notes.append(text("costs.budget.unbudgeted", amount=_about(cut.whole.spent.unbudgeted, currency, text)))
    if cut.budget_ahead:
        notes.append(text("costs.budget.ahead", amount=_about(cut.budget_ahead, currency, text)))
    return notes
