"""Lines, promises and allocation of the sample company: from its ledger to words, on the pages and from the command line."""

import json
import runpy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cxroi.cli import main
from cxroi.model.decision.verdict import Call
from cxroi.model.response.channel import Channel
from cxroi.model.response.realised import PromiseStatus
from cxroi.questions import ask_where_to_spend, build_business_case, default_scenario, evidence_of, open_version
from cxroi.questions.line_evidence import gather_lines
from cxroi.questions.line_standing import Advice, protected_bounds, standings
from cxroi.questions.lines import ask_where_between_lines, judge_lines
from cxroi.questions.promises import gather_promises, promises_of
from cxroi.questions.satisfaction import ask_drivers
from cxroi.store.sample import FOLDER
from tests.held_bytes import held
from tests.sample_place import sample_place


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """Return the sample company opened, its evidence, its lines and the verdict on each."""
    with open_version(sample_place(tmp_path_factory)) as data:
        evidence = evidence_of(data)
        lines = gather_lines(data, evidence)
        yield data, evidence, lines, judge_lines(evidence, lines, default_scenario(evidence))


@pytest.fixture(scope="module")
def script():
    """Return the script that made the sample, which holds the truth."""
    return SimpleNamespace(**runpy.run_path(str(FOLDER / "make_sample.py")))


def folder_of(sample):
    """Return the folder of the sample's workspace."""
    return sample[0].version.folder.parents[1]


def test_the_lines_of_the_sample_are_its_six_initiatives_and_add_up_to_its_spend(sample):
    _, evidence, lines, report = sample
    assert lines.by == "initiative" and len(report.lines) == 6
    assert sum(lines.today_spend.values()) == pytest.approx(evidence.baseline.whole.cx_spend_per_month, rel=1e-9)
    assert sum(one.share for one in report.lines) == pytest.approx(1.0)
    assert [one.share for one in report.lines] == sorted((one.share for one in report.lines), reverse=True)


def test_what_a_line_truly_does_lies_in_its_interval(sample, script):
    """A line that does nothing lies at the edge of what is possible: there the interval has to reach down to nothing."""
    _, _, lines, _ = sample
    for line in script.LINES:
        found = lines.responses[line.name]
        support = next(one for one in found.channels if one.channel is Channel.SUPPORT)
        for s, name in enumerate(found.posterior.segments):
            segment = next(one for one in script.SEGMENTS if one.name == name)
            if name in line.share:
                told = [("keeps", found.posterior.slope()[:, s]), ("spares", support.slope()[:, s])]
                for what, slope in told:
                    low, high = np.quantile(slope, [0.025, 0.975])
                    truth = script.true_slope(what, segment, (line,))
                    assert low <= max(truth, 0.001) < high, (line.name, name, what)


def test_what_is_told_of_a_line_is_what_it_truly_does(sample, script):
    data, evidence, _, report = sample
    found = {one.name: one.advice for one in standings(report, gather_promises(data, evidence))}
    assert found == {
        "Technician punctuality": Advice.GROW,
        "Contact centre coaching": Advice.GROW,
        "Service recovery vouchers": Advice.CUT,
        "Customer app": Advice.KEEP,
        "Welcome calls": Advice.KEEP,
        "Voice of the customer": Advice.TEST,
    }
    assert report.next_unit == max(script.LINES, key=lambda line: line.keeps).name
    assert all((found[line.name] is Advice.CUT) == (line.keeps + line.spares == 0) for line in script.LINES)


def test_lines_touchpoints_and_segments_of_the_sample_do_not_contradict_each_other(sample):
    data, evidence, lines, report = sample
    found = standings(report, gather_promises(data, evidence))
    bounds = protected_bounds(found, evidence, lines)
    between = ask_where_between_lines(evidence, lines, default_scenario(evidence), kept_bounds=bounds)
    change = {move.segment: move.spend / move.today_spend - 1 for move in between.moves}
    advised = {one.name: one.advice for one in found}
    assert all(change[name] < -0.5 for name, advice in advised.items() if advice is Advice.CUT)
    assert all(change[name] > 0 for name, advice in advised.items() if advice is Advice.GROW)
    assert all(change[name] == pytest.approx(0) for name, advice in advised.items() if advice is Advice.KEEP)
    link = {one.touchpoint: one for one in ask_drivers(data).drivers}
    assert link["Home visit"].impact_share > link["Home visit"].spend_share  # punctuality: grow
    assert link["Complaint"].impact_share < link["Complaint"].spend_share  # vouchers: cut
    case = build_business_case(evidence, default_scenario(evidence))
    called = {one.segment: one.verdict.call for one in case.segments}
    moves = {
        one.segment: one.spend > one.today_spend
        for one in ask_where_to_spend(evidence, default_scenario(evidence)).moves
    }
    assert moves == {name: call is Call.UNDER_INVESTED for name, call in called.items()}


