"""What another program may ask: each tool is a command that changes nothing, its arguments typed, and every answer says what it stands on.

No argument is a path or a query: a tool fills in the options of its command that are named here, and no other.
"""

from __future__ import annotations

import json
import math
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import Any

from cxroi.actions.scenario_file import EVIDENCE
from cxroi.cli import refusal
from cxroi.cli.arguments import COST_CUTS, LINE_DIMENSIONS, parser
from cxroi.cli.layout import inert_line, opened, version_facts
from cxroi.cli.scenario_file import scenario_changes
from cxroi.errors import AccessError, CxroiError, ScenarioError
from cxroi.model.scenario import MAY_BE_NONE, MOST_QUARTERS, RANGES, WHOLE_MONTHS
from cxroi.questions.small_groups import LEAST, ask_small_segments, without_small_groups
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import shown

MOST_SIGNS = 100_000  # of an answer as JSON
_LONGEST = 200  # signs of a text that is given
_MOST_MONEY = 1e12
_KINDS: dict[str, tuple[type, ...]] = {
    **{"number": (int, float), "integer": (int,), "string": (str,), "array": (list,), "null": (type(None),)},
}
Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool: the command line that it is, the schema of each argument by its name, and where an argument goes that is called otherwise there.

    `plans`: it takes the assumptions of a scenario. `judges`: its figures are a verdict's, and where a failed check refuses that, so does it.
    """

    line: tuple[str, ...]
    takes: Mapping[str, Json] = field(default_factory=dict)
    goes_to: Mapping[str, str] = field(default_factory=dict)
    plans: bool = False
    judges: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """An answer or a refusal: in words, and as a JSON object."""

    words: str
    facts: Json
    refused: bool = False


def _assumption(name: str) -> Json:
    """Return the schema of an assumption; null leaves it to the evidence."""
    low, high = RANGES[name]
    kind = "integer" if name in WHOLE_MONTHS else "number"
    return {"type": [kind, "null"] if name in MAY_BE_NONE else kind, "minimum": low, "maximum": high}


_NAME: Json = {"type": "string", "maxLength": _LONGEST}
_MONTH: Json = {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
_MONEY: Json = {"type": "number", "minimum": 0, "maximum": _MOST_MONEY}
_SLICE = {"first_month": _MONTH, "last_month": _MONTH, "segment": _NAME}
ASSUMED: Mapping[str, Json] = {
    **{name: _assumption(name) for name in RANGES},
    "first_quarters_percent": {
        "type": "array",
        "items": {**_assumption("investment_level_percent"), "type": "number"},
        "maxItems": MOST_QUARTERS,
    },
}
LANGUAGE: Mapping[str, Json] = {"language": {"type": "string", "enum": list(LANGUAGES)}}
TOOLS: Mapping[str, Tool] = {
    "evaluate": Tool(line=("evaluate",), plans=True, judges=True),
    "what_matters": Tool(line=("sensitivity",), plans=True, judges=True),
    "where_to_invest": Tool(
        line=("allocate",),
        takes={
            "between": {"type": "string", "enum": ["segment", "line", *LINE_DIMENSIONS]},
            "budget": _MONEY,
            "extra": _MONEY,
            "target_return": {"type": "number", "minimum": -1, "maximum": 10},
        },
        goes_to={"between": "by"},
        plans=True,
        judges=True,
    ),
    "lines": Tool(
        line=("lines",),
        takes={"by": {"type": "string", "enum": list(LINE_DIMENSIONS)}},
        plans=True,
        judges=True,
    ),
    "promises": Tool(line=("realised",)),
    "customers": Tool(line=("customers",), takes=_SLICE),
    "satisfaction": Tool(line=("scores",), takes={**_SLICE, "touchpoint": _NAME, "channel": _NAME}),
    "costs": Tool(
        line=("costs",),
        takes={
            "by": {"type": "string", "enum": list(COST_CUTS)},
            **_SLICE,
            "touchpoint": _NAME,
        },
    ),
    "forecast": Tool(line=("forecast",), takes={"segment": _NAME}),
    "evidence": Tool(line=("evidence",)),
    "scenarios": Tool(line=("scenarios", "list"), takes={"name": _NAME}),
    "board_summary": Tool(line=("summary",), plans=True),
    "method": Tool(line=("method",), takes={"name": _NAME}, goes_to={"name": "method_name"}),
}


def arguments_of(tool: Tool) -> Mapping[str, Json]:
    """Return the schema of every argument that a tool takes, by its name."""
    return {**tool.takes, **(ASSUMED if tool.plans else {}), **LANGUAGE}


def answer_to(name: str, given: Mapping[str, Any], workspace: str | None, language: str) -> Told:
    """Return what a tool answers, or the sentence with which it is refused; nothing is raised but what ends the program."""
    asked = given.get("language")
    text = Text(asked if isinstance(asked, str) and asked in LANGUAGES else language)
    behind: Json = {}
    try:
        if name not in TOOLS:
            raise CxroiError("mcp.no_tool", name=shown(name), known=", ".join(TOOLS))
        tool = TOOLS[name]
        choices = _choices(tool, _checked(tool, given), workspace, text)
        behind, small = _behind(choices, tool, text)
        if getattr(choices, "segment", None) in small:
            raise AccessError("access.too_few", least=LEAST)
        if tool.judges and behind["refused_by"]:
            return _refused(behind["refused_by"], behind["sentence"], behind)
        facts, lines = _run(choices, text)
    except Exception as error:
        return _refused(*refusal(error, text), behind)
    withheld = _withhold(facts) if behind["refused_by"] else []
    facts, hidden = without_small_groups(facts, small)
    _drop_what_was_hidden(facts)
    sentence = " ".join(facts["sentences"].values()) if "sentences" in facts else _sentence(lines)
    told = {"sentence": sentence, "behind": behind, "answer": facts, "hidden_small_groups": hidden}
    told["left_out"] = [*withheld, *_shorten(facts)]
    words = [told["sentence"], behind["sentence"] if behind["refused_by"] else "", behind["line"]]
    return Told(words="\n".join(line for line in words if line), facts=told)


def _refused(id: str, sentence: str, behind: Json) -> Told:
    sentence = "\n".join(inert_line(line) for line in sentence.split("\n"))
    return Told(
        words=sentence, facts={"error": {"id": id, "message": sentence}, "behind": behind or None}, refused=True
    )


def _checked(tool: Tool, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that were given, each of its kind and within its limits; null where null is not meant is none given."""
    known, checked = arguments_of(tool), {}
    for name, value in given.items():
        if name not in known:
            raise CxroiError("mcp.no_argument", name=shown(name), known=", ".join(known))
        schema = known[name]
        if value is None and "null" not in schema["type"]:
            continue
        if not _fits(name, schema, value):
            may = ", ".join(schema.get("enum", ())) or json.dumps(schema)
            raise CxroiError("mcp.wrong", name=name, value=shown(json.dumps(value, ensure_ascii=False)), may=may)
        checked[name] = value
    return checked


