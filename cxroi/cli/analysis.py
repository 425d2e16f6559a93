"""Commands about what is behind the verdict: what customers say, and how much of the company was heard."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cxroi.cli.shared import answer, columns, current_version, illustrative_lines, workspace_of
from cxroi.errors import StoreError
from cxroi.model.survey import AnswerCounts, Coverage, ScoreLine, SurvivorCheck, score_lines
from cxroi.text import Text

if TYPE_CHECKING:
    from cxroi.store.engine import Engine

SURVIVOR_MEANS = ("before", "before_stayed", "after", "standard_error")
SCORE_COLUMNS = ("metric", "about", "score", "range", "answers")


def scores(choices: Namespace, text: Text) -> int:
    """Say what customers answer, by what they were asked about, and whether that can be trusted."""
    version = current_version(workspace_of(choices))
    from cxroi.store.engine import Engine

    engine = Engine.on(version)
    counts = engine.query("score_groups").to_dict("records")
    if not counts:
        raise StoreError("cli.no_answers")
    lines = score_lines(AnswerCounts(**{str(name): cell for name, cell in row.items()}) for row in counts)
    heard, survivors = _coverage(engine), _survivors(engine)
    facts = {
        "data_version": version.id,
        "illustrative": version.illustrative,
        "scores": [asdict(line) for line in lines],
        "coverage": asdict(heard),
        "survivor_checks": survivors,
    }
    answer(choices, facts, [*illustrative_lines(version, text), *_score_words(choices, lines, heard, survivors, text)])
    return 0


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
        for row in engine.query("score_survivors").to_dict("records")
    ]


def _score_words(
    choices: Namespace, lines: tuple[ScoreLine, ...], heard: Coverage, survivors: list[dict[str, Any]], text: Text
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


def _score(metric: str, value: float, text: Text) -> str:
    return text.number(100 * value, 0) if metric == "nps" else text.percent(value, 0)