def test_by_another_dimension_the_same_money_has_other_names(sample):
    data, evidence, lines, _ = sample
    by_category = gather_lines(data, evidence, "category")
    assert set(by_category.names) == {"process", "training", "technology", "people", "compensation", "research"}
    assert sum(by_category.today_spend.values()) == pytest.approx(sum(lines.today_spend.values()))


def test_promises_of_the_sample_are_measured_where_there_is_a_before(sample):
    data, evidence, _, _ = sample
    found = {one.realised.initiative.name: one for one in gather_promises(data, evidence)}
    assert found["Technician punctuality"].realised.finding is PromiseStatus.NOTHING_BEFORE
    calls = found["Welcome calls"].realised
    assert calls.initiative.segments == ("Villas",) and calls.compared_with == "segments"
    assert (calls.months_before, calls.months_after) == (16, 20)
    assert found["Customer app"].realised.initiative.segments == ("Apartments", "Villas")
    assert all(one.spent > 0 and one.budget > 0 for one in found.values())


def test_what_an_initiative_truly_brought_lies_in_its_interval_and_its_promise_is_judged_so(sample, script):
    data, evidence, _, _ = sample
    found = {one.realised.initiative.name: one for one in gather_promises(data, evidence)}
    for line in (one for one in script.LINES if one.began):
        told, truth = found[line.name], script.true_uplift(line)
        for uplift in (told.realised.uplift_pp, told.shrunk.uplift_pp):
            assert uplift.low < truth < uplift.high, line.name
        so = PromiseStatus.KEPT if truth >= line.promised else PromiseStatus.MISSED
        assert told.realised.finding is so and told.finding in (so, PromiseStatus.OPEN), line.name


def test_where_an_initiative_works_is_read_from_its_row_or_from_the_ledger(sample):
    _, evidence, _, _ = sample
    row = {
        "starts_on": pd.Timestamp("2025-02-01"),
        "ends_on": None,
        "promised_uplift_pp": np.nan,
        "promised_value": None,
    }
    rows = pd.DataFrame(
        [
            {"name": "both", "segment": "villas; Apartments", **row},
            {"name": "ledger", "segment": None, **row},
            {"name": "everywhere", "segment": None, **row},
        ]
    )
    ledger = pd.DataFrame(
        {
            "name": ["ledger", "everywhere", "everywhere"],
            "month": pd.Timestamp("2025-03-01"),
            "segment": ["Small offices", "Villas", None],
            "amount": 10.0,
            "budget": 0.0,
        }
    )
    found = {one.realised.initiative.name: one for one in promises_of(evidence, rows, ledger)}
    assert found["both"].realised.initiative.segments == ("Villas", "Apartments")
    assert found["ledger"].realised.initiative.segments == ("Small offices",)
    assert found["everywhere"].realised.initiative.segments == ()
    assert found["ledger"].spent == 10.0 and found["ledger"].budget is None and found["both"].spent is None


def test_a_division_takes_nothing_from_what_is_worth_having_unless_a_person_says_so(sample):
    data, evidence, lines, report = sample
    scenario = default_scenario(evidence)
    found = standings(report, gather_promises(data, evidence))
    kept = protected_bounds(found, evidence, lines)
    worth_having = {one.name for one in found if one.advice in (Advice.KEEP, Advice.GROW)}
    assert {"Customer app", "Welcome calls"} <= worth_having and set(kept) <= worth_having
    moves = {move.segment: move for move in ask_where_between_lines(evidence, lines, scenario, kept_bounds=kept).moves}
    assert all(moves[name].spend >= moves[name].today_spend * (1 - 1e-9) for name in worth_having)
    assert moves["Customer app"].bound == "held" and moves["Welcome calls"].bound == "held"
    coaching = "Contact centre coaching"
    freed = ask_where_between_lines(
        evidence, lines, scenario, kept_bounds={coaching: (100.0, 100.0)}, bounds_percent={coaching: (0.0, 60.0)}
    )
    move = next(move for move in freed.moves if move.segment == coaching)
    assert move.spend <= 0.6 * move.today_spend * (1 + 1e-9) and move.bound != "kept"


