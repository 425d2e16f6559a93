"""Two commands on the same data say the same, each thing once, and what is missing by its name."""

import json
from dataclasses import replace

import pytest

from cxroi.cli import main
from cxroi.model.value.tei import tei_summary
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.view.decide.report import tei_lines
from cxroi.view.figure import payback
from cxroi.view.share.computed import COMPUTED
from tests.json_schemas import fits
from tests.made_case import made_case
from tests.store.tables import parquet

TABLE = tei_summary(0, [100, 100, 100], [150, 250, 300], 0.1)


def publish(folder, **tables):
    workspace = Workspace.open(folder)
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    return workspace.folder


COSTS = [{"period": f"2024-{month:02d}-01", "amount": "1000"} for month in range(1, 13)]


def customers(*segments):
    """300 customers, in turn of these segments, of whom a third left in the course of a year."""
    dated = [
        {
            "customer_id": str(n),
            "joined_on": "2023-01-15",
            "left_on": f"2024-{1 + n % 12:02d}-20" if n % 3 == 0 else None,
            "monthly_revenue": "100",
        }
        for n in range(300)
    ]
    return [row | {"segment": segments[n % len(segments)]} for n, row in enumerate(dated)] if segments else dated


@pytest.fixture(scope="module")
def one_company(tmp_path_factory):
    """A company without segments and without variable cost, known by its list of customers."""
    return publish(tmp_path_factory.mktemp("company") / "w", customers=customers(), costs=COSTS)


def told(capsys, folder, *line, language="en"):
    code = main([*line, "--workspace", str(folder), "--language", language])
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_company_without_segments_stands_once_in_its_baseline(one_company, capsys, language):
    code, words = told(capsys, one_company, "baseline", language=language)
    assert code == 0
    assert words.count(Text(language)("segments.whole")) == 1


def test_the_baseline_of_segments_ends_with_the_whole_company(tmp_path, capsys):
    folder = publish(tmp_path / "w", customers=customers("Homes", "Offices"), costs=COSTS)
    _, words = told(capsys, folder, "baseline")
    lines = [line.split("  ")[0] for line in words.splitlines()]
    assert [name for name in lines if name in ("Homes", "Offices", "whole company")] == [
        "Homes",
        "Offices",
        "whole company",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_drivers_without_surveys_say_that_surveys_are_missing(one_company, capsys, language):
    code, words = told(capsys, one_company, "drivers", language=language)
    assert code == 1
    assert words.strip() == Text(language)("scores.none")


SURVEYS = {"customer_id": "3", "answered_on": "2024-02-01", "metric": "nps", "score": "9", "touchpoint": "shop"}


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({"touchpoint": None}, "drivers.unlinked"),
        ({"customer_id": "stranger"}, "drivers.unlinked"),
        ({"answered_on": "2024-09-20", "customer_id": "1"}, "drivers.too_late"),
    ],
)
def test_drivers_say_what_their_answers_lack(tmp_path, capsys, answer, missing):
    folder = publish(tmp_path / "w", customers=customers(), costs=COSTS, surveys=[SURVEYS | answer])
    code, words = told(capsys, folder, "drivers")
    assert code == 1
    assert words.strip() == Text("en")(missing, months=3)


def test_shares_for_a_segment_are_refused_where_no_segment_is_known(one_company, capsys):
    code, words = told(capsys, one_company, "shares", "--set", "Foo=1")
    assert code == 1
    assert words.strip() == Text("en")("segments.none", segment="Foo")
    assert json.loads(told(capsys, one_company, "shares", "--json")[1])["shares"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tei_table_shows_its_payback_beside_that_of_evaluate(language):
    text, case = Text(language), made_case()
    words = "\n".join(tei_lines(TABLE, case, text))
    assert payback(case, text) in words


def test_the_tei_table_says_where_evaluate_counts_what_it_does_not():
    text, case = Text("en"), made_case()
    after = replace(case, scenario=replace(case.scenario, residual_value_months=24))
    strict = replace(case, scenario=replace(case.scenario, residual_value_months=0))
    assert "differs a little" in "\n".join(tei_lines(TABLE, strict, text))
    words = "\n".join(tei_lines(TABLE, after, text))
    assert "24 months" in words and "differs a little" not in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", ["baseline", "value"])
def test_revenue_taken_as_margin_is_said_in_the_words_of_evaluate(one_company, capsys, command, language):
    _, words = told(capsys, one_company, command, language=language)
    assert Text(language)("health.margin_is_revenue.advice_review") in words


def test_the_tei_table_says_it_too_until_a_margin_is_given():
    text, case = Text("en"), made_case()
    revenue = replace(case, panel=replace(case.panel, margin_is_revenue=True))
    said = text("health.margin_is_revenue.advice_review")
    assert said in tei_lines(TABLE, revenue, text)
    assert said not in tei_lines(TABLE, case, text)
    given = replace(revenue, asked=replace(revenue.asked, contribution_margin_rate=0.3))
    assert said not in tei_lines(TABLE, given, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terminal_says_how_something_is_computed_as_the_page_does(one_company, capsys, language):
    text = Text(language)
    code, words = told(capsys, one_company, "method", "customer-worth", language=language)
    assert code == 0
    for id in COMPUTED["customer-worth"].formulas:
        assert text(f"page.method.formula.{id}.title") in words
    assert text("assumption.annual_discount_rate.label") in words and "customer_tenures" in words
    assert told(capsys, one_company, "method")[1].splitlines() == list(COMPUTED)
    code, words = told(capsys, one_company, "method", "nonsense", language=language)
    assert code == 2 and "nonsense" in words


def test_how_something_is_computed_fits_its_schema_with_data_and_without(one_company, tmp_path, capsys):
    for workspace, name in ((one_company, "board_curve"), (tmp_path, "tornado"), (tmp_path, None)):
        assert main(["method", *([name] if name else []), "--json", "--workspace", str(workspace)]) == 0
        fits(json.loads(capsys.readouterr().out))
