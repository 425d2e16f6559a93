"""Templates load as they are, in both languages."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from cxroi.export.template import table_template
from cxroi.tables import TABLES
from cxroi.text import Text
from tests.intake.loading import load


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("table", TABLES)
def test_a_template_with_its_examples_is_recognised_and_loads(tmp_path: Path, table: str, language: str) -> None:
    content = table_template(table, language, Text(language))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0]
    report = load(tmp_path, content, "template.xlsx", sheet=sheet).report
    assert (report.table, report.outcome, report.rows_loaded) == (table, "loaded", 3), report
    assert len(report.mapping) == len(TABLES[table].columns)


def test_a_template_offers_lists_of_choices_and_reads_from_the_right_in_arabic() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(table_template("costs", "ar", Text("ar")))).worksheets[0]
    lists = [validation.formula1 for validation in sheet.data_validations.dataValidation]
    assert '"capex,opex"' in lists and sheet.sheet_view.rightToLeft
