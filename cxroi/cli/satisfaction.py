"""Commands about what is behind the verdict: what customers say, who was heard, and what goes with leaving."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import TypeVar

from cxroi.cli.arguments import pairs, wrong_use
from cxroi.cli.layout import answer, opened, version_facts
from cxroi.cli.slicing import chosen_slice
from cxroi.errors import CxroiError
from cxroi.export.json.satisfaction import (
    after_json,
    drivers_json,
    perception_json,
    scores_json,
    service_json,
    staff_json,
    themes_json,
)
from cxroi.model.satisfaction.perception import perception_gaps, with_typed
from cxroi.model.satisfaction.scales import estimate_ends
from cxroi.questions.forecast import ask_currency
from cxroi.questions.satisfaction import (
    Scores,
    ask_after_answers,
    ask_drivers,
    ask_estimates,
    ask_scores,
    ask_service,
    ask_themes,
)
from cxroi.questions.staff import ask_staff
from cxroi.text import Text
from cxroi.text.typed import typed_percent
from cxroi.view.data_notes import illustrative_lines
from cxroi.view.understand.after_answers import after_words
from cxroi.view.understand.comments import comment_words
from cxroi.view.understand.perception import measured_at, perception_words
from cxroi.view.understand.satisfaction import driver_words
from cxroi.view.understand.scores import metrics_of, score_words
from cxroi.view.understand.service import service_words
from cxroi.view.understand.staff import staff_words

_Answer = TypeVar("_Answer")


def scores(choices: Namespace, text: Text) -> int:
    """Say what customers answer and write, what each answer is followed by, how support went, and whether that can be trusted."""
    with opened(choices) as data:
        of = chosen_slice(choices, data)
        found = ask_scores(data, of)
        followed = _told(lambda: ask_after_answers(data, of))
        service = _told(lambda: ask_service(data, of))
        currency = _told(lambda: ask_currency(data)) or ""
        themes = _told(lambda: ask_themes(data, of, choices.comments_in))
        staff = _told(lambda: {metric: ask_staff(data, of, metric) for metric in metrics_of(found)}) or {}
        estimates = {metric: ask_estimates(data, of, metric) for metric in metrics_of(found)}
    first = metrics_of(found)[0]
    estimates[first] = with_typed(estimates[first], _typed(choices, found, first))
    gaps = {metric: perception_gaps(own, measured_at(found, metric)) for metric, own in estimates.items()}
    facts = {
        **version_facts(data),
        **scores_json(found),
        "after_answers": None if followed is None else after_json(followed),
        "service": service_json(service or ()),
        "themes": None if themes is None else themes_json(themes),
        "perception": perception_json([one for own in gaps.values() for one in own]),
        "staff": [staff_json(one) for one in staff.values()],
    }
    parts = [score_words(found, of, choices.by, text)]
    parts += [after_words(followed, text)] if followed else []
    parts += [service_words(service, found.lines, currency, text)] if service else []
    parts += [comment_words(themes, text)] if themes else []
    parts += [told for metric in gaps if (told := perception_words(gaps[metric], estimates[metric], text))]
    parts += [staff_words(staff[first], text)] if staff else []
    words = [line for part in parts for line in (*part, "")][:-1]
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *words])
    return 0


def _told(ask: Callable[[], _Answer]) -> _Answer | None:
    """Return an answer, None where the data do not have it."""
    try:
        return ask()
    except CxroiError:
        return None


def _typed(choices: Namespace, found: Scores, metric: str) -> dict[str, float]:
    """Return the estimates on the line, by touchpoint, in the unit of a metric."""
    known, typed = [line.value for line in measured_at(found, metric)], {}
    low, high = estimate_ends(metric)
    for name, said in pairs(choices.estimate, "--estimate"):
        try:
            score = typed_percent(said)
        except ValueError:
            score = high + 1
        if not low <= score <= high or name not in known:
            wrong_use("estimate", given=f"{name}={said}", low=low, high=high, known=", ".join(known))
        typed[name] = score / 100
    return typed


def drivers(choices: Namespace, text: Text) -> int:
    """Say which touchpoints go with leaving (or with ordering again), and which links not to believe."""
    with opened(choices) as data:
        of = chosen_slice(choices, data)
        found = ask_drivers(data, of, within_months=choices.within_months, outcome=choices.outcome)
        currency = data.panel_without_costs.currency
    facts = {**version_facts(data), **drivers_json(found, currency, text)}
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *driver_words(found, text)])
    return 0
