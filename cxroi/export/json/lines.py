"""Investment lines as JSON objects."""

from __future__ import annotations

from cxroi.export.json.case import health_json, verdict_json
from cxroi.export.json.values import Json, exact_money, rate, rate_interval
from cxroi.questions.line_judgement import LineChannel
from cxroi.questions.line_standing import LineStanding
from cxroi.questions.lines import LineCase, LineReport
from cxroi.text import Text
from cxroi.view.decide.lines import line_note


def lines_json(report: LineReport, currency: str, text: Text, hurdle_net_return: float = 0.0) -> Json:
    """Return the verdict on every line; `line` is "" for everything else."""
    return {
        "by": report.by,
        "labelled_share": rate(report.labelled_share),
        "next_unit": report.next_unit,
        "lines": [_line(one, currency, text, hurdle_net_return) for one in report.lines],
    }


def _line(one: LineCase, currency: str, text: Text, hurdle_net_return: float) -> Json:
    verdict = one.verdict
    return {
        "line": one.line,
        "today_spend": exact_money(one.today_spend),
        "share": rate(one.share),
        "marginal_roi": rate_interval(one.marginal_roi),
        "verdict": None if verdict is None else verdict_json(verdict, currency, text, hurdle_net_return),
        "health": [health_json(check, text) for check in one.health],
        "channels": [_channel(each) for each in one.channels],
        "note": line_note(one, text),
    }


def standing_json(one: LineStanding, text: Text) -> Json:
    """Return what a line or initiative has brought, what more of it would bring, and what follows."""
    return {
        "name": one.name,
        "brought": str(one.brought),
        "more": str(one.more),
        "advice": None if one.advice is None else str(one.advice),
        "reason": text(f"where.reason.{one.reason}") if one.reason else "",
    }


def _channel(one: LineChannel) -> Json:
    return {
        "id": str(one.channel),
        "probability_helps": rate(one.probability_helps),
        "probability_harms": rate(one.probability_harms),
        "grade": str(one.grade),
        "doubt": one.doubt,
        "counted": one.counted,
    }
