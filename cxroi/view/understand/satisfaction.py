"""What customers say, who was heard, and what goes with leaving, in words."""

from __future__ import annotations

from cxroi.model.satisfaction.drivers import Drivers, Flag
from cxroi.model.satisfaction.survey import ScoreChange
from cxroi.questions.satisfaction import Scores
from cxroi.text import Text
from cxroi.view.figure import in_points, points_range
from cxroi.view.table import columns

DRIVER_COLUMNS = ("touchpoint", "satisfied", "effect_alone", "effect", "impact_share", "spend_share")
SCORE_COLUMNS = ("metric", "about", "score", "range", "answers")


def score_words(found: Scores, by: str | None, text: Text) -> list[str]:
    """Return the scores of the whole company and by `by`, how they changed, and who was heard."""
    shown = [line for line in found.lines if line.dimension in ("all", by)]
    rows = [
        [
            text(f"metric.{line.metric}"),
            line.value or text("segments.whole"),
            _score(line.metric, line.score, text),
            text.between(_score(line.metric, line.low, text), _score(line.metric, line.high, text)),
            text.number(line.answers),
        ]
        for line in shown
    ]
    words = [*columns([text(f"heading.{name}") for name in SCORE_COLUMNS], rows), ""]
    words += [_change_words(change, text) for change in found.changes]
    if found.heard.customers_rate is not None:
        words.append(text("scores.customers_heard", share=text.percent(found.heard.customers_rate)))
    if found.heard.revenue_rate is not None:
        words.append(text("scores.revenue_heard", share=text.percent(found.heard.revenue_rate)))
    words += [
        text("scores.survivors", metric=text(f"metric.{one.metric}"))
        for one in found.survivors
        if one.check.is_survivor_effect
    ]
    return [*words, text("scores.note")]


def _change_words(change: ScoreChange, text: Text) -> str:
    kind = "rose" if change.low > 0 else "fell" if change.high < 0 else "unclear"
    return text(
        f"scores.{kind}",
        metric=text(f"metric.{change.metric}"),
        before=_score(change.metric, change.before, text),
        after=_score(change.metric, change.after, text),
        change=text.points_between(100 * change.low, 100 * change.high),
    )


def _score(metric: str, value: float, text: Text) -> str:
    return text.number(round(100 * value) + 0.0, 0) if metric == "nps" else text.percent(value, 0)


def driver_words(found: Drivers, text: Text) -> list[str]:
    """Return a line a touchpoint, and which links not to believe."""
    missing = text("report.none")
    rows = [
        [
            one.touchpoint,
            text.percent(one.satisfied_rate, 0),
            *(
                missing if effect is None else points_range(in_points(effect), text)
                for effect in (one.effect_alone, one.effect)
            ),
            text.percent(one.impact_share, 0) if one.is_believed else missing,
            missing if one.spend_share is None else text.percent(one.spend_share, 0),
        ]
        for one in found.drivers
    ]
    return [
        text(f"drivers.{found.outcome}", months=text.months(found.within_months)),
        "",
        *columns([text(f"heading.{name}") for name in DRIVER_COLUMNS], rows),
        "",
        *(f"{names}: {reason}" for names, reason in not_believed(found, text)),
        text(f"drivers.impact_{found.outcome}"),
        text("drivers.note"),
    ]


def not_believed(found: Drivers, text: Text) -> tuple[tuple[str, str], ...]:
    """Return the touchpoints whose link is not to be believed, by the reason; the names may come from data."""
    flagged: dict[Flag, list[str]] = {}
    for one in found.drivers:
        if not one.is_believed:
            flagged.setdefault(one.flag, []).append(text.name(one.touchpoint))
    return tuple((text.listed(names), advice(flag, found.outcome, text)) for flag, names in flagged.items())


def advice(flag: Flag, outcome: str, text: Text) -> str:
    """Return what to make of a link that is not to be believed as it stands, and of one that is."""
    return text(f"drivers.{'flag' if outcome == 'left' else 'flag_again'}.{flag}")
