"""The pilot for a verdict that is open: what the search of `cxroi.model.decision.proposal` needs to know, from a valuation and the register."""

from __future__ import annotations

from cxroi.model.decision.pilot_trial import CallAfter, OpenDecision
from cxroi.model.decision.proposal import propose_pilot
from cxroi.model.decision.verdict import PilotProposal
from cxroi.model.statistics.uncertainty import Draws
from cxroi.model.value.valuation import Valuation
from cxroi.questions.pilot_evidence import largest_errors
from cxroi.questions.register import read_pilot_beliefs, read_register


def find_pilot(
    valuation: Valuation, names: tuple[str, ...], segment: int | None, value: Draws, call: CallAfter
) -> PilotProposal | None:
    """Return the pilot that teaches most for its cost, for the verdict on one segment or on the whole (None).

    `names` (S,) of the segments, `value` (L, n) what the best level maximises, `call` the verdict on some of its draws.
    """
    table = valuation.headcount.table
    rows = slice(None) if segment is None else slice(segment, segment + 1)
    return propose_pilot(
        OpenDecision(
            future=table.future.only(rows),
            money=valuation.money if segment is None else valuation.money.only(segment),
            segments=names[rows],
            level_percent=table.level_percent,
            value=value,
            discount=table.discount,
            call=call,
            largest_error=largest_errors(read_register()[0].strength_scale),
            beliefs=read_pilot_beliefs(),
        )
    )
