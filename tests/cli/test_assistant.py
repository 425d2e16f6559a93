"""What an assistant may ask: asked by a real client, answered as the terminal answers, refused where a failed check refuses, and nothing changed."""

import asyncio
import json
import re
import sys
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client

from cxroi.cli import assistant_server, main
from cxroi.cli.assistant_tools import ASSUMED, MOST_SIGNS, TOOLS, answer_to
from cxroi.model.scenario import RANGES
from cxroi.text import Text
from tests.cli.test_end_to_end import SEGMENTS, monthly_rows
from tests.json_schemas import fits
from tests.made_customers import publish

ROOT = Path(__file__).parents[2]
COMMENT = "the man who came was late twice"
PLAN = {"investment_level_percent": 120, "one_off_cost": 0.00005, "first_quarters_percent": [105, 110]}
# Each question with the line that asks the same in the terminal.
ASKED = [
    (
        "evaluate",
        PLAN | {"retention_uplift_pp": None},
        [
            "evaluate",
            *("--set", "investment_level_percent=120", "--set", "one_off_cost=0.00005"),
            *("--set", "first_quarters_percent=105,110", "--set", "retention_uplift_pp=evidence"),
        ],
    ),
    ("what_matters", {}, ["sensitivity"]),
    ("where_to_invest", {"between": "line", "extra": 50000}, ["allocate", "--by", "line", "--extra", "50000"]),
    ("lines", {"by": "category"}, ["lines", "--by", "category"]),
    ("promises", {}, ["realised"]),
    ("customers", {"segment": "Homes"}, ["customers", "--segment", "Homes"]),
    (
        "satisfaction",
        {"first_month": "2025-01", "last_month": "2025-05"},
        ["scores", "--from", "2025-01", "--to", "2025-05"],
    ),
    ("costs", {"by": "touchpoint"}, ["costs", "--by", "touchpoint"]),
    ("forecast", {}, ["forecast"]),
    ("evidence", {}, ["evidence"]),
    ("scenarios", {}, ["scenarios", "list"]),
    ("board_summary", {"language": "ar"}, ["summary", "--language", "ar"]),
    ("method", {"name": "verdict"}, ["method", "verdict"]),
]
BAD = [
    ("evaluate", {"investment_level_percent": 301}, "must lie between 0 and 300"),
    ("evaluate", {"first_quarters_percent": [100, "x"]}, "cannot be"),
    ("evaluate", {"horizon_months": True}, "cannot be true"),
    ("evaluate", {"scenario": "/etc/passwd"}, "no argument scenario"),
    ("evaluate", {"workspace": "/"}, "no argument workspace"),
    ("evaluate", {"first_quarters_percent": [100] * 13}, "cannot be"),
    ("costs", {"by": "customer_id"}, "cannot be"),
    ("costs", {"lines": 20}, "no argument lines"),
    ("where_to_invest", {"between": "a'; DROP TABLE customers"}, "cannot be"),
    ("where_to_invest", {"budget": 1, "extra": 1}, "Give one of these at a time"),
    ("customers", {"segment": "--workspace=/"}, "no segment --workspace=/"),
    ("customers", {"segment": "V" * 201}, "cannot be"),
    ("customers", {"first_month": "2025-01'--"}, "A month is written"),
    ("scenarios", {"name": "../state.sqlite"}, "no saved scenario"),
    ("method", {"name": "/etc/passwd"}, "/etc/passwd"),
    ("import", {"files": ["x"]}, "no tool import"),
]


def held(folder: Path) -> dict[str, str]:
    """Return what every file of a workspace holds but what was worked out from it."""
    files = (path for path in folder.rglob("*") if path.is_file() and "derived" not in path.parts)
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