def _fits(name: str, schema: Json, value: Any) -> bool:
    """Return whether a value is of its kind; raises ScenarioError for a number outside its range."""
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    kind = next((one for one in kinds if isinstance(value, _KINDS[one]) and not isinstance(value, bool)), None)
    if kind in ("number", "integer"):
        low, high = schema["minimum"], schema["maximum"]
        if not low <= value <= high:
            raise ScenarioError("scenario.outside_range", name=name, low=low, high=high, value=str(value)[:_LONGEST])
        return math.isfinite(value)
    if kind == "array":
        return len(value) <= schema["maxItems"] and all(_fits(name, schema["items"], one) for one in value)
    if kind == "string":
        return len(value) <= _LONGEST and value in schema.get("enum", [value])
    return kind == "null"


def _choices(tool: Tool, asked: Mapping[str, Any], workspace: str | None, text: Text) -> Namespace:
    """Return what a person would have typed."""
    choices = parser(text).parse_args([*tool.line])
    choices.workspace, choices.language, choices.json = workspace, text.language, True
    for name, value in asked.items():
        if name in ASSUMED:
            choices.set = [*choices.set, f"{name}={_typed(value)}"]
        elif tool.line[0] == "scenarios" and name == "name":
            choices.scenario_task, choices.names = "show", [value]
        elif name != "language":
            setattr(choices, tool.goes_to.get(name, name), value)
    return choices


