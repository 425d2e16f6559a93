"""What can be typed: every command with its options, each worded under `cli.command.*` and `cli.option.*`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from shutil import get_terminal_size
from textwrap import fill
from typing import Any, NoReturn

from cxroi import __version__
from cxroi.access.roles import ROLES
from cxroi.errors import CxroiError
from cxroi.shipped import program
from cxroi.text import LANGUAGES, Text
from cxroi.text.typed import typed_amount, typed_number

# Of every JSON answer; a field is added without changing it, never taken away or given another meaning.
FORMAT_VERSION = 2


@dataclass(frozen=True, kw_only=True)
class Option:
    """One option or operand; `name` fixes its text id, `settings` are argparse's."""

    name: str
    flags: tuple[str, ...] = ()  # none makes it an operand
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command: what runs it ("module:function", imported when it is used) and what it takes."""

    name: str
    run: str
    options: tuple[Option, ...] = ()


def _option(flag: str, **settings: Any) -> Option:
    return Option(name=flag.strip("-").replace("-", "_"), flags=(flag,), settings=settings)


def _slice_options(*dimensions: str) -> tuple[Option, ...]:
    """Return the options for months, both ends counted, and for one value of each dimension."""
    ends = {"first_month": "--from", "last_month": "--to"}
    months = (
        Option(name=name, flags=(flag,), settings={"metavar": "MONTH", "dest": name}) for name, flag in ends.items()
    )
    return (*months, *(_option(f"--{name}", metavar=name.upper()) for name in dimensions))


def _operand(name: str, **settings: Any) -> Option:
    return Option(name=name, settings=settings)


COMMON = (
    _option("--workspace", metavar="DIR"),
    _option("--language", choices=LANGUAGES),
    _option("--json", action="store_true"),
)
OUT = _option("--out", metavar="FILE", required=True)
DATA, KEPT, VERSIONS, DECISION = "cxroi.cli.data", "cxroi.cli.settings", "cxroi.cli.versions", "cxroi.cli.decision"
ANALYSIS, CUSTOMERS = "cxroi.cli.satisfaction", "cxroi.cli.customers"
DIMENSIONS = ("segment", "touchpoint", "channel", "journey_stage", "month")
LINE_DIMENSIONS = ("initiative", "touchpoint", "category")
COST_CUTS = ("initiative", "category", "segment", "touchpoint", "owner", "cx_level", "month")
COST_COUNTS = ("cx", "not_cx", "acquisition", "all")
REPORT_FORMATS = (  # those that cxroi.export.report.FORMATS writes
    *("html", "pptx", "pdf", "pdf-slides", "pdf-summary", "xlsx", "png", "svg", "csv", "parquet"),
)
SCENARIO_OPTIONS = (
    _option("--scenario", metavar="FILE"),
    _option("--set", metavar="NAME=VALUE", action="append", default=[]),
)
SCENARIO_TASKS = (
    *("list", "show", "save", "rename", "note", "comment", "duplicate", "diff", "run"),
    *("approve", "lock", "unlock", "restore", "delete", "export", "import"),
)
RULES = (
    _option("--cx-rule", metavar="COLUMN=TEXT", action="append", dest="rules", type=lambda one: ("cx", one)),
    _option("--not-cx-rule", metavar="COLUMN=TEXT", action="append", dest="rules", type=lambda one: ("not_cx", one)),
    _option(
        "--acquisition-rule",
        metavar="COLUMN=TEXT",
        action="append",
        dest="rules",
        type=lambda one: ("acquisition", one),
    ),
)
PEOPLE_TASKS = ("list", "add", "role", "reset", "remove")
CONNECTION_TASKS = ("list", "add", "change", "test", "remove")
AHEAD = (
    _option("--horizon-months", metavar="MONTHS", type=int, default=36),
    _option("--annual-discount-rate", metavar="RATE", type=typed_number, default=0.10),
)
READING = (  # how a file is to be read
    _option("--as", metavar="TABLE", dest="table"),
    _option("--map", metavar="TARGET=SOURCE", action="append", default=[]),
    Option(
        name="set_column",
        flags=("--set",),
        settings={"metavar": "COLUMN=VALUE", "action": "append", "dest": "constants", "default": []},
    ),
    _option("--sheet", metavar="SHEET"),
    _option("--header-row", metavar="ROW", type=int),
    _option("--preset", metavar="NAME"),
    _option("--encoding", metavar="NAME"),
    _option("--decimal", choices=(".", ",")),
    _option("--date-order", choices=("dmy", "mdy", "ymd")),
    _option("--calendar", choices=("gregorian", "hijri"), default="gregorian"),
    _option("--metric", choices=("nps", "csat", "ces")),
    _option("--answer", metavar="WORDS=SCORE", action="append", dest="answers", default=[]),
    _option("--as-of", metavar="DATE"),
    _option("--left-in-month", action="store_true"),
    _option("--nobody-left", action="store_true"),
    _option("--currency", metavar="CODE"),
    _option("--currency-word", metavar="WORD=CODE", action="append", default=[]),
    _option("--amounts-in", choices=("units", "thousands", "millions")),
    _option("--control-total", metavar="AMOUNT"),
    _option("--explain-difference", metavar="WORDS"),
    *RULES,
    _option("--other-lines", choices=("cx", "not_cx")),
    _option("--on-reject", choices=("stop", "load")),
)
COMMANDS = (
    Command(
        name="app",
        run="cxroi.cli.serving:app",
        options=(
            _option("--address", metavar="ADDRESS"),
            _option("--port", metavar="PORT", type=int),
            _option("--log", choices=("text", "json")),
            _option("--headless", action="store_true"),
            _option("--sign-in", action="store_true"),
            _option("--allowed-host", metavar="NAME", action="append", default=[]),
            _option("--open-to-network", action="store_true"),
        ),
    ),
    Command(
        name="people",
        run="cxroi.cli.people:people",
        options=(
            _operand("people_task", choices=PEOPLE_TASKS),
            Option(name="person_name", settings={"metavar": "NAME", "nargs": "?", "default": ""}),
            Option(name="person_role", flags=("--role",), settings={"choices": ROLES}),
            Option(
                name="without_password",
                flags=("--without-password",),
                settings={"action": "store_true"},
            ),
        ),
    ),
    Command(name="sample", run=f"{DATA}:sample"),
    Command(
        name="import",
        run="cxroi.cli.loading:import_files",
        options=(
            _operand("files", metavar="FILE", nargs="+"),
            *READING,
            _option("--also-in-support", metavar="PART"),
            _option("--append", action="store_true"),
            _option("--again", action="store_true"),
            _option("--yes", action="store_true"),
        ),
    ),
    Command(
        name="connections",
        run="cxroi.cli.connections:connections",
        options=(
            _operand("connection_task", choices=CONNECTION_TASKS),
            Option(name="connection_name", settings={"metavar": "NAME", "nargs": "?", "default": ""}),
            Option(name="connection_address", flags=("--address",), settings={"metavar": "ADDRESS"}),
            Option(name="connection_query", flags=("--query",), settings={"metavar": "SQL"}),
            Option(name="connection_query_file", flags=("--query-file",), settings={"metavar": "FILE"}),
            Option(name="connection_credential", flags=("--credential",), settings={"metavar": "NAME"}),
            Option(
                name="connection_mode", flags=("--mode",), settings={"choices": ("replace", "append"), "default": None}
            ),
            *READING,
        ),
    ),
    Command(
        name="refresh",
        run="cxroi.cli.connections:refresh",
        options=(
            Option(name="refresh_names", settings={"metavar": "NAME", "nargs": "*"}),
            Option(name="refresh_again", flags=("--again",), settings={"action": "store_true"}),
        ),
    ),
    Command(
        name="rules",
        run=f"{KEPT}:rules",
        options=(*RULES, _option("--remove", metavar="N", type=int), _option("--clear", action="store_true")),
    ),
    Command(
        name="template",
        run=f"{DATA}:template",
        options=(_operand("name", metavar="TABLE"), OUT),
    ),
    Command(name="tables", run=f"{DATA}:tables"),
    Command(name="table", run=f"{DATA}:table", options=(_operand("name", metavar="TABLE"), OUT)),
    Command(name="rejects", run=f"{DATA}:rejects", options=(_operand("name", metavar="TABLE"), OUT)),
    Command(
        name="rates",
        run="cxroi.cli.rates:rates",
        options=(
            Option(
                name="set_rate", flags=("--set",), settings={"metavar": "CODE=RATE", "action": "append", "default": []}
            ),
            _option("--to", metavar="CODE"),
            _option("--from", metavar="MONTH", dest="from_month"),
            _option("--file", metavar="FILE"),
            _option("--kind", choices=("average", "closing")),
            _option("--drop", metavar="CODE", action="append", default=[]),
            _option("--source", metavar="WORDS"),
        ),
    ),
    Command(
        name="shares",
        run=f"{KEPT}:shares",
        options=(
            Option(
                name="share_rule",
                flags=("--by",),
                settings={"choices": ("customers", "revenue", "shares"), "dest": "rule"},
            ),
            Option(
                name="set_share",
                flags=("--set",),
                settings={"metavar": "SEGMENT=SHARE", "action": "append", "default": []},
            ),
            _option("--initiative", metavar="NAME", default=""),
            Option(name="clear_shares", flags=("--clear",), settings={"action": "store_true"}),
        ),
    ),
    Command(
        name="in-support",
        run=f"{KEPT}:in_support",
        options=(
            Option(name="also_in_support", flags=("--set",), settings={"metavar": "PART"}),
            Option(name="clear_in_support", flags=("--clear",), settings={"action": "store_true"}),
        ),
    ),
    Command(
        name="money",
        run=f"{KEPT}:money",
        options=(
            Option(name="money_currency", flags=("--currency",), settings={"metavar": "CODE"}),
            Option(name="money_margin", flags=("--margin",), settings={"metavar": "SHARE"}),
            Option(name="clear_money", flags=("--clear",), settings={"action": "store_true"}),
        ),
    ),
    Command(
        name="presets",
        run="cxroi.cli.presets:presets",
        options=(Option(name="preset_name", settings={"metavar": "NAME", "nargs": "?"}),),
    ),
    Command(
        name="mappings",
        run=f"{KEPT}:mappings",
        options=(
            Option(name="forget_mapping", flags=("--forget",), settings={"metavar": "HEADER"}),
            Option(name="clear_mappings", flags=("--clear",), settings={"action": "store_true"}),
        ),
    ),
    Command(name="panel", run=f"{DATA}:panel", options=(OUT,)),
    Command(name="baseline", run=f"{DECISION}:baseline"),
    Command(name="evaluate", run=f"{DECISION}:evaluate", options=SCENARIO_OPTIONS),
    Command(name="summary", run="cxroi.cli.report:summary", options=SCENARIO_OPTIONS),
    Command(
        name="report",
        run="cxroi.cli.report:report",
        options=(
            Option(
                name="report_format",
                flags=("--format",),
                settings={"choices": REPORT_FORMATS},
            ),
            *SCENARIO_OPTIONS,
            Option(name="report_password", flags=("--password",), settings={"action": "store_true"}),
            Option(name="report_out", flags=("--out",), settings={"metavar": "FILE", "required": True}),
        ),
    ),
    Command(name="tei", run=f"{DECISION}:tei", options=SCENARIO_OPTIONS),
    Command(
        name="evidence",
        run=f"{DECISION}:evidence",
        options=(_option("--every-version", action="store_true"),),
    ),
    Command(name="sensitivity", run="cxroi.cli.sensitivity:sensitivity", options=SCENARIO_OPTIONS),
    Command(
        name="allocate",
        run="cxroi.cli.allocation:allocate",
        options=(
            Option(
                name="allocate_by",
                flags=("--by",),
                settings={"choices": ("segment", "line", *LINE_DIMENSIONS), "default": "segment"},
            ),
            _option("--budget", metavar="AMOUNT", type=typed_amount),
            _option("--extra", metavar="AMOUNT", type=typed_amount),
            _option("--target-return", metavar="RATE", type=typed_number),
            _option("--bound", metavar="NAME=LOW..HIGH", action="append", default=[]),
            _option("--floor", metavar="NAME=AMOUNT", action="append", default=[]),
            *SCENARIO_OPTIONS,
        ),
    ),
    Command(
        name="lines",
        run="cxroi.cli.lines:lines",
        options=(
            Option(name="lines_by", flags=("--by",), settings={"choices": LINE_DIMENSIONS, "default": None}),
            *SCENARIO_OPTIONS,
        ),
    ),
    Command(name="realised", run="cxroi.cli.lines:realised"),
    Command(
        name="costs",
        run="cxroi.cli.costs:costs",
        options=(
            Option(name="costs_by", flags=("--by",), settings={"choices": COST_CUTS, "default": COST_CUTS[0]}),
            Option(name="costs_counts", flags=("--counts",), settings={"choices": COST_COUNTS, "default": "cx"}),
            Option(
                name="costs_lines",
                flags=("--lines",),
                settings={"metavar": "N", "type": int, "default": 0, "dest": "lines"},
            ),
            *_slice_options("segment", "touchpoint"),
        ),
    ),
    Command(
        name="forecast",
        run="cxroi.cli.forecast:forecast",
        options=(_option("--segment", metavar="SEGMENT"), _option("--alert", action="store_true")),
    ),
    Command(
        name="targets",
        run="cxroi.cli.forecast:targets",
        options=(
            Option(
                name="set_target",
                flags=("--set",),
                settings={"metavar": "MEASURE=VALUE", "action": "append", "default": []},
            ),
            Option(name="target_month", flags=("--month",), settings={"metavar": "MONTH"}),
            Option(
                name="drop_target",
                flags=("--drop",),
                settings={"metavar": "MEASURE", "action": "append", "default": []},
            ),
            Option(name="target_file", flags=("--file",), settings={"metavar": "FILE"}),
            Option(name="target_segment", flags=("--segment",), settings={"metavar": "SEGMENT"}),
            Option(name="clear_targets", flags=("--clear",), settings={"action": "store_true"}),
        ),
    ),
    Command(
        name="customers",
        run="cxroi.cli.customer_months:customers",
        options=(
            *_slice_options("segment"),
            *AHEAD,
        ),
    ),
    Command(name="value", run=f"{CUSTOMERS}:value", options=AHEAD),
    Command(
        name="pilot",
        run="cxroi.cli.pilots:pilot",
        options=(
            _operand("task", choices=("design", "where", "assign", "measure")),
            _option("--segment", metavar="SEGMENT"),
            _option("--outcome", choices=("churn", "margin", "support"), default="churn"),
            _option("--uplift", metavar="POINTS", type=typed_number),
            _option("--change-percent", metavar="PERCENT", type=typed_number),
            _option("--level-percent", metavar="PERCENT", type=typed_number, default=150.0),
            _option("--branches", metavar="N", type=int),
            _option("--branch-variation", metavar="PERCENT", type=typed_number, default=0.0),
            _option("--carryover-rate", metavar="RATE", type=typed_number),
            _option("--fixed-cost", metavar="AMOUNT", type=typed_number, default=0.0),
            _option("--power", metavar="SHARE", type=typed_number, default=0.8),
            _option("--customers", metavar="N", type=int),
            _option("--regions", metavar="N", type=int),
            _option("--seed", metavar="N", type=int, default=2026),
            Option(name="lists_out", flags=("--out",), settings={"metavar": "FOLDER", "type": str}),
            _option("--since", metavar="MONTH"),
            _option("--treated", metavar="N", type=typed_number),
            _option("--treated-stayed", metavar="N", type=typed_number),
            _option("--control", metavar="N", type=typed_number),
            _option("--control-stayed", metavar="N", type=typed_number),
        ),
    ),
    Command(
        name="scenarios",
        run="cxroi.cli.scenarios:scenarios",
        options=(
            _operand("scenario_task", choices=SCENARIO_TASKS),
            _operand("names", metavar="NAME", nargs="*"),
            Option(name="scenario_note", flags=("--note",), settings={"metavar": "WORDS", "default": ""}),
            Option(name="scenario_revision", flags=("--revision",), settings={"metavar": "N", "type": int}),
            Option(name="scenario_out", flags=("--out",), settings={"metavar": "FILE"}),
            _option("--as-kept", action="store_true"),
            *SCENARIO_OPTIONS,
        ),
    ),
    Command(
        name="scores",
        run=f"{ANALYSIS}:scores",
        options=(
            _option("--by", choices=DIMENSIONS, default="touchpoint"),
            *_slice_options("segment", "touchpoint", "channel"),
            _option("--estimate", metavar="NAME=SCORE", action="append", default=[]),
            _option("--comments-in", metavar="LANGUAGE"),
        ),
    ),
    Command(
        name="drivers",
        run=f"{ANALYSIS}:drivers",
        options=(
            _option("--within-months", metavar="MONTHS", type=int, default=3),
            _option("--outcome", choices=("left", "ordered_again")),
            *_slice_options("segment", "touchpoint", "channel"),
        ),
    ),
    Command(name="versions", run=f"{VERSIONS}:versions"),
    Command(
        name="compare",
        run=f"{VERSIONS}:compare",
        options=(_operand("before", metavar="BEFORE"), _operand("after", metavar="AFTER")),
    ),
    Command(name="restore", run=f"{VERSIONS}:restore", options=(_operand("version_id", metavar="VERSION"),)),
    Command(name="delete", run=f"{VERSIONS}:delete", options=(_operand("version_id", metavar="VERSION"),)),
    Command(name="forget", run=f"{VERSIONS}:forget", options=(_operand("customer_id", metavar="CUSTOMER"),)),
    Command(
        name="forget-comments",
        run=f"{VERSIONS}:forget_comments",
        options=(
            Option(
                name="older_than",
                flags=("--older-than",),
                settings={"metavar": "MONTHS", "type": int, "required": True},
            ),
        ),
    ),
    Command(
        name="customer-data",
        run=f"{VERSIONS}:customer_data",
        options=(
            _operand("customer_id", metavar="CUSTOMER"),
            Option(
                name="customer_out",
                flags=("--out",),
                settings={"metavar": "FILE", "dest": "out", "required": True},
            ),
        ),
    ),
    Command(name="repair", run=f"{VERSIONS}:repair", options=(_option("--start-empty", action="store_true"),)),
    Command(
        name="backup",
        run="cxroi.cli.backup:backup",
        options=(
            _operand("backup_file", metavar="FILE"),
            Option(
                name="replace_backup", flags=("--replace",), settings={"action": "store_true", "dest": "replace_backup"}
            ),
        ),
    ),
    Command(
        name="restore-backup",
        run="cxroi.cli.backup:restore_backup",
        options=(
            _operand("backup_file", metavar="FILE"),
            _option("--look", action="store_true"),
            Option(
                name="replace_held", flags=("--replace",), settings={"action": "store_true", "dest": "replace_held"}
            ),
        ),
    ),
    Command(
        name="doctor",
        run="cxroi.cli.doctor:doctor",
        options=(
            Option(name="doctor_port", flags=("--port",), settings={"metavar": "PORT", "type": int, "default": 8501}),
        ),
    ),
    Command(
        name="audit",
        run="cxroi.cli.trail:audit",
        options=(Option(name="trail_out", flags=("--out",), settings={"metavar": "FILE", "dest": "trail_out"}),),
    ),
    Command(
        name="method",
        run="cxroi.cli.method:method",
        options=(Option(name="method_name", settings={"metavar": "NAME", "nargs": "?"}),),
    ),
    Command(name="mcp", run="cxroi.cli.assistant:mcp"),
    Command(
        name="completion",
        run="cxroi.cli.completion:completion",
        options=(_operand("shell", choices=("bash", "zsh", "fish")),),
    ),
)

# argparse's own sentences and the ids of ours.
_ARGPARSE = {
    "usage: ": "usage",
    "options": "options",
    "positional arguments": "operands",
    "show this help message and exit": "help",
    "%(prog)s: error: %(message)s\n": "error",
    "argument %(argument_name)s: %(message)s": "argument",
    "the following arguments are required: %s": "required",
    "unrecognized arguments: %s": "unknown",
    "invalid choice: %(value)r (choose from %(choices)s)": "choice",
    "invalid %(type)s value: %(value)r": "value",
    "expected one argument": "one_value",
    "expected at least one argument": "some_values",
    "ambiguous option: %(option)s could match %(matches)s": "ambiguous",
    "ignored explicit argument %r": "no_value",
}


class Parser(argparse.ArgumentParser):
    """An argument parser that never guesses a shortened option."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **settings)


