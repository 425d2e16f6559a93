"""The workbook of a business case: opened again, recalculated by LibreOffice, changed, and held against the app."""

import io
import shutil
import subprocess
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from zipfile import ZipFile

import msoffcrypto
import openpyxl
import pytest
from msoffcrypto.exceptions import InvalidKeyError

from benchmarks.simulation.companies import Company, simulate
from cxroi.export.office_lock import office_locked
from cxroi.export.spreadsheet.workbook import workbook
from cxroi.questions import default_scenario, evidence_from_panel
from cxroi.questions.costs import CostBook, Counted, LedgerSource
from cxroi.questions.workbook import workbook_facts
from cxroi.text import LANGUAGES, Text
from cxroi.view.share.story import provenance

HOSTILE = ('=cmd|" /C calc"!A0', "<script>\u202e&[Date]http://a.b/" + "x" * 300)
FIGURES = (
    "plan_npv",
    "pv_benefits",
    "pv_costs",
    "plan_roi",
    "plan_irr",
    "payback_months",
    "tei_npv",
    "npv_by_function",
)
RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
CHANGES = {
    "prices": {"horizon_months": 48, "annual_discount_rate": 0.14, "contribution_margin_rate": 0.5},
    "plan": {
        "investment_level_percent": 140.0,
        "one_off_cost": 3e5,
        "spend_uplift_percent": 0.5,
        "support_cost_change_percent": -4.0,
        "referral_share_of_benefit": 0.02,
        "benefit_risk_adjustment_rate": 0.1,
        "cost_risk_adjustment_rate": 0.05,
        "staff_attrition_saving_per_year": 5e4,
        "residual_value_months": 24,
    },
}
BETWEEN, OUTSIDE = {"investment_level_percent": 130.0}, {"horizon_months": 37}


def evidence_of(segments, names=(), months=24):
    company = Company(n_segments=segments, n_months=months, spend=1.0, spend_variation=0.4, seed=3)
    panel = simulate(company).panel
    panel = replace(panel, segments=(*names, *panel.segments[len(names) :]), currency="SAR")
    return evidence_from_panel(panel, data_version="1-v", illustrative=True, draws=128, survive=False)


def written(facts, language):
    text = Text(language)
    made = provenance(facts.case, text, made=datetime(2026, 1, 2, tzinfo=UTC), name='=1+1 "&P')
    return workbook(facts, text, made)


@pytest.fixture(scope="module")
def evidence():
    return evidence_of(2, HOSTILE)


@pytest.fixture(scope="module")
def facts(evidence):
    """Return the facts of the evidence's own plan, with few levels and horizons to choose: each is thousands of cells to read again."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("cxroi.questions.workbook._LEVELS", (100.0, 120.0, 140.0))
        patched.setattr("cxroi.questions.workbook.HORIZONS", (36, 48))
        return workbook_facts(evidence, default_scenario(evidence))


@pytest.fixture(scope="module")
def files(facts):
    return {language: written(facts, language) for language in LANGUAGES}


def opened(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def named(book, name):
    sheet, where = next(iter(book.defined_names[name].destinations))
    return book[sheet][where.replace("$", "")]


@pytest.fixture(scope="module")
def books(files):
    """Return the workbooks opened again, by language: with their formulas, and with the values written beside these."""
    return {language: (opened(content), opened(content, data_only=True)) for language, content in files.items()}


@pytest.fixture(scope="module")
def recalculated(files, books, tmp_path_factory):
    """Return what LibreOffice makes of the workbook as it is, in either language, and with inputs changed."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not here: whether formulas come to the app's figures was NOT tested")
    folder = tmp_path_factory.mktemp("office")
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(RECALCULATE)
    for name, content in files.items():
        (folder / f"{name}.xlsx").write_bytes(content)
    book = books["en"][0]
    for name, inputs in {**CHANGES, "between": BETWEEN, "outside": OUTSIDE}.items():
        made = {place: named(book, place).value for place in inputs}
        for values, then in ((inputs, True), (made, False)):
            for place, value in values.items():
                named(book, place).value = value
            if then:
                book.save(folder / f"{name}.xlsx")
    given = [str(path) for path in sorted(folder.glob("*.xlsx"))]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    told = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), *given]
    subprocess.run(told, check=True, capture_output=True, timeout=300)
    return {path.stem: opened(path.read_bytes(), data_only=True) for path in (folder / "out").glob("*.xlsx")}


