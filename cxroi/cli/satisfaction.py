"""Commands about what is behind the verdict: what customers say, who was heard, and what goes with leaving."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cxroi.cli.layout import answer, columns, illustrative_lines, in_points, opened, version_facts
from cxroi.errors import StoreError
from cxroi.model.satisfaction.drivers import Driver, Drivers, Flag, measure_drivers
from cxroi.model.satisfaction.scales import CES_RULE, CSAT_RULE, NPS_RULE, PROMOTER
from cxroi.model.satisfaction.survey import (
    AnswerCounts,
    Coverage,
    ScoreChange,
    ScoreLine,
    SurvivorCheck,
    score_changes,
    score_lines,
)
from cxroi.text import Text
from cxroi.view.figure import points_range
from cxroi.view.report_json import exact_money, rate_interval

if TYPE_CHECKING:
    from cxroi.store.engine.engine import Engine

SURVIVOR_MEANS = ("before", "before_stayed", "after", "standard_error")
DRIVER_COLUMNS = ("touchpoint", "satisfied", "effect_alone", "effect", "impact_share", "spend_share")
MOST_ANSWERS = 200_000  # the newest; more would change nothing that is shown
SCORE_COLUMNS = ("metric", "about", "score", "range", "answers")


def scores(choices: Namespace, text: Text) -> int:
    """Say what customers answer, by what they were asked about, and whether that can be trusted."""
    with opened(choices) as data:
        rows = data.engine.query("score_groups", **NPS_RULE, **CSAT_RULE, **CES_RULE).to_dict("records")
        if not rows:
            raise StoreError("cli.no_answers")
        heard, survivors = _coverage(data.engine), _survivors(data.engine)
    counts = [AnswerCounts(**{str(name): cell for name, cell in row.items()}) for row in rows]
    lines, changes = score_lines(counts), score_changes(counts)
    facts = {
        **version_facts(data),
        "scores": [asdict(line) for line in lines],
        "changes": [asdict(change) for change in changes],
        "coverage": asdict(heard),
        "survivor_checks": survivors,
    }
    answer(
        choices,
        facts,
        [
            *illustrative_lines(data.version.illustrative, text),
            *_score_words(choices, lines, changes, heard, survivors, text),
        ],
    )
    return 0


def drivers(choices: Namespace, text: Text) -> int:
    """Say which touchpoints go with leaving (or with ordering again), and which links not to believe."""
    within = choices.within_months
    with opened(choices) as data:
        panel, spend = data.panel_without_costs, _touchpoint_spend(data.engine)
        seen = data.engine.query(
            "driver_observations",
            as_of=panel.last_day,
            within_months=within,
            limit=MOST_ANSWERS,
            promoter=PROMOTER,
            **CSAT_RULE,
            **CES_RULE,
        )
    outcome = choices.outcome or ("ordered_again" if panel.source == "orders" else "left")
    if outcome == "ordered_again":
        seen["event"] = seen["ordered_again"]
    found = measure_drivers(seen[seen["is_complete"]], spend=spend, outcome=outcome, within_months=within)
    facts = {
        **version_facts(data),
        "currency": panel.currency,
        "outcome": outcome,
        "within_months": within,
        "answers": found.answers,
        "customers": found.customers,
        "answers_after_leaving": found.answers_after_leaving,
        "grade": str(found.grade),
        "drivers": [_driver_json(one, found.outcome, text) for one in found.drivers],
    }
    answer(choices, facts, [*illustrative_lines(data.version.illustrative, text), *_driver_words(found, text)])
    return 0


def _touchpoint_spend(engine: Engine) -> dict[str, float] | None:
    """Return spend by touchpoint; None where the ledger names none, or mixes currencies."""
    spend = engine.query("touchpoint_spend")
    if spend.empty or spend["currency"].nunique(dropna=False) > 1:
        return None
    return {str(row["touchpoint"]): float(row["amount"]) for row in spend.to_dict("records")}


def _advice(flag: Flag, outcome: str, text: Text) -> str:
    return text(f"drivers.{'flag' if outcome == 'left' else 'flag_again'}.{flag}")


def _driver_json(one: Driver, outcome: str, text: Text) -> dict[str, Any]:
    return {
        "touchpoint": one.touchpoint,
        "answers": one.answers,
        "events": one.events,
        "satisfied_rate": one.satisfied_rate,
        "odds_ratio_alone": rate_interval(one.odds_ratio_alone),
        "effect_alone": rate_interval(one.effect_alone),
        "odds_ratio": rate_interval(one.odds_ratio),
        "effect": rate_interval(one.effect),
        "beside": list(one.beside),
        "p_value": one.p_value,
        "adjusted_p_value": one.adjusted_p_value,
        "flag": str(one.flag),
        "advice": _advice(one.flag, outcome, text),
        "impact": one.impact,
        "impact_share": one.impact_share,
        "spend": exact_money(one.spend),
        "spend_share": one.spend_share,
    }


def _driver_words(found: Drivers, text: Text) -> list[str]:
    missing = text("cli.evaluate.none")
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
    flagged: dict[Flag, list[str]] = {}
    for one in found.drivers:
        if not one.is_believed:
            flagged.setdefault(one.flag, []).append(one.touchpoint)
    return [
        text(f"cli.drivers.{found.outcome}", months=text.months(found.within_months)),
        "",
        *columns([text(f"cli.heading.{name}") for name in DRIVER_COLUMNS], rows),
        "",
        *(f"{text.listed(names)}: {_advice(flag, found.outcome, text)}" for flag, names in flagged.items()),
        text(f"cli.drivers.impact_{found.outcome}"),
        text("cli.drivers.note"),
    ]


def _coverage(engine: Engine) -> Coverage:
    row = engine.query("score_coverage").iloc[0]
    return Coverage(
        customers_rate=float(row["heard"] / row["customers"]) if row["customers"] else None,
        revenue_rate=float(row["revenue_heard"] / row["revenue"]) if row["revenue"] > 0 else None,
    )


def _survivors(engine: Engine) -> list[dict[str, Any]]:
    return [
        {
            "metric": row["metric"],
            **asdict(SurvivorCheck.of_means(*(row[name] for name in SURVIVOR_MEANS))),
            "answers": int(row["answers"]),
            "left_since": int(row["left_since"]),
        }
        for row in engine.query("score_survivors", **NPS_RULE).to_dict("records")
    ]


def _score_words(
    choices: Namespace,
    lines: tuple[ScoreLine, ...],
    changes: tuple[ScoreChange, ...],
    heard: Coverage,
    survivors: list[dict[str, Any]],
    text: Text,
) -> list[str]:
    shown = [line for line in lines if line.dimension in ("all", choices.by)]
    rows = [
        [
            text(f"cli.metric.{line.metric}"),
            line.value or text("cli.whole"),
            _score(line.metric, line.score, text),
            text.between(_score(line.metric, line.low, text), _score(line.metric, line.high, text)),
            text.number(line.answers),
        ]
        for line in shown
    ]
    words = [*columns([text(f"cli.heading.{name}") for name in SCORE_COLUMNS], rows), ""]
    words += [_change_words(change, text) for change in changes]
    if heard.customers_rate is not None:
        words.append(text("cli.scores.customers_heard", share=text.percent(heard.customers_rate)))
    if heard.revenue_rate is not None:
        words.append(text("cli.scores.revenue_heard", share=text.percent(heard.revenue_rate)))
    words += [
        text("cli.scores.survivors", metric=text(f"cli.metric.{check['metric']}"))
        for check in survivors
        if check["is_survivor_effect"]
    ]
    return [*words, text("cli.scores.note")]


def _change_words(change: ScoreChange, text: Text) -> str:
    kind = "rose" if change.low > 0 else "fell" if change.high < 0 else "unclear"
    return text(
        f"cli.scores.{kind}",
        metric=text(f"cli.metric.{change.metric}"),
        before=_score(change.metric, change.before, text),
        after=_score(change.metric, change.after, text),
        change=text.points_between(100 * change.low, 100 * change.high),
    )


def _score(metric: str, value: float, text: Text) -> str:
    return text.number(round(100 * value) + 0.0, 0) if metric == "nps" else text.percent(value, 0)