def language_of(arguments: Sequence[str]) -> str:
    """Return the language asked for anywhere on the line; English until another one is asked for.

    >>> language_of(["baseline", "--language", "ar"])
    'ar'
    """
    for flag, value in zip(arguments, [*arguments, ""][1:], strict=True):
        asked = value if flag == "--language" else flag.removeprefix("--language=")
        if asked in LANGUAGES and flag.startswith("--language"):
            return asked
    return LANGUAGES[0]


def parser(text: Text) -> Parser:
    """Return the parser, every word of it in the language of `text`."""
    # argparse words itself through gettext, under the name `_`: the one hook it has.
    vars(argparse)["_"] = lambda sentence: (
        text(f"cli.argparse.{_ARGPARSE[sentence]}") if sentence in _ARGPARSE else sentence
    )
    top = Parser(prog=program(), description=_wrapped("cli.description", text), epilog=_wrapped("cli.epilog", text))
    top.add_argument("--version", action="version", version=f"cxroi {__version__}", help=text("cli.option.version"))
    top.set_defaults(workspace=None, language=text.language, json=False)
    _add(top, COMMON, text)
    commands = top.add_subparsers(dest="command", metavar=text("cli.command_word"), required=True)
    for command in COMMANDS:
        id = f"cli.command.{command.name}"
        one = commands.add_parser(
            command.name, help=_escaped(text(f"{id}.short")), description=_wrapped(f"{id}.long", text)
        )
        one.set_defaults(run=command.run)
        _add(one, command.options, text)
        _add(one, COMMON, text)
    return top


