"""The JSON of a baseline and of a business case: documented, exact, never NaN, the same keys in both languages."""

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.export.json.case import baseline_json, evaluation_json, verdict_json
from cxroi.export.json.values import exact_money
from cxroi.model.decision.verdict import Call
from cxroi.text import LANGUAGES, Text
from tests.made_case import made_case, made_verdict

REFERENCE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


def keys(value):
    if isinstance(value, dict):
        return {key: keys(inner) for key, inner in value.items()}
    return [keys(inner) for inner in value] if isinstance(value, list) else None


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_money_is_decimal_text_that_gives_the_amount_back(amount):
    written = exact_money(amount)
    assert re.fullmatch(r"-?\d+\.\d{2,6}", written)
    assert float(written) == pytest.approx(amount, abs=5.1e-7, rel=1e-15)
    assert written != "-0.00"


@pytest.mark.parametrize("amount", [None, math.nan, math.inf, -math.inf])
def test_money_that_is_not_there_is_null(amount):
    assert exact_money(amount) is None


def test_an_open_end_of_the_spend_range_is_null():
    verdict = replace(made_verdict(), spend_range=(1.5, math.inf))
    assert verdict_json(verdict, "SAR", Text("en"))["spend_range"] == {"low": "1.50", "high": None}


def test_a_case_is_strict_json_with_the_same_keys_in_both_languages():
    english, arabic = (evaluation_json(made_case(), Text(language)) for language in LANGUAGES)
    assert keys(english) == keys(arabic)
    assert json.loads(json.dumps(english, allow_nan=False)) == english
    assert english["verdict"]["sentence"] != arabic["verdict"]["sentence"]


@pytest.mark.parametrize("call", list(Call))
def test_every_call_is_one_of_the_four_documented_words(call):
    assert f"`{verdict_json(made_verdict(call), 'SAR', Text('en'))['call']}`" in REFERENCE


def test_every_field_is_documented():
    case = made_case()
    told = {**evaluation_json(case, Text("en")), **baseline_json(case.baseline)}
    fields = {*told, *told["outcome"], *told["verdict"], *told["health"][0], *told["segments"][0]}
    assert not {field for field in fields if not re.search(rf"[`{{ ]{field}[`,}} (]", REFERENCE)}


def test_the_whole_company_stands_last_in_a_baseline():
    segments = baseline_json(made_case().baseline)["segments"]
    assert [segment["segment"] for segment in segments][-1] == "all"
    assert segments[0]["contribution_margin_per_customer_month"] == "62.00"
    assert segments[0]["average_order_value"] is None