def test_every_formula_comes_to_the_value_that_was_written_beside_it(books, recalculated):
    (formulas, values), after = books["en"], recalculated["en"]
    count = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            count += 1
            before, now = (book[sheet.title][cell.coordinate].value for book in (values, after))
            where = f"{sheet.title}!{cell.coordinate} {cell.value}"
            if isinstance(before, int | float):
                assert now == pytest.approx(before, rel=1e-6, abs=1e-6), where
            else:
                assert (now or "") == (before or ""), where
    assert count > 2000


def test_the_figures_are_the_app_s_own_in_both_languages(facts, recalculated):
    of = facts.case.outcome
    shown = {"plan_npv": of.npv.mid, "pv_benefits": of.benefit.mid, "pv_costs": of.cost.mid, "plan_roi": of.roi.mid}
    for language in LANGUAGES:
        for name, figure in {**shown, "tei_npv": facts.tei_npv}.items():
            assert named(recalculated[language], name).value == pytest.approx(figure, rel=1e-6), (language, name)


@pytest.mark.parametrize("change", CHANGES)
def test_changed_inputs_come_to_what_the_app_says_of_them(change, evidence, facts, recalculated):
    level = {"investment_level_percent": facts.cash.money.plan_percent}
    asked = workbook_facts(evidence, replace(default_scenario(evidence), **{**level, **CHANGES[change]}))
    cash, of, book = asked.cash, asked.case.outcome, recalculated[change]
    app = {
        "plan_npv": of.npv.mid,
        "npv_by_function": of.npv.mid,
        "pv_benefits": of.benefit.mid,
        "pv_costs": of.cost.mid,
        "plan_roi": of.roi.mid,
        "plan_irr": cash.irr,
        "payback_months": cash.payback(cash.flows),
        "tei_npv": asked.tei_npv,
    }
    for name, figure in app.items():
        found = named(book, name).value
        assert (isinstance(found, str) and figure is None) or found == pytest.approx(figure, rel=1e-6), name
    assert named(book, "workbook_state").value == Text("en")("workbook.state.moved")


def test_a_level_between_two_is_near_and_said_to_be_interpolated(evidence, recalculated):
    of = workbook_facts(evidence, replace(default_scenario(evidence), **BETWEEN)).case.outcome
    book = recalculated["between"]
    assert named(book, "workbook_state").value == Text("en")("workbook.state.between")
    assert named(book, "plan_npv").value == pytest.approx(of.npv.mid, rel=0.02)
    assert named(book, "plan_npv").value != pytest.approx(of.npv.mid, rel=1e-6)


def test_an_input_that_cannot_be_followed_stops_every_figure(recalculated):
    text, book = Text("en"), recalculated["outside"]
    assert {named(book, name).value for name in FIGURES if name != "npv_by_function"} >= {
        text("workbook.state.stopped")
    }
    assert not any(isinstance(named(book, name).value, int | float) for name in ("plan_npv", "plan_irr", "tei_npv"))
    assert named(book, "workbook_state").value == text("workbook.state.stop")


def plain(words):
    return "".join(sign for sign in words if unicodedata.category(sign) != "Cf")


