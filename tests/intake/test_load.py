"""From a file to canonical rows: every outcome, every reason to reject, every flag."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cxroi.text import LANGUAGES, Text
from cxroi.view.data.load_report import report_lines
from tests.intake.loading import load, load_sheets
from tests.intake.workbooks import xlsx

ORDERS = "customer_id,ordered_on,amount\n"
GOOD = "".join(f"C{i},2025-01-{i % 28 + 1:02d},10.50\n" for i in range(40))
COSTS = "period,amount,category,initiative\n"


def test_a_clean_file_loads_whole_with_its_exact_sum(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS + "".join(f"C{i},2025-01-02,0.10\n" for i in range(3000)))
    assert (loaded.report.outcome, loaded.report.rows_loaded) == ("loaded", 3000)
    assert loaded.report.totals == {"amount": "300.000"}


def test_ids_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    ids = ["000123", "NA", "NULL", "1e5", "9007199254740993", "TRUE"]
    loaded = load(tmp_path, ORDERS + "".join(f"{id},2025-01-02,1\n" for id in ids))
    assert [id for (id,) in loaded.rows("customer_id")] == sorted(ids)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C1,2025-01-02,n/a", "unreadable_number"),
        ("C1,2025-01-02,nan", "not_finite"),
        ("C1,2025-01-02,inf", "not_finite"),
        ("C1,2025-01-02,1e308", "absurd_amount"),
        ("C1,2025-01-02,1000000000000001", "absurd_amount"),
        ("C1,2025-01-02,", "missing"),
        ("C1,2025-01-02,TRUE", "unreadable_number"),
        ("C1,2025-02-30,5", "unreadable_date"),
        ("C1,soon,5", "unreadable_date"),
        ("C1,1989-12-31,5", "date_too_early"),
        ("C1,0001-01-01,5", "date_too_early"),
        ("C1,2027-12-01,5", "date_too_late"),
        ("C1,,5", "missing"),
        (",2025-01-02,5", "missing"),
        ("  ,2025-01-02,5", "missing"),
        ("C1,2025-01-02", "ragged"),
        ("C1,2025-01-02,5,6", "ragged"),
    ],
)
def test_a_bad_row_is_put_aside_with_its_row_number_and_the_rest_loads(tmp_path: Path, row: str, reason: str) -> None:
    loaded = load(tmp_path, ORDERS + GOOD + row + "\n" + GOOD)
    assert loaded.report.outcome == "loaded_with_rejects"
    assert (loaded.report.rows_loaded, loaded.reasons) == (80, [(42, reason)])


def test_a_row_with_two_faults_is_one_reject_that_says_so(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS + GOOD + "C1,soon,much\n")
    assert loaded.report.rows_rejected == 1
    assert loaded.report.rejects[0].facts["others"] == "1"


def test_more_than_the_allowed_share_of_rejects_asks_first(tmp_path: Path) -> None:
    content = ORDERS + GOOD + "C1,soon,1\n" * 4
    refused = load(tmp_path, content).report
    assert (refused.outcome, refused.message, refused.rows_rejected) == ("refused", "upload.too_many_rejects", 4)
    (tmp_path / "again").mkdir()
    assert load(tmp_path / "again", content, rejects_allowed_rate=0.2).report.rows_loaded == 40


def test_the_rejects_file_holds_the_original_rows_with_their_reasons(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS + GOOD + "C7,soon,1\n")
    text = (loaded.folder / str(loaded.report.rejects_file)).read_text(encoding="utf-8")
    assert text.splitlines() == [
        "cxroi_row,cxroi_column,cxroi_reason,customer_id,ordered_on,amount",
        "42,ordered_on,reject.unreadable_date?earliest=1990-01-01&latest=2027-11-21,C7,soon,1",
    ]


def test_a_corrected_rejects_file_loads(tmp_path: Path) -> None:
    fixed = "cxroi_row,cxroi_column,cxroi_reason,customer_id,ordered_on,amount\n42,ordered_on,no date,C7,2025-01-02,1\n"
    loaded = load(tmp_path, fixed)
    assert loaded.rows("customer_id, ordered_on, amount::VARCHAR") == [("C7", date(2025, 1, 2), "1.000")]
    assert "cxroi_row" not in loaded.report.mapping.values()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "upload.empty"),
        ("\n\n\n", "upload.empty"),
        ("\ufeff", "upload.empty"),
        (ORDERS, "upload.header_only"),
        ("colour,size\nred,3\n", "upload.not_recognised"),
        ("customer_id,amount,amount\nA,1,2\n", "reader.duplicate_heading"),
        (ORDERS + "C1,soon,much\n", "upload.nothing_left"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(tmp_path: Path, content: str, message: str) -> None:
    report = load(tmp_path, content).report
    assert (report.outcome, report.message, report.parquet) == ("refused", message, None)


def test_a_missing_required_column_names_what_is_there(tmp_path: Path) -> None:
    report = load(tmp_path, "customer_id,colour\nA,red\n", table="orders").report
    assert report.message == "upload.missing_column"
    assert report.facts["missing"] == "ordered_on, amount"
    assert report.facts["found"] == "customer_id, colour"


@pytest.mark.parametrize(
    ("content", "request_", "mapping", "unused"),
    [
        ("customer_id,colour\nA,red\n", {"table": "orders"}, {"customer_id": "customer_id"}, ["colour"]),
        ("colour,customer_id\nred,A\n", {}, {"customer_id": "customer_id"}, ["colour"]),
        (COSTS + "2025-01,1,people,a\n", {"rates": (("USD", "much"),), "currency": "SAR"}, None, []),
        (ORDERS + GOOD, {"mapping": (("amount", "price"),)}, {"customer_id": "customer_id"}, []),
    ],
)
def test_a_refusal_shows_every_column_and_where_it_would_go(
    tmp_path: Path, content: str, request_: dict[str, Any], mapping: dict[str, str] | None, unused: list[str]
) -> None:
    report = load(tmp_path, content, **request_).report
    assert [column.heading for column in report.columns] == content.splitlines()[0].split(",")
    assert report.columns[0].before[0] == content.splitlines()[1].split(",")[0]
    assert mapping is None or mapping.items() <= report.mapping.items()
    assert [column.heading for column in report.columns if column.target is None] == unused


def test_a_mapping_overrides_recognition_and_an_empty_one_leaves_a_column_out(tmp_path: Path) -> None:
    content = "who,when,how much,channel\nA,2025-01-02,5,web\n"
    mapping = (("customer_id", "who"), ("ordered_on", "when"), ("amount", "how much"), ("channel", ""))
    loaded = load(tmp_path, content, table="orders", mapping=mapping)
    assert loaded.rows("customer_id, amount::VARCHAR, channel") == [("A", "5.000", None)]


def test_a_mapping_to_what_is_not_there_is_refused(tmp_path: Path) -> None:
    content = ORDERS + GOOD
    assert load(tmp_path, content, mapping=(("amount", "price"),)).report.message == "upload.no_such_heading"
    (tmp_path / "b").mkdir()
    assert load(tmp_path / "b", content, mapping=(("colour", "amount"),)).report.message == "upload.no_such_column"


def test_arabic_headings_months_digits_and_categories_are_at_home(tmp_path: Path) -> None:
    content = "الشهر,المبلغ (ريال),الفئة,المبادرة\nديسمبر 2024,١٬٢٣٤٫٥,تدريب,أ\nيناير 2025,SAR 200,رواتب,ب\n"
    loaded = load(tmp_path, content)
    assert loaded.report.table == "costs" and loaded.report.currency == "SAR"
    assert loaded.rows("period, amount::VARCHAR, category, initiative") == [
        (date(2024, 12, 1), "1234.500", "training", "أ"),
        (date(2025, 1, 1), "200.000", "people", "ب"),
    ]


def test_one_row_a_key_keeps_the_first_and_puts_the_others_aside(tmp_path: Path) -> None:
    content = (
        "customer_id,joined_on,left_on,segment\n"
        + "".join(f"C{i},2024-01-01,,A\n" for i in range(40))
        + "C7,2024-02-02,,B\n"
    )
    loaded = load(tmp_path, content)
    assert loaded.reasons == [(42, "duplicate_key")]
    assert (("C7", "A")) in loaded.rows("customer_id, segment")


def test_an_order_may_have_many_lines(tmp_path: Path) -> None:
    content = "customer_id,order_id,ordered_on,amount\nA,1,2025-01-02,5\nA,1,2025-01-02,5\n"
    assert load(tmp_path, content).report.rows_loaded == 2


def test_months_of_tenure_need_the_day_they_were_counted(tmp_path: Path) -> None:
    content = "customer_id,tenure,left_on\nA,12,\nB,3,\n"
    assert "as_of_unclear" in load(tmp_path, content).findings
    (tmp_path / "b").mkdir()
    joined = load(tmp_path / "b", content, as_of="2025-12-31").rows("customer_id, joined_on")
    assert joined == [("A", date(2024, 12, 31)), ("B", date(2025, 9, 30))]


def test_scores_find_their_scale_and_a_stray_is_outside_it(tmp_path: Path) -> None:
    rows = "".join(f"2025-01-{i % 28 + 1:02d},csat,{i % 5 + 1}\n" for i in range(40))
    loaded = load(tmp_path, "answered_on,metric,score\n" + rows + "2025-01-05,csat,55\n")
    assert loaded.reasons == [(42, "outside_scale")]
    assert loaded.report.rejects[0].facts["scale"] == "csat 1-5"
    assert loaded.rows("DISTINCT scale_max") == [(5.0,)]


def test_scores_of_an_unnamed_metric_are_asked_about(tmp_path: Path) -> None:
    content = "answered_on,score,customer_id\n2025-01-02,9,A\n2025-01-03,0,B\n"
    assert "metric_unclear" in load(tmp_path, content).findings
    (tmp_path / "b").mkdir()
    assert load(tmp_path / "b", content, metric="nps").rows("DISTINCT metric, scale_max") == [("nps", 10.0)]


def test_counts_are_whole_and_not_negative(tmp_path: Path) -> None:
    head = "month,customers_at_start,customers_lost,cx_spend,revenue\n"
    good = "".join(f"{2020 + m // 12}-{m % 12 + 1:02d},100,5,1000,20000\n" for m in range(40))
    loaded = load(tmp_path, head + good + "2024-01,2.5,5,1,1\n2024-02,100,-5,1,1\n")
    assert loaded.reasons == [(42, "not_whole"), (43, "negative_count")]


def test_negative_amounts_load_and_are_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS + GOOD + "C1,2025-01-05,-20\n")
    finding = next(f for f in loaded.report.findings if f.id == "finding.negative_amounts")
    assert finding.facts == {"column": "amount", "count": "1", "total": "-20.000"}


def test_a_month_without_rows_and_a_sudden_level_are_said(tmp_path: Path) -> None:
    months = [m for m in range(1, 13) if m != 4]
    rows = "".join(f"2025-{m:02d},{1000 if m != 9 else 9000},other,x\n" for m in months)
    loaded = load(tmp_path, COSTS + rows)
    facts = {f.id: f.facts for f in loaded.report.findings}
    assert facts["finding.months_missing"]["months"] == "2025-04"
    assert facts["finding.level_change"]["month"] == "2025-09"


def test_more_than_three_decimals_are_rounded_and_said(tmp_path: Path) -> None:
    loaded = load(tmp_path, ORDERS + "A,2025-01-02,1.23456\nB,2025-01-02,2.5\n")
    assert loaded.report.totals == {"amount": "3.735"}
    assert "rounded" in loaded.findings
    (said,) = [f for f in loaded.report.findings if f.id == "finding.rounded"]
    assert said.facts["effect"] == "0.00044"  # 1.235 for 1.23456


def test_rounding_is_said_of_the_rows_that_were_loaded(tmp_path: Path) -> None:
    content = ORDERS + "A,2025-01-02,1.23456\nB,2025-01-02,2.5\n,2025-01-02,8.88888\n"
    report = load(tmp_path, content, rejects_allowed_rate=1.0).report
    (said,) = [f for f in report.findings if f.id == "finding.rounded"]
    assert (report.rows_rejected, said.facts["count"], said.facts["effect"]) == (1, "1", "0.00044")


def test_a_control_total_is_met_to_the_cent_or_nothing_becomes_current(tmp_path: Path) -> None:
    content = COSTS + "2025-01,100.10,people,a\n2025-02,200.20,people,a\n"
    met = load(tmp_path, content, control_total="300.30")
    assert met.report.outcome == "loaded" and "total_met" in met.findings
    (tmp_path / "b").mkdir()
    missed = load(tmp_path / "b", content, control_total="300.31").report
    assert (missed.outcome, missed.message) == ("refused", "upload.control_total")
    assert missed.facts["difference"] == "-0.010"
    (tmp_path / "c").mkdir()
    explained = load(tmp_path / "c", content, control_total="300.31", difference_explained="one cent of rounding")
    assert explained.report.outcome == "loaded" and "difference_explained" in explained.findings


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheets", [1, 2])
def test_where_nothing_says_in_which_currency_to_count_the_question_says_so(
    tmp_path: Path, language: str, sheets: int
) -> None:
    head = ["customer_id", "ordered_on", "amount"]
    one, other = [["A", "2025-01-02", "SAR 10"]], [["B", "2025-01-03", "EUR 20"]]
    pages = {"a": [head, *one, *other]} if sheets == 1 else {"a": [head, *one], "b": [head, *other]}
    report = load_sheets(tmp_path, xlsx(pages), sheet="all", table="orders")[0]
    (asked,) = [f for f in report.findings if f.severity == "question"]
    assert asked.id == "finding.currencies_mixed" and asked.facts["base"] == ""
    told = report_lines(report, Text(language))
    assert any(Text(language).listed(["EUR", "SAR"]) in line for line in told) and not any("?" in line for line in told)


def test_two_currencies_wait_for_a_rate_and_are_then_one(tmp_path: Path) -> None:
    content = "period,amount,currency\n2025-01,100,SAR\n2025-01,10,USD\n"
    assert "currencies_mixed" in load(tmp_path, content).findings
    (tmp_path / "b").mkdir()
    loaded = load(tmp_path / "b", content, currency="SAR", rates=(("USD", "3.75"),))
    assert loaded.rows("amount::VARCHAR, currency") == [("100.000", "SAR"), ("37.500", "SAR")]
    assert loaded.report.currency == "SAR"


def test_rules_choose_the_customer_experience_lines_of_a_whole_ledger(tmp_path: Path) -> None:
    content = "period,amount,account name,note\n2025-01,1,Training,CX academy\n2025-01,2,Rent,Head office\n"
    rules = (("note", "head office", "not_cx"), ("note", "cx", "cx"))
    assert load(tmp_path, content, ledger_rules=rules).rows("amount::INT, is_cx") == [(1, True), (2, False)]


def test_a_line_keeps_its_account_whose_words_choose_a_category_where_no_column_does(tmp_path: Path) -> None:
    lines = "2025-01,1,6410 Training,yes\n2025-01,2,Customer acquisition,yes\n2025-01,3,,no\n"
    loaded = load(tmp_path, "period,amount,account,is cx\n" + lines)
    assert loaded.rows("account, category, is_cx") == [
        ("6410 Training", "training", True),
        ("Customer acquisition", "acquisition", False),
        (None, None, False),
    ]
    assert loaded.report.mapping["account"] == "account" and "category" not in loaded.report.mapping


def test_every_line_is_customer_experience_without_rules(tmp_path: Path) -> None:
    assert load(tmp_path, COSTS + "2025-01,1,people,a\n").rows("is_cx, one_off") == [(True, False)]


@pytest.mark.parametrize(
    ("words", "category"),
    [
        *((words, "acquisition") for words in ("acquisition", "Customer Acquisition", "new-customer acquisition", "lead generation")),
        *((words, "acquisition") for words in ("Acquisition marketing", "اكتساب العملاء", "استقطاب عملاء جدد", "الاستحواذ على العملاء")),
        *((words, "people") for words in ("talent acquisition staff", "استقطاب الموظفين")),
        *((words, "other") for words in ("data acquisition", "Acquisition of Rival Ltd")),
        ("Marketing agency", "agency"),
    ],
)  # fmt: skip
def test_a_line_that_wins_customers_is_told_by_the_words_of_its_category(
    tmp_path: Path, words: str, category: str
) -> None:
    assert load(tmp_path, COSTS + f"2025-01,1,{words},a\n").rows("category") == [(category,)]


def test_lines_that_win_customers_are_counted_and_said_not_to_be_cx_spend(tmp_path: Path) -> None:
    content = (
        COSTS + "2025-01,1,people,a\n2025-01,40.5,acquisition,b\n2025-02,2,Customer acquisition,c\n2025-02,7,people,x\n"
    )
    loaded = load(tmp_path, content, ledger_rules=(("initiative", "x", "not_cx"),))
    (told,) = [f for f in loaded.report.findings if f.id == "finding.acquisition_lines"]
    assert (told.facts["count"], float(told.facts["amount"])) == ("2", 42.5)
    assert loaded.rows("amount::VARCHAR, is_cx", "amount") == [
        ("1.000", True), ("2.000", False), ("7.000", False), ("40.500", False)
    ]  # fmt: skip


def test_a_rule_may_say_which_lines_win_customers(tmp_path: Path) -> None:
    content = "period,amount,note\n2025-01,1,Care desk\n2025-01,20,Google Ads\n2025-02,30,Ads care\n2025-02,4,Rent\n"
    rules = (("note", "ads", "acquisition"), ("note", "care", "cx"))
    loaded = load(tmp_path, content, ledger_rules=rules)
    assert loaded.rows("amount::INT, is_cx, category") == [
        (1, True, None), (4, False, None), (20, False, "acquisition"), (30, False, "acquisition")
    ]  # fmt: skip
    by_words = {f.facts.get("contains"): f for f in loaded.report.findings if f.id.startswith("finding.rule.")}
    assert (by_words["ads"].id, float(by_words["ads"].facts["amount"])) == ("finding.rule.acquisition", 50)
    assert (by_words["care"].facts["lines"], by_words[None].facts["lines"]) == ("1", "1")
    (told,) = [f for f in loaded.report.findings if f.id == "finding.acquisition_lines"]
    assert told.facts["count"] == "2"


def test_a_monthly_file_may_tell_what_was_spent_on_winning_customers(tmp_path: Path) -> None:
    english = (
        "month,customers_at_start,customers_lost,revenue,cx_spend,Customer acquisition spend\n2025-01,10,1,90,5,7.25\n"
    )
    loaded = load(tmp_path, english)
    assert loaded.report.table == "monthly" and loaded.rows("acquisition_spend::VARCHAR") == [("7.250",)]
    arabic = "الشهر,العملاء في بداية الشهر,العملاء المغادرون,الإيراد,الإنفاق على تجربة العملاء,الإنفاق على اكتساب العملاء\n2025-01,10,1,90,5,7.25\n"
    (tmp_path / "ar").mkdir()
    assert load(tmp_path / "ar", arabic).rows("acquisition_spend::VARCHAR, cx_spend::INT") == [("7.250", 5)]


def test_a_budget_may_lie_ahead_and_have_no_actual_yet(tmp_path: Path) -> None:
    content = "period,amount,budget\n2025-01,90,100\n2029-01,,120\n"
    rows = load(tmp_path, content).rows("period, amount::INT, budget_amount::INT")
    assert rows == [(date(2025, 1, 1), 90, 100), (date(2029, 1, 1), 0, 120)]


def test_a_dash_or_not_available_is_nothing_where_nothing_is_needed(tmp_path: Path) -> None:
    content = "customer_id,ordered_on,amount,discount\nA,2025-01-02,5,-\nB,2025-01-02,5,n/a\n"
    assert load(tmp_path, content).rows("discount") == [(None,), (None,)]


def test_amounts_are_computed_from_quantity_and_price_and_it_is_said(tmp_path: Path) -> None:
    content = "InvoiceNo,Quantity,InvoiceDate,UnitPrice,CustomerID\n536365,6,2010-12-01,2.55,17850\n536366,2,2010-12-01,1.1,13047\n"
    loaded = load(tmp_path, content)
    assert loaded.report.table == "orders" and "amount_computed" in loaded.findings
    assert loaded.rows("customer_id, amount::VARCHAR") == [("13047", "2.200"), ("17850", "15.300")]


def test_a_date_in_the_name_of_a_column_does_not_make_it_a_table(tmp_path: Path) -> None:
    content = "household_id,coupon_upc,campaign_id,redemption_date\n1,2,3,2025-01-02\n"
    assert load(tmp_path, content).report.message == "upload.not_sure"


def test_every_rule_says_how_many_lines_and_how_much_money_it_chooses(tmp_path):
    rows = ["2025-01,100,Care desk", "2025-01,20.50,care team", "2025-02,7,Rent", "2025-02,3,Other", "x,9,Care"]
    content = "\n".join(["period,amount,note", *rows])
    rules = (("note", "CARE", "cx"), ("note", "rent", "not_cx"), ("note", "o'brien", "cx"))
    report = load(tmp_path, content, table="costs", ledger_rules=rules, rejects_allowed_rate=1.0).report
    told = {f.id.removeprefix("finding.rule."): f.facts for f in report.findings if f.id.startswith("finding.rule.")}
    by_words = {f.facts.get("contains"): f.facts for f in report.findings if f.id.startswith("finding.rule.")}
    assert (by_words["CARE"]["lines"], float(by_words["CARE"]["amount"])) == ("2", 120.5)
    assert (by_words["rent"]["lines"], by_words["o'brien"]["lines"]) == ("1", "0")
    assert (told["rest_not_cx"]["lines"], float(told["rest_not_cx"]["amount"])) == ("1", 3)
    assert sum(int(facts["lines"]) for facts in by_words.values()) == report.rows_loaded == 4
