"""What every page asks of the data at first, before anybody has chosen anything; in the order of the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cxroi.model.company.ledger import COUNTS, CUTS
from cxroi.model.scenario import Scenario
from cxroi.questions.cohorts import ask_staying
from cxroi.questions.costs import ask_cost_book, ask_costs
from cxroi.questions.customer_months import ask_customer_months
from cxroi.questions.customers import ask_customer_worth, ask_retention_points
from cxroi.questions.forecast import ask_currency, ask_outlook
from cxroi.questions.pilot_groups import ask_where_to_test
from cxroi.questions.pilots import read_uploaded_pilots
from cxroi.questions.promises import ask_programme
from cxroi.questions.satisfaction import ask_after_answers, ask_comment_languages, ask_drivers, ask_scores, ask_service
from cxroi.questions.shown_evidence import ask_shown_evidence
from cxroi.questions.slice import Slice, ask_choosable
from cxroi.questions.verdict_history import ask_verdict_history

_WHOLE, _HORIZON = Slice(), (Scenario.horizon_months, Scenario.annual_discount_rate)
FIRST_ASKED: tuple[tuple[Callable[..., Any], tuple[object, ...]], ...] = (
    (ask_choosable, ()),
    (ask_customer_months, (_WHOLE,)),
    (ask_retention_points, (None, *_HORIZON)),
    (ask_customer_worth, _HORIZON),
    (ask_staying, (None,)),
    (ask_scores, (_WHOLE,)),
    (ask_service, (_WHOLE,)),
    (ask_comment_languages, ()),
    (ask_after_answers, (_WHOLE,)),
    (ask_costs, (CUTS[0], COUNTS[0], _WHOLE)),
    (ask_cost_book, ()),
    (ask_outlook, (None,)),
    (ask_currency, ()),
    (ask_shown_evidence, ()),
    (ask_verdict_history, (False,)),
    (ask_programme, ()),
    (ask_where_to_test, ()),
    (read_uploaded_pilots, ()),
    (ask_drivers, ()),  # behind a fold, and on "Where to invest": the slowest comes last
)