@pytest.mark.parametrize("language", LANGUAGES)
def test_opened_again_it_reads_from_its_own_side_with_names_panes_and_values(language, facts, books):
    (book, values), text = books[language], Text(language)
    assert len(book.sheetnames) == len(set(book.sheetnames)) >= 15
    assert {"annual_discount_rate", "one_off_cost", "kept_worth", *FIGURES} <= set(book.defined_names)
    for sheet in book:
        assert bool(sheet.sheet_view.rightToLeft) == (language == "ar"), sheet.title
        assert sheet["A4"].value.startswith(text("story.illustrative")), sheet.title
        printed = f"{sheet.oddHeader.left.text} {sheet.oddFooter.left.text}".replace(
            "&&", "&"
        )  # whole, though neither has room
        assert sheet.page_setup.orientation == "landscape" and plain(printed) == plain(sheet["A4"].value), sheet.title
        assert sheet.freeze_panes or sheet.title == text("workbook.sheet.notes"), sheet.title
    for sheet in values:
        assert all(cell.value is not None for cell in sheet["A"][:4]), sheet.title
    assert named(values, "plan_npv").value == pytest.approx(facts.case.outcome.npv.mid, rel=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_is_a_text_and_never_a_formula_or_a_link(language, files, books):
    book = books[language][0]
    assert book[Text(language)("workbook.sheet.panel")].cell(7, 2).value == HOSTILE[0]
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.hyperlink is None
            assert cell.data_type != "f" or ("cmd|" not in cell.value and "<script>" not in cell.value)
    assert not any("externalLink" in name for name in ZipFile(io.BytesIO(files[language])).namelist())


def test_forty_segments_keep_two_levels_and_add_up():
    evidence = evidence_of(40, months=12)
    facts = workbook_facts(evidence, default_scenario(evidence))
    assert sorted(facts.levels) == sorted({100.0, facts.cash.money.plan_percent})
    content = written(facts, "en")
    values = opened(content, data_only=True, read_only=True)
    assert len(content) < 2_000_000
    sheet = values[Text("en")("workbook.sheet.segments")]
    rows = [row for row in sheet.iter_rows(min_row=7, values_only=True) if row[0]]
    assert rows[40][9] == pytest.approx(sum(row[9] for row in rows[:40]), rel=1e-9)


def test_twenty_at_once_are_the_same_workbook(evidence):
    small = {"horizon_months": 12, "first_quarters_percent": (110.0,) * 5}  # a single level and horizon
    typed = replace(default_scenario(evidence), investment_level_percent=125.0, retention_uplift_pp=1.0, **small)
    facts = workbook_facts(evidence, typed)

    def sheets(language):
        with ZipFile(io.BytesIO(written(facts, language))) as parts:
            return [parts.read(name) for name in sorted(parts.namelist()) if name.startswith("xl/worksheets/sheet")]

    alone = {language: sheets(language) for language in LANGUAGES}
    asked = [LANGUAGES[place % 2] for place in range(20)]
    with ThreadPoolExecutor(20) as several:
        assert all(made == alone[language] for language, made in zip(asked, several.map(sheets, asked), strict=True))


def test_with_a_password_it_opens_for_who_has_it(facts):
    locked = msoffcrypto.OfficeFile(io.BytesIO(office_locked(written(facts, "en"), "طريق 7")))
    with pytest.raises(InvalidKeyError):
        locked.load_key(password="other", verify_password=True)
    locked.load_key(password="طريق 7", verify_password=True)
    locked.decrypt(out := io.BytesIO())
    assert named(opened(out.getvalue(), data_only=True), "plan_npv").value


def test_the_ledger_s_sums_are_formulas_over_their_parts_to_the_cent(facts):
    counted = (
        Counted(
            counts="cx", amount=Decimal("150.30"), lines=2, names=(("=App", Decimal("100.20")), ("", Decimal("50.10")))
        ),
        Counted(counts="not_cx", amount=Decimal("9.70"), lines=1, names=(("Rent", Decimal("9.70")),)),
        Counted(counts="acquisition", amount=Decimal(0), lines=0, names=()),
    )
    source = LedgerSource(
        file="@a.xlsx",
        sheet="1",
        rows_read=3,
        rows=3,
        rejected=0,
        skipped=0,
        amount=Decimal("160.00"),
        total=None,
        why="",
        rates="",
        says_itself=True,
        rules=(),
    )
    total = Decimal("160.00")
    ledger = CostBook(
        version=1,
        currency="SAR",
        first="2025-01",
        last="2025-02",
        lines=3,
        sources=(source,),
        loaded=total,
        written=total,
        ledger=total,
        counted=counted,
        converted=(),
        account=None,
        in_panel=None,
        sharing="customers",
        cx_part=None,
        refused=None,
    )
    content = written(replace(facts, book=ledger), "en")
    sheet = opened(content)[Text("en")("workbook.sheet.ledger")]
    values = opened(content, data_only=True)[sheet.title]
    sums = [cell for cell in sheet["F"] if cell.data_type == "f"]
    assert [values[cell.coordinate].value for cell in sums] == [160.0, 150.3, 150.3, 9.7]
    for cell in sums:
        parts = sheet[cell.value.removeprefix("=SUM(").removesuffix(")")]
        added = sum(values[part.coordinate].value for (part,) in (parts if isinstance(parts, tuple) else ((parts,),)))
        assert added == pytest.approx(values[cell.coordinate].value, abs=0.005)
        assert values.cell(cell.row, 7).value == Text("en")("workbook.ledger.met")