def test_extra_money_between_lines_takes_from_none_and_gains_together_about_what_each_gains_alone(sample):
    _, evidence, lines, _ = sample
    today = sum(lines.today_spend.values())
    found = ask_where_between_lines(evidence, lines, default_scenario(evidence), extra=0.2 * today)
    assert found.spend == pytest.approx(1.2 * today) and found.extra.because is None
    assert all(move.spend >= move.today_spend * (1 - 1e-9) for move in found.moves)
    assert found.gain.mid == pytest.approx(sum(move.gain.mid for move in found.moves), rel=0.1) and found.gain.mid > 0
    none = ask_where_between_lines(evidence, lines, default_scenario(evidence), extra=0.0).gain
    assert (none.low, none.mid, none.high) == (0.0, 0.0, 0.0)


def test_a_division_between_lines_follows_the_steps_of_the_plan(sample):
    _, evidence, lines, _ = sample
    plan = replace(default_scenario(evidence), investment_level_percent=140.0)
    today = sum(lines.today_spend.values())

    def asked(*first):
        return ask_where_between_lines(evidence, lines, replace(plan, first_quarters_percent=first), extra=0.2 * today)

    plain, same, nearly, half = asked(), asked(140.0), asked(140.0 - 1e-7), asked(120.0, 120.0)
    assert replace(same, made_by_quarter=()) == plain
    assert nearly.gain.mid == pytest.approx(plain.gain.mid, rel=1e-5) and half.made_by_quarter == (0.5, 0.5)
    assert 0 < half.gain.mid < plain.gain.mid and half.spend == pytest.approx(plain.spend)


def test_the_command_line_gives_the_same_lines(sample, capsys):
    folder, report = folder_of(sample), sample[-1]
    assert main(["--workspace", str(folder), "--json", "evaluate"]) == 0
    evaluated = json.loads(capsys.readouterr().out)["lines"]
    assert [one["line"] for one in evaluated["lines"]] == [one.line for one in report.lines]
    assert main(["--workspace", str(folder), "--json", "lines"]) == 0
    told = json.loads(capsys.readouterr().out)["standings"]
    calls = {"name": "Welcome calls", "brought": "paid", "more": "unknown", "advice": "keep"}
    assert any(calls.items() <= one.items() for one in told)
    assert evaluated["lines"][0]["verdict"]["call"] == str(report.lines[0].verdict.call)
    assert main(["--workspace", str(folder), "--json", "realised"]) == 0
    assert len(json.loads(capsys.readouterr().out)["initiatives"]) == 6


def test_a_floor_holds_what_a_contract_commits_to(sample, capsys):
    folder, lines = folder_of(sample), sample[2]
    app, floor = lines.today_spend["Customer app"], round(0.9 * lines.today_spend["Customer app"])
    command = ["--workspace", str(folder), "--json", "allocate", "--by", "line", "--floor"]
    assert main([*command, f"Customer app={floor}"]) == 0
    moves = {move["line"]: move for move in json.loads(capsys.readouterr().out)["moves"]}
    assert floor - 0.01 * app <= float(moves["Customer app"]["spend"]) <= app * 1.3
    for wrong, code in ((f"Customer app={9 * app}", 2), ("Customer app=much", 2), ("Nowhere=1", 1)):
        assert main([*command, wrong]) == code
        capsys.readouterr()


def test_a_kept_report_holds_figures_and_the_question_of_a_pilot_but_no_draws(sample):
    """The app keeps 64 of them."""
    _, evidence, lines, report = sample
    assert any(one.verdict and one.verdict.call is Call.NOT_ENOUGH_EVIDENCE for one in report.lines)
    seen = set()
    held([evidence, lines], seen)
    assert held(report, seen) <= 16_384
