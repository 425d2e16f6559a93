"""Targets typed or filed are read as people write them, a wrong row is named, and each change has its line."""

import pytest

from cxroi.actions.targets import MEASURES, change_targets, read_targets, targets_in_file
from cxroi.errors import StoreError, UploadError
from cxroi.model.forecast.outlook import KINDS
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from tests.acting import TESTER


def row(**changes):
    return {"measure": "revenue", "month": "2026-03", "value": "1,200,000", **changes}


def test_every_measure_that_is_forecast_can_have_a_target():
    assert set(MEASURES) == set(KINDS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ({}, ("revenue", "2026-03", 1.2e6)),
        ({"value": "١٬٢٠٠٬٠٠٠", "month": "٢٠٢٦-٠٣-٣١"}, ("revenue", "2026-03", 1.2e6)),
        ({"measure": "retention_rate", "value": "97.5%"}, ("retention_rate", "2026-03", 0.975)),
        ({"measure": "csat", "value": "63"}, ("csat", "2026-03", 63.0)),
        ({"measure": "nps", "value": "−12"}, ("nps", "2026-03", -12.0)),
    ],
)
def test_a_target_is_read_as_it_is_written(written, read):
    assert read_targets([{}, row(**written)]) == (read,)


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ({"measure": "profit"}, "wrong_measure"),
        ({"month": ""}, "wrong_month"),
        ({"month": "March"}, "wrong_month"),
        ({"value": "much"}, "no_number"),
        ({"value": ""}, "no_number"),
        ({"measure": "retention_rate", "value": "101%"}, "out_of_range"),
        ({"measure": "nps", "value": "140"}, "out_of_range"),
    ],
)
def test_a_wrong_row_is_named_in_both_languages(wrong, id):
    with pytest.raises(StoreError) as refused:
        read_targets([row(month="2026-04"), row(**wrong)])
    assert refused.value.id == f"targets.{id}" and refused.value.facts["row"] == 2
    assert all("2" in Text(language).error(refused.value) for language in LANGUAGES)


def test_a_month_twice_is_refused_and_a_file_without_its_columns_too(tmp_path):
    with pytest.raises(StoreError) as refused:
        read_targets([row(), row(value="5")])
    assert refused.value.id == "targets.twice"
    (tmp_path / "t.csv").write_text("measure,month,target\nnps,2026-03,40\n", encoding="utf-8")
    assert targets_in_file(tmp_path / "t.csv") == (("nps", "2026-03", 40.0),)
    (tmp_path / "t.csv").write_text("measure,month\nnps,2026-03\n", encoding="utf-8")
    with pytest.raises(UploadError):
        targets_in_file(tmp_path / "t.csv")


def test_each_change_has_its_line_and_no_change_has_none(tmp_path):
    workspace = Workspace.open(tmp_path / "w")
    state = State.open(workspace.folder)
    change_targets(workspace, "", keep=[("nps", "2026-03", 40.0), ("revenue", "2026-03", 5.0)], who=TESTER)
    change_targets(workspace, "", keep=[("nps", "2026-03", 40.0)], who=TESTER)
    change_targets(workspace, "Homes", keep=[("nps", "2026-03", 50.0)], who=TESTER)
    change_targets(
        workspace, "", keep=[("nps", "2026-03", 45.0)], drop=[("revenue", "2026-03"), ("ces", "2026-03")], who=TESTER
    )
    assert [(one.segment, one.measure, one.value) for one in state.targets()] == [
        ("", "nps", 45.0),
        ("Homes", "nps", 50.0),
    ]
    lines = [(line.what, line.facts["measure"], line.facts["segment"]) for line in state.audit()]
    assert lines == [
        ("target", "nps", ""),
        ("target", "revenue", ""),
        ("target", "nps", "Homes"),
        ("target dropped", "revenue", ""),
        ("target", "nps", ""),
    ]
