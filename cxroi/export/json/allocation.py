"""A budget divided, as a JSON object."""

from __future__ import annotations

from cxroi.export.json.values import Json, exact_money, money_interval
from cxroi.model.decision.allocation import Allocation, Extra, Move


def allocation_json(found: Allocation, part: str, currency: str) -> Json:
    """Return what every part gets and what that is worth; `part` is "segment" or "line"."""
    return {
        "currency": currency,
        "by": part,
        "today_spend": exact_money(found.today_spend),
        "spend": exact_money(found.spend),
        "gain": money_interval(found.gain),
        "value_of_budget": found.value_of_budget,
        "unattainable": list(found.unattainable),
        "made_by_quarter": list(found.made_by_quarter),
        "extra": None if found.extra is None else _extra_json(found.extra),
        "moves": [_move_json(move, part) for move in found.moves],
    }


def _extra_json(extra: Extra) -> Json:
    return {
        "asked": exact_money(extra.asked),
        "placed": exact_money(extra.placed),
        "unplaced": exact_money(extra.unplaced),
        "because": extra.because,
    }


def _move_json(move: Move, part: str) -> Json:
    return {
        part: move.segment,
        "today_spend": exact_money(move.today_spend),
        "spend": exact_money(move.spend),
        "gain": money_interval(move.gain),
        "marginal_roi": move.marginal_roi,
        "bound": move.bound,
    }
