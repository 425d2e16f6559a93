"""The one door to a version: opened once, worked out once, kept for the next command, and never believed beyond what it rests on."""

import json
import shutil
from collections import Counter
from dataclasses import fields, is_dataclass
from decimal import Decimal

import numpy as np
import pytest

import cxroi.questions.data as door
from cxroi.actions.person import at_the_terminal
from cxroi.actions.shares import share_out
from cxroi.cli import main
from cxroi.errors import StoreError
from cxroi.model.company import baseline as measuring
from cxroi.questions import build_business_case, case_of, default_scenario, evidence_of, gather, open_version
from cxroi.questions.lines import line_report_of
from cxroi.questions.promises import gather_promises
from cxroi.store.engine.engine import Engine
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State
from cxroi.store.versions.derived import MOST_FILES
from cxroi.store.versions.workspace import Workspace


@pytest.fixture(scope="module")
def asked_before(tmp_path_factory):
    """Return a workspace of the sample company of which everything was asked once, and what was answered."""
    folder = tmp_path_factory.mktemp("kept") / "w"
    load_sample(Workspace.open(folder))
    return folder, _everything(folder)


@pytest.fixture
def workspace(asked_before, tmp_path):
    """Return a copy of it that a test may change."""
    return shutil.copytree(asked_before[0], tmp_path / "w", symlinks=True)


def _everything(folder):
    with open_version(folder) as data:
        scenario = default_scenario(data)
        evidence = evidence_of(data)
        return {
            "evidence": evidence,
            "case": case_of(data, scenario),
            "lines": line_report_of(data, scenario),
            "promises": gather_promises(data, evidence),
        }


def _derived(folder):
    return sorted(path for path in (folder / "derived").rglob("*") if path.is_file())


def _same(one, other, at="value"):
    """Assert that two values are the same in every part that can be looked at."""
    assert type(one) is type(other) or {type(one), type(other)} <= {dict, type(vars(type)), tuple, type(one)}, at
    if is_dataclass(one):
        for part in fields(one):
            if part.init and not callable(getattr(one, part.name)) and part.name not in ("around", "segments"):
                _same(getattr(one, part.name), getattr(other, part.name), f"{at}.{part.name}")
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other, err_msg=at)
    elif isinstance(one, dict):
        assert list(one) == list(other), at
        for key in one:
            _same(one[key], other[key], f"{at}[{key}]")
    elif isinstance(one, tuple):
        assert len(one) == len(other), at
        for place, (a, b) in enumerate(zip(one, other, strict=True)):
            _same(a, b, f"{at}[{place}]")
    elif not hasattr(one, "columns"):
        assert one == other or one != one, at


def counting(function, done, name):
    """Return a function that does what another does, and counts its calls in `done` under a name."""

    def counted(*given, **how):
        done[name] += 1
        return function(*given, **how)

    return counted


def test_what_was_kept_is_what_was_worked_out_to_the_last_digit(asked_before):
    folder, first = asked_before
    again = _everything(folder)
    for name, value in first.items():
        _same(value, again[name], name)
    case, kept = first["case"], again["case"]
    for part in ("break_evens", "channels", "horizons", "beside", "survival"):
        assert getattr(case, part) == getattr(kept, part), part
    assert [one.outcome for one in case.segments] == [one.outcome for one in kept.segments]
    assert case.verdict.pilot == kept.verdict.pilot


def test_kept_evidence_answers_a_new_scenario_as_evidence_worked_out_now_does(asked_before, tmp_path):
    folder, _ = asked_before
    bare = shutil.copytree(folder, tmp_path / "bare")
    shutil.rmtree(bare / "derived")
    cases = []
    for place in (folder, bare):
        evidence = gather(place)
        scenario = default_scenario(evidence).__class__(currency="SAR", horizon_months=24, annual_discount_rate=0.2)
        cases.append(build_business_case(evidence, scenario))
    kept, worked_out = cases
    assert kept.verdict == worked_out.verdict and kept.outcome == worked_out.outcome
    assert kept.survival == worked_out.survival and kept.break_evens == worked_out.break_evens