def _typed(value: Any) -> str:
    """Return an assumption as it is typed.

    >>> _typed(1e-05), _typed([50, 75.5]), _typed(None)
    ('0.00001', '50,75.5', 'evidence')
    """
    if isinstance(value, list):
        return ",".join(map(_typed, value))
    return EVIDENCE if value is None else f"{Decimal(repr(value)):f}"


def _behind(choices: Namespace, tool: Tool, text: Text) -> tuple[Json, frozenset[str]]:
    """Return what stands behind an answer, and the names of segments that are too small to be told of."""
    changes = scenario_changes(choices) if tool.plans else None
    with opened(choices) as data:
        from cxroi.export.json.behind import behind_json
        from cxroi.questions import case_of, default_scenario
        from cxroi.view.decide.verdict import verdict_sentence

        try:
            scenario = default_scenario(data)
            case = case_of(data, scenario if changes is None else changes.applied_to(scenario))
        except ScenarioError:
            raise
        except CxroiError as error:  # data that are not enough for a verdict may still answer other questions
            id, sentence = refusal(error, text)
            why = {"call": None, "refused_by": id, "sentence": sentence, "line": ""}
            return {**version_facts(data), **why}, frozenset()
        small = ask_small_segments(data)
        behind = behind_json(case, text, made=datetime.now(UTC))
        hurdle = case.scenario.hurdle_net_return
        sentence = verdict_sentence(case.verdict, case.currency, text, hurdle_net_return=hurdle)
    return {**behind, "sentence": sentence}, small


def _run(choices: Namespace, text: Text) -> tuple[Json, Sequence[str]]:
    """Return what the command answers as JSON, and its lines."""
    taken: list[tuple[Json, Sequence[str]]] = []
    choices.taken_by = lambda facts, lines: taken.append((facts, lines))
    module, _, function = choices.run.partition(":")
    getattr(import_module(module), function)(choices, text)
    return taken[0]


def _withhold(facts: Json) -> list[str]:
    """Take out the figures of verdicts, where a failed check refuses one, and return what they are called."""
    gone = []
    for one in facts.get("scenarios", ()):
        one["figures"], gone = None, ["figures"]
    for one in facts.get("revisions", ()):
        one["npv"], gone = None, ["figures", "npv"]
    if facts.get("verdicts"):
        facts["verdicts"], gone = [], ["verdicts"]
    return gone


def _drop_what_was_hidden(facts: Json) -> None:
    """Take out managers' estimates of touchpoints whose scores were hidden: they repeat those scores."""
    if "perception" in facts:
        told = {(one["metric"], one["value"]) for one in facts["scores"] if one["dimension"] == "touchpoint"}
        facts["perception"] = [one for one in facts["perception"] if (one["metric"], one["touchpoint"]) in told]


def _shorten(facts: Json) -> list[str]:
    """Empty the largest parts of an answer that is too large, and return their names."""
    gone: list[str] = []
    while _signs(facts) > MOST_SIGNS:
        name = max(
            (name for name, part in facts.items() if isinstance(part, dict | list)), key=lambda n: _signs(facts[n])
        )
        facts[name] = [] if isinstance(facts[name], list) else None
        gone.append(name)
    return gone


def _signs(part: Any) -> int:
    return len(json.dumps(part, ensure_ascii=False))


def _sentence(lines: Sequence[str]) -> str:
    """Return the first line of a command's words that is a sentence: no row of a table, nor the heading of one.

    >>> _sentence(["SAMPLE", "", "name   share", "Homes    3%", "", "In all 3%.", ""])
    'In all 3%.'
    """
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if " " in line and "  " not in line and "  " not in following and line not in _marks():
            return inert_line(line)
    return ""


@cache
def _marks() -> frozenset[str]:
    """Return the lines that mark sample data; what stands behind an answer says it."""
    return frozenset(Text(language)("report.sample") for language in LANGUAGES)