def _add(to: Parser, options: Sequence[Option], text: Text) -> None:
    for option in options:
        settings = dict(option.settings)
        if option in COMMON:
            settings["default"] = argparse.SUPPRESS  # so that it may stand before or after the command
        settings["help"] = _escaped(text(f"cli.option.{option.name}"))
        to.add_argument(*(option.flags or (option.name,)), **settings)


def _wrapped(id: str, text: Text) -> str:
    return _escaped(fill(text(id), width=min(100, get_terminal_size().columns - 2)))


def _escaped(words: str) -> str:
    return words.replace("%", "%%")


def wrong_use(id: str, **facts: object) -> NoReturn:
    """Refuse a line that cannot be meant: exit code 2."""
    raise CxroiError(f"cli.use.{id}", **facts)


def pairs(given: Sequence[str], option: str, *, last: bool = False) -> tuple[tuple[str, str], ...]:
    """Split each NAME=VALUE at its first equals sign, or at its `last`.

    >>> pairs(["amount=Betrag = EUR"], "--map")
    (('amount', 'Betrag = EUR'),)
    """
    for one in given:
        if "=" not in one or one.startswith("="):
            wrong_use("pair", option=option, given=one)
    return tuple(
        (name.strip(), value.strip())
        for name, _, value in (one.rpartition("=") if last else one.partition("=") for one in given)
    )
