"""Whether CX spend is in support cost too is asked once, answered in a terminal or on the Upload page, and kept."""

import io
import json

import pytest

from cxroi.cli import loading, main
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text

pytestmark = pytest.mark.usefixtures("files_read_here")
HEAD = (
    "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend,support_cost"
)
MONTHLY = "\n".join(
    [HEAD]
    + [f"{year}-{month:02d},all,5000,100,100,600000,300000,{20000 + 900 * (month % 5)},30000" for year in (2024, 2025) for month in range(1, 13)]
)  # fmt: skip


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "monthly.csv"
    path.write_text(MONTHLY, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path):
    return Workspace.open(tmp_path / "w").folder


@pytest.fixture
def told(folder, capsys):
    def run(*arguments, language="en"):
        code = main([*map(str, arguments), "--json", "--workspace", str(folder), "--language", language])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_a_load_says_that_the_question_is_open_and_an_answer_with_it_closes_it(told, file, folder):
    assert told("import", file)[1]["open_questions"] == ["spend_in_support", "currency"]
    assert told("in-support")[1]["answer"] == ""
    code, facts = told("import", file, "--append", "--also-in-support", "15%")
    assert code == 1 and State.open(folder).spend_in_support().answer == ""  # the very file was refused
    file.write_text(MONTHLY.replace("30000", "31000"), encoding="utf-8")
    code, facts = told("import", file, "--also-in-support", "15%")
    assert (code, facts["open_questions"]) == (0, ["currency"])
    assert State.open(folder).spend_in_support() == SpendInSupport(answer="share", share=0.15)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("none", SpendInSupport(answer="no")),
        ("unknown", SpendInSupport(answer="unknown")),
        ("12.5%", SpendInSupport(answer="share", share=0.125)),
        ("١٢٫٥٪", SpendInSupport(answer="share", share=0.125)),
        ("12000", SpendInSupport(answer="amount", amount_a_month=12000)),
        ("١٢٬٠٠٠", SpendInSupport(answer="amount", amount_a_month=12000)),
    ],
)
def test_an_answer_is_kept_told_and_taken_back(told, folder, words, kept):
    code, facts = told("in-support", "--set", words)
    assert code == 0 and State.open(folder).spend_in_support() == kept
    expected = {"answer": kept.answer, "share": kept.share or None, "amount_a_month": kept.amount_a_month or None}
    assert {name: facts[name] for name in expected} == expected
    assert told("in-support", "--clear")[1]["answer"] == ""


@pytest.mark.parametrize("wrong", ["maybe", "0%", "150%", "-3", "0.2", "nan", "inf", ""])
def test_an_answer_that_cannot_be_meant_is_wrong_use(told, file, wrong):
    assert told("in-support", "--set", wrong)[0] == 2
    assert told("import", file, "--also-in-support", wrong)[0] == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("typed", "answer"), [("15%\n", "share"), ("perhaps\nnone\n", "no"), ("\n", "unknown"), ("", "")]
)
def test_a_person_at_a_terminal_is_asked_once(folder, file, monkeypatch, capsys, language, typed, answer):
    monkeypatch.setattr(loading, "on_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"y\n{typed}"))
    assert main(["import", str(file), "--workspace", str(folder), "--language", language]) == 0
    asked = Text(language)("cli.in_support.ask")
    assert capsys.readouterr().err.count(asked) == typed.count("\n") + (typed == "")
    assert State.open(folder).spend_in_support().answer == answer
    file.write_text(MONTHLY.replace("30000", "31000"), encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert main(["import", str(file), "--workspace", str(folder), "--language", language]) == 0
    assert (asked in capsys.readouterr().err) == (answer == "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_person_the_question_is_said_with_the_way_to_answer(folder, file, capsys, language):
    assert main(["import", str(file), "--workspace", str(folder), "--language", language]) == 0
    assert "in-support" in capsys.readouterr().out
    State.open(folder).keep_spend_in_support(SpendInSupport(answer="no"))
    assert main(["in-support", "--workspace", str(folder), "--language", language]) == 0
    assert Text(language)("cli.in_support.no") in capsys.readouterr().out
