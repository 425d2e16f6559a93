"""Where the money should go, in words: the finding, what it gains, and every part as a move from today to what is proposed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cxroi.model.decision.allocation import Allocation, Move
from cxroi.questions import BusinessCase
from cxroi.questions.allocation import Ask
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.decide.allocation import left_over, part_name
from cxroi.view.decide.horizons import horizon_words
from cxroi.view.decide.moves import Shift
from cxroi.view.decide.what_changes import capping_check
from cxroi.view.figure import deserved_step, money, signed_money, signed_range, source_line
from cxroi.view.ranges import RangeBar, RangedFigure, range_bar

_MOST_NAMES = 4
_KEPT = 0.02  # of the budget: less is what whole steps leave over
_SMALL = 0.002  # of the money divided: a smaller move is none


@dataclass(frozen=True, kw_only=True)
class MoveRow:
    """One part: its move, what it gains in words and drawn, and what holds it; the name may come from data and is to be escaped."""

    shift: Shift
    moves: bool
    gain: str
    range: str
    bar: RangeBar | None
    note: str


@dataclass(frozen=True, kw_only=True)
class WhereView:
    """The answer, in the order it is read."""

    kicker: str
    caution: str
    finding: str
    lead: tuple[str, ...]
    figures: tuple[RangedFigure, ...]
    headings: tuple[str, ...]
    rows: tuple[MoveRow, ...]
    axis: str
    binds: tuple[str, ...]
    caption: str
    source: str


def where_view(
    case: BusinessCase, found: Allocation, ask: Ask, text: Text, worth_having: Collection[str] = ()
) -> WhereView:
    """Return the answer to what was asked; `worth_having` are the lines that should give nothing up."""
    horizon = horizon_words(case.scenario, text)
    check = capping_check(case.verdict, text)
    return WhereView(
        kicker=text("where.kicker", today=money(found.today_spend, case.currency, text), horizon=horizon),
        caution=text("where.caution", check=check) if check else "",
        finding=_finding(case, found, ask, text),
        lead=tuple(_lead(case, found, ask, text)),
        figures=_figures(case, found, text),
        headings=tuple(text(f"where.heading.{name}") for name in (ask.part, "move", "gain")),
        rows=_rows(case, found, ask, text, worth_having),
        axis=text("where.axis"),
        binds=tuple(_binds(found, ask, text)),
        caption=text(f"where.caption_{ask.part}", horizon=horizon),
        source=source_line(case, text),
    )


def _change(move: Move) -> float:
    return move.spend - move.today_spend


def _moved(found: Allocation) -> list[Move]:
    return [move for move in found.moves if abs(_change(move)) > _SMALL * found.today_spend]


def _finding(case: BusinessCase, found: Allocation, ask: Ask, text: Text) -> str:
    if all(move.bound == "held" for move in found.moves):
        return text("where.finding.unknown")
    gain = text.money(abs(found.gain.mid), case.currency, step=deserved_step(found.gain))
    if ask.kind == "target":
        change = found.spend - found.today_spend
        small = abs(change) < _SMALL * found.today_spend
        kind = "target_same" if small else "target_more" if change > 0 else "target_less"
        rate = text.percent(ask.target_percent / 100, 1 if ask.target_percent % 1 else 0)
        return text(f"where.finding.{kind}", rate=rate, change=money(abs(change), case.currency, text))
    if found.extra is not None:
        return _finding_extra(case, found, gain, text)
    if not matters(case, found):
        return text("where.finding.one_part" if len(found.moves) == 1 else f"where.finding.right_{ask.part}")
    if _keeps_some(found):
        today, spend = (money(amount, case.currency, text) for amount in (found.today_spend, found.spend))
        return text("where.finding.budget_less", today=today, spend=spend)
    return text("where.finding.budget", gain=gain)


def _finding_extra(case: BusinessCase, found: Allocation, gain: str, text: Text) -> str:
    extra = found.extra
    assert extra is not None
    if not extra.asked:
        return text("where.finding.extra_zero")
    if extra.placed < _SMALL * extra.asked or not _moved(found):
        return text("where.finding.extra_none")
    amounts = {"asked": money(extra.asked, case.currency, text), "placed": money(extra.placed, case.currency, text)}
    kind = {None: "extra", "bounds": "extra_bounds", "pays_no_more": "extra_some"}[extra.because]
    return text(f"where.finding.{kind}", gain=gain, **amounts)


def matters(case: BusinessCase, found: Allocation) -> bool:
    """Return whether a division of the same money gains enough to matter, and moves any."""
    return found.gain.mid >= case.verdict.materiality and bool(_moved(found))


def _keeps_some(found: Allocation) -> bool:
    """Return whether some of the budget is not divided at all, because on average it loses money wherever it goes."""
    return found.extra is None and found.spend < (1 - _KEPT) * found.today_spend


def _lead(case: BusinessCase, found: Allocation, ask: Ask, text: Text) -> list[str]:
    """Return who gives and who gets, and what cannot be had."""
    told, moved = [], _moved(found)
    names = {
        "less": [shown(part_name(move.segment, ask.part, text)) for move in moved if _change(move) < 0],
        "more": [shown(part_name(move.segment, ask.part, text)) for move in moved if _change(move) > 0],
    }
    listed = {side: _few(each, text) for side, each in names.items()}
    if all(move.bound == "held" for move in found.moves):
        return []
    if ask.kind == "budget" and not matters(case, found):
        facts = {"materiality": money(case.verdict.materiality, case.currency, text)}
        told.append(text("where.lead.right", horizon=horizon_words(case.scenario, text), **facts))
    elif found.extra is not None and len(moved) > 1:
        most = max(moved, key=_change)
        amount = money(_change(most), case.currency, text)
        name = shown(part_name(most.segment, ask.part, text))
        majority = _change(most) > 0.5 * found.extra.placed
        told.append(
            text("where.lead.most", name=name, amount=amount) if majority else text("where.lead.more", **listed)
        )
    elif moved:
        kind = "from_to" if all(names.values()) else "more" if names["more"] else "less"
        told.append(text(f"where.lead.{kind}", **listed))
    if found.extra is not None and found.extra.because is not None:
        told.append(left_over(found.extra, case.currency, text))
    if ask.kind == "budget" and matters(case, found) and _keeps_some(found):
        told.append(text("where.lead.verdict", word=text(f"verdict.word.{case.verdict.call}")))
    if found.unattainable:
        out = _few([shown(part_name(name, ask.part, text)) for name in found.unattainable], text)
        told.append(text("where.lead.out_of_reach", names=out))
    return told


def _few(names: Sequence[str], text: Text) -> str:
    """Return names in a list that can be read: of many the first, and how many more there are."""
    if len(names) <= _MOST_NAMES:
        return text.listed(names)
    first = names[: _MOST_NAMES - 1]
    return text("where.and_more", names=text.listed(first), count=text.number(len(names) - len(first), 0))


def _figures(case: BusinessCase, found: Allocation, text: Text) -> tuple[RangedFigure, ...]:
    step = deserved_step(found.gain)
    change = found.spend - found.today_spend
    today, proposed = (money(amount, case.currency, text) for amount in (found.today_spend, found.spend))
    same = abs(change) < 0.01 * found.today_spend
    return (
        RangedFigure(
            label=text("where.figure.gain", horizon=horizon_words(case.scenario, text)),
            value=signed_money(found.gain.mid, case.currency, step, text),
            range=signed_range(found.gain, text) if found.gain.high > found.gain.low else "",
            bar=range_bar(found.gain) if found.gain.high > found.gain.low else None,
        ),
        RangedFigure(
            label=text("where.figure.spend"),
            value=today if same else text("where.figure.from_to", today=today, proposed=proposed),
            range=text("where.figure.unchanged")
            if same
            else text("where.figure.by_change", change=signed_money(change, case.currency, 0.0, text)),
        ),
    )


def _rows(
    case: BusinessCase, found: Allocation, ask: Ask, text: Text, worth_having: Collection[str]
) -> tuple[MoveRow, ...]:
    most = 1.06 * max(max(move.spend, move.today_spend) for move in found.moves) or 1.0
    moved, gains = _moved(found), [move.gain for move in _moved(found)]
    rows = []
    for move in sorted(found.moves, key=lambda move: (-round(_change(move), 6), -move.today_spend)):
        moves = move in moved
        rows.append(
            MoveRow(
                shift=Shift(
                    name=part_name(move.segment, ask.part, text),
                    today=money(move.today_spend, "", text),
                    proposed=money(move.spend, "", text),
                    today_at=move.today_spend / most,
                    proposed_at=move.spend / most,
                ),
                moves=moves,
                gain=signed_money(move.gain.mid, case.currency, deserved_step(move.gain), text) if moves else "",
                range=signed_range(move.gain, text) if moves else "",
                bar=range_bar(move.gain, beside=gains) if moves else None,
                note=_note(move, moves, worth_having, text),
            )
        )
    return tuple(rows)


def _note(move: Move, moves: bool, worth_having: Collection[str], text: Text) -> str:
    if moves and _change(move) < 0 and move.segment in worth_having:
        return text("where.limit.yields")
    return text(f"where.limit.{move.bound}") if move.bound else ""


def _binds(found: Allocation, ask: Ask, text: Text) -> list[str]:
    """Return which limits hold money back, in sentences."""
    own = {name for name, _, _ in ask.limits}

    def listed(bound: str, mine: bool | None = None) -> str:
        at = [m.segment for m in found.moves if m.bound == bound and (mine is None or (m.segment in own) is mine)]
        return _few([shown(part_name(name, ask.part, text)) for name in at], text)

    high, own_high, low = listed("high", False), listed("high", True), listed("low")
    named = (("high", high), ("high_own", own_high), ("low", low))
    told = [text(f"where.binds.{kind}", names=names) for kind, names in named if names]
    return told or [text("where.binds.none")]