async def asked(place: Path, questions: Iterable[tuple[str, dict]]):
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "cxroi", "mcp", "--workspace", str(place)], cwd=ROOT
    )
    async with Client(stdio_client(server)) as client:
        tools = (await client.list_tools()).tools
        answers = [await client.call_tool(name, given) for name, given in questions]
        uris = [str(one.uri) for one in (await client.list_resources()).resources]
        texts = {uri: (await client.read_resource(uri)).contents[0].text for uri in uris}
        with pytest.raises(MCPError, match="no such text"):
            await client.read_resource("file:///etc/passwd")
        return tools, answers, texts


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """A company with every table that a tool asks of, whose verdict stands; its customers' names and comments are nobody's business."""
    monthly = [row for row in monthly_rows(customers=4000, moves=0.8) if row["segment"] in SEGMENTS[:2]]
    costs = [
        {"period": row["month"], "segment": row["segment"], "initiative": line, "category": "care", "amount": amount}
        for place, row in enumerate(monthly)
        for line, share in (("Coaching", 0.3 + 0.4 * (place // 3 % 2)), ("App", 0.7 - 0.4 * (place // 3 % 2)))
        for amount in [f"{share * float(row['cx_spend']):.2f}"]
    ]
    people = [{"customer_id": f"person-{n}", "joined_on": "2023-01-05", "segment": SEGMENTS[n % 2]} for n in range(240)]
    answers = [
        {
            **{"answered_on": f"2025-{1 + n % 6:02d}-05", "metric": "nps", "score": str(n % 11), "scale_max": "10"},
            **{"customer_id": f"person-{n}", "touchpoint": ("Shop", "App")[n % 2], "comment": COMMENT},
        }
        for n in range(240)
    ]
    started = [{"name": "Coaching", "starts_on": "2024-02-01", "segment": "Homes", "promised_value": "90000"}]
    months = [{name: str(value) for name, value in row.items()} for row in monthly]
    folder = tmp_path_factory.mktemp("company")
    publish(folder, monthly=months, costs=costs, customers=people, surveys=answers, initiatives=started)
    return folder


def test_a_client_gets_what_the_terminal_answers_with_what_it_stands_on_and_changes_nothing(company, capsys):
    before = held(company)
    questions = [(name, given) for name, given, _ in ASKED] + [(name, given) for name, given, _ in BAD]
    tools, answers, texts = asyncio.run(asked(company, questions))
    assert held(company) == before

    assert [tool.name for tool in tools] == list(TOOLS) and {name for name, _, _ in ASKED} == set(TOOLS)
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)
    evaluate = tools[0].input_schema["properties"]
    assert {name: (evaluate[name]["minimum"], evaluate[name]["maximum"]) for name in RANGES} == RANGES
    assert set(evaluate) == {*ASSUMED, "language"} and all(one["description"] for one in evaluate.values())

    capsys.readouterr()
    for (name, _, line), answer in zip(ASKED, answers, strict=False):
        main([*line, "--json", "--workspace", str(company)])
        told, same = answer.structured_content, json.loads(capsys.readouterr().out)
        assert answer.is_error is ("error" in same), name  # spend by month has no lines
        if not answer.is_error:
            assert told["answer"] == same and told["hidden_small_groups"] == 0 and told["left_out"] == [], name
            fits(told["answer"])
            assert told["sentence"] in answer.content[0].text and told["behind"]["line"] in answer.content[0].text
        assert told.get("error") == same.get("error"), name
        behind = told["behind"]
        assert (behind["call"], behind["grade"], behind["data_version"][:7]) == ("under_invested", "C", "000001-"), name
        assert behind["probability"] > 0.8 and behind["customers"] > 5000 and behind["illustrative"] is False, name
        assert {one["status"] for one in behind["checks_not_passed"]} <= {"review", "fail"}
        assert json.loads(answer.content[1].text) == told and len(answer.content[1].text) < MOST_SIGNS

    for (name, given, said), answer in zip(BAD, answers[len(ASKED) :], strict=True):
        assert answer.is_error and said in answer.content[0].text, (name, given, answer.content[0].text)
        assert "answer" not in answer.structured_content

    assert set(texts) == {f"cxroi://{name}/{language}" for name in ("method", "glossary") for language in ("en", "ar")}
    assert "IRR" in texts["cxroi://glossary/en"] and "الحكم" in texts["cxroi://method/ar"]

    whole = " ".join(one.content[1].text for one in answers)
    assert "person-" not in whole and COMMENT not in whole


@pytest.fixture(scope="module")
def capped(tmp_path_factory):
    """A company whose data fail a check, with a segment of seven customers, and answers about two touchpoints, one of them hardly asked about."""
    folder = tmp_path_factory.mktemp("capped")
    months = [
        {
            "month": f"2025-{month:02d}-01",
            "segment": segment,
            "customers_at_start": str(customers),
            "customers_joined": "0",
            "customers_lost": "0" if customers < 10 else str(40 + month),
            "revenue": str(100 * customers),
            "contribution_margin": str(50 * customers),
            "cx_spend": str(5 * customers),
        }
        for segment, start in (("Homes", 5000), ("Tiny", 7))
        for month in range(1, 9)
        for customers in [start if start < 10 else start - sum(40 + one for one in range(1, month))]
    ]
    answers = [
        {"answered_on": "2025-07-05", "metric": "nps", "score": str(n % 11), "scale_max": "10", "touchpoint": where}
        for n in range(44)
        for where in (["Shop", "Desk", "Lift"] if n < 9 else ["Shop", "Desk"] if n % 2 else ["Shop"])
    ]
    publish(folder, monthly=months, surveys=answers)
    assert main(["scenarios", "save", "Kept", "--workspace", str(folder)]) == 0
    return str(folder)


def test_where_a_failed_check_refuses_the_verdict_every_tool_that_judges_refuses_with_the_same_sentence(capped):
    text = Text("ar")
    for name in TOOLS.keys() - {"costs"}:  # there is no ledger
        told = answer_to(name, {}, capped, text.language)
        behind = told.facts["behind"]
        assert told.refused is TOOLS[name].judges, (name, told.words)
        assert behind["refused_by"] in {check["check"] for check in behind["checks_not_passed"]}
        assert behind["probability"] is behind["probability_more_pays"] is None
        assert behind["sentence"] in told.words and text("verdict.word.not_enough_evidence") in told.words
        if told.refused:
            assert set(told.facts) == {"error", "behind"} and not re.search(r"\d", told.words)


def test_figures_of_a_verdict_that_a_failed_check_refuses_leave_by_no_other_door(capped):
    kept = answer_to("scenarios", {"name": "Kept"}, capped, "en").facts
    assert kept["answer"]["scenarios"][0]["figures"] is None and kept["answer"]["revisions"][0]["npv"] is None
    assert kept["left_out"] == ["figures", "npv"]
    assert answer_to("evidence", {}, capped, "en").facts["answer"]["verdicts"] == []
    assert not re.search(r"\d", answer_to("board_summary", {}, capped, "en").facts["answer"]["sentences"]["money"])


def test_data_that_are_not_enough_for_a_verdict_still_answer_what_they_can_and_say_why_there_is_none(tmp_path):
    answers = [{"answered_on": "2025-07-05", "metric": "nps", "score": "9", "scale_max": "10"}] * 12
    publish(tmp_path, surveys=answers)
    told = answer_to("satisfaction", {}, str(tmp_path), "en")
    behind = told.facts["behind"]
    assert not told.refused and behind["call"] is None and behind["refused_by"] and behind["sentence"] in told.words
    assert answer_to("evaluate", {}, str(tmp_path), "en").refused
    assert not answer_to("method", {"name": "plans"}, str(tmp_path), "en").refused  # as the register has it


def test_small_groups_are_hidden(capped):
    told = answer_to("satisfaction", {}, capped, "en").facts
    assert {one["value"] for one in told["answer"]["scores"] if one["dimension"] == "touchpoint"} == {
        "Shop"
    }  # nor Desk, the next smallest
    assert told["hidden_small_groups"] > 0 and "Lift" not in json.dumps(told)
    assert answer_to("customers", {"segment": "Tiny"}, capped, "en").facts["error"]["id"] == "access.too_few"
    whole = answer_to("customers", {}, capped, "en").facts
    assert "Tiny" not in json.dumps(whole["answer"]) and whole["hidden_small_groups"] > 0


def test_an_answer_that_is_too_large_leaves_its_largest_parts_out_and_names_them(capped, monkeypatch):
    monkeypatch.setattr("cxroi.cli.assistant_tools.MOST_SIGNS", 3_000)
    told = answer_to("forecast", {}, capped, "en").facts
    assert told["left_out"][0] == "measures" and told["answer"]["measures"] == []


def test_an_answer_that_takes_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(assistant_server, "LONGEST_SECONDS", 0.05)
    monkeypatch.setattr(assistant_server, "answer_to", lambda *_: time.sleep(0.3))

    async def ask():
        async with Client(assistant_server.server_of("nowhere", Text("en"))) as client:
            return await client.call_tool("evaluate", {})

    answer = asyncio.run(ask())
    assert answer.is_error and "longer than 0.05 seconds" in answer.content[0].text


def test_without_the_extra_or_without_data_it_says_so_and_makes_nothing(capped, tmp_path, monkeypatch, capsys):
    assert main(["mcp", "--workspace", str(tmp_path / "none")]) == 1
    assert "There are no data" in capsys.readouterr().err and not (tmp_path / "none").exists()
    monkeypatch.delitem(sys.modules, "cxroi.cli.assistant_server")
    monkeypatch.setitem(sys.modules, "mcp_types", None)
    for language, said in (("en", "not installed"), ("ar", "غير مثبت")):
        assert main(["mcp", "--workspace", capped, "--language", language]) == 1
        told = capsys.readouterr().err
        assert said in told and 'pip install "cxroi[mcp]"' in told
