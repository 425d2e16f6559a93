"""Every format of a report: files that open with their own readers, under names that every system takes."""

import io
import re
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from cxroi.cli.arguments import REPORT_FORMATS
from cxroi.export.report import FORMATS, file_name, packed, report_of
from cxroi.text import LANGUAGES, Text
from tests.made_case import made_case
from tests.view.share.test_story import MADE, facts

CHARTS = ["01-waterfall", "02-board-curve", "03-cash-flow"]


def made(language="en", case=None, **named):
    return report_of(facts(case or made_case()), Text(language), made=MADE, **named)


def test_the_terminal_offers_every_format_and_each_is_worded_in_both_languages():
    assert tuple(FORMATS) == REPORT_FORMATS
    assert all(Text(language)(f"share.format.{name}.what") for language in LANGUAGES for name in FORMATS)


@pytest.mark.parametrize(("name", "start"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_every_chart_of_the_report_is_a_picture_of_its_own(name, start):
    files = FORMATS[name].write(made("ar"))
    assert list(files) == [f"{chart}.{name}" for chart in CHARTS]
    assert all(content.startswith(start) for content in files.values())


def test_the_panel_opens_as_csv_and_as_parquet_with_names_that_run_nothing():
    case = made_case()
    hostile = replace(case, panel=replace(case.panel, segments=("=1+1", "B", "C", "D")))
    (csv,), (parquet,) = (FORMATS[name].write(made(case=hostile)).values() for name in ("csv", "parquet"))
    frame = pd.read_parquet(io.BytesIO(parquet))
    assert len(frame) == len(pd.read_csv(io.BytesIO(csv))) == 4 * case.panel.months.size
    assert "=1+1" in set(frame["segment"]) and b"'=1+1" in csv and b",=1+1" not in csv


def test_several_files_make_one_archive_the_same_each_time():
    files = {"a.txt": b"1", "خطة.txt": b"2"}
    assert packed(files) == packed(files)
    assert zipfile.ZipFile(io.BytesIO(packed(files))).namelist() == list(files)


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        "<script>",
        "../../etc/passwd",
        "CON",
        'a"b\\c:d*e?f|g',
        "خطة\u202eالسنة",
        "x" * 300,
        "خ" * 300,
        "...",
        " ",
    ],
)
def test_a_file_has_a_name_that_every_system_takes(name):
    file = file_name(made(name=name).story.provenance, "html")
    assert re.fullmatch(r"cx-roi-[\w-]+\.html", file) and len(file.encode()) < 255


def test_a_scenario_that_was_saved_keeps_its_name_and_number():
    report = made(name="Plan for 2027", id="7f3a")
    assert file_name(report.story.provenance, "html") == "cx-roi-plan-for-2027-7f3a.html"
    assert "Plan for 2027 (7f3a)" in report.summary.provenance.line