def test_a_second_command_works_nothing_out_and_opens_no_engine(workspace, monkeypatch, capsys):
    assert main(["evaluate", "--workspace", str(workspace), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)

    def never(*_, **__):
        raise AssertionError("worked out twice")

    monkeypatch.setattr(Engine, "on", never)
    monkeypatch.setattr("cxroi.questions.gathering.fit_response", never)
    monkeypatch.setattr("cxroi.questions.case.build_business_case", never)
    monkeypatch.setattr("cxroi.questions.lines.judge_lines", never)
    assert main(["evaluate", "--workspace", str(workspace), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first


def test_a_first_verdict_opens_one_engine_and_measures_the_baseline_once(workspace, monkeypatch):
    shutil.rmtree(workspace / "derived")
    done = Counter()
    for place, name, counted in (
        (Engine, "on", "engine"),
        (Engine, "close", "closed"),
        (measuring, "measure_months", "part"),
    ):
        monkeypatch.setattr(place, name, counting(getattr(place, name), done, counted))
    with open_version(workspace) as data:
        case_of(data, default_scenario(data))
        parts = len(data.baseline.segments) + 1
    assert done == {"engine": 1, "closed": 1, "part": parts}


def test_another_rule_for_shared_costs_is_another_answer(workspace):
    before = _derived(workspace)
    share_out(Workspace.open(workspace), "revenue", who=at_the_terminal())
    spend = {rule: gather(workspace).panel.cx_spend for rule in ("revenue",)}
    assert len(_derived(workspace)) > len(before)
    share_out(Workspace.open(workspace), "customers", who=at_the_terminal())
    assert not np.array_equal(gather(workspace).panel.cx_spend, spend["revenue"])


def test_after_an_update_of_the_program_nothing_old_is_believed(workspace, monkeypatch):
    monkeypatch.setattr(door, "_code", lambda: "another program")
    files = _derived(workspace)
    with open_version(workspace) as data:
        assert data.frame is not None
    assert len(_derived(workspace)) == len(files) + 1


def test_a_file_that_is_damaged_or_empty_or_swapped_is_as_good_as_none(workspace, asked_before):
    files = {path.name.partition("-")[0]: path for path in _derived(workspace)}
    whole = files["frame"].read_bytes()
    for content in (b"", whole[:50], whole[:-9] + b"x" * 9, files["promises"].read_bytes()[:32] + whole[32:]):
        files["frame"].write_bytes(content)
        with open_version(workspace) as data:
            assert data.panel.customers_lost.sum() == asked_before[1]["evidence"].panel.customers_lost.sum()


def test_a_version_that_is_damaged_is_refused_whatever_was_kept_of_it(workspace):
    table = next(iter(sorted((workspace / "snapshots").rglob("customers*.parquet"))))
    table.chmod(0o600)
    table.write_bytes(table.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreError) as refused, open_version(workspace):
        pass
    assert refused.value.id == "store.version_damaged"


def test_what_was_kept_goes_with_its_version_and_with_a_forgotten_customer(workspace):
    store = Workspace.open(workspace)
    first = store.current()
    load_sample(store)
    gather(workspace)
    assert len(list((workspace / "derived").iterdir())) == 2
    store.delete(first.id)
    assert [entry.name for entry in (workspace / "derived").iterdir()] == [store.current().id]
    with open_version(workspace) as data:
        data.engine.copy_table("customers", workspace / "c.csv")
    customer = (workspace / "c.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
    store.forget_customer(customer)
    assert not _derived(workspace)


def test_a_workspace_that_cannot_be_written_to_is_read_all_the_same(workspace, monkeypatch):
    shutil.rmtree(workspace / "derived")

    def refuse(*_):
        raise OSError(30, "read-only")

    monkeypatch.setattr("cxroi.store.versions.derived.swap", refuse)
    with open_version(workspace) as data:
        assert data.panel.months.size
    assert not _derived(workspace)


def test_only_the_newest_answers_to_a_question_are_kept(workspace, monkeypatch):
    monkeypatch.setattr("cxroi.store.versions.derived.MOST_FILES", 3)
    with open_version(workspace) as data:
        for number in range(5):
            assert data.kept("probe", lambda number=number: number + 1, number) == number + 1
    names = [path.name.rpartition("-")[0] for path in _derived(workspace)]
    assert names.count("probe") == 3 and "evidence" in names and MOST_FILES > 3


def test_a_rate_that_changes_while_a_version_is_open_is_in_no_answer_kept_under_the_old_one(workspace):
    state = State.open(workspace)
    state.set_rate("EUR", "SAR", Decimal("4"), source="first")
    with open_version(workspace) as data:
        state.set_rate("EUR", "SAR", Decimal("5"), source="second")
        assert data.how["rates"]("SAR") == {"EUR": Decimal("4")}
