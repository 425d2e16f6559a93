import re
from dataclasses import replace
from datetime import datetime

import pytest

from cxroi.errors import ModelError
from cxroi.model.assumption import Grade
from cxroi.model.scenario import Scenario
from cxroi.store.panel.counts import Note
from cxroi.store.state.records import AuditEntry
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import shown
from cxroi.text.wording import catalogue
from cxroi.view.market_benchmarks import parse_benchmarks, read_benchmarks
from cxroi.view.share.formulas import FORMULAS, GROUPS
from cxroi.view.share.method import WORDS, in_use_of, method, register_in_use
from tests.made_case import made_case


@pytest.fixture(params=LANGUAGES)
def view(request):
    return method(register_in_use(), Text(request.param))


def test_every_formula_is_numbered_in_order_and_has_a_meaning_and_a_source(view):
    rows = [row for group in view.formulas for row in group.rows]
    assert [row.title.split()[0] for row in rows] == [f"{n}." for n in range(1, len(FORMULAS) + 1)]
    assert all(row.meaning and row.source and row.latex for row in rows)


def test_every_formula_belongs_to_a_group_and_its_braces_balance():
    for formula in FORMULAS:
        assert formula.group in GROUPS
        assert formula.latex.count("{") == formula.latex.count("}")
        assert formula.latex.count(r"\left") == formula.latex.count(r"\right")


def test_every_assumption_shows_value_range_grade_and_source(view):
    for table in (view.plan, view.priors, view.certainty):
        for row in table.rows:
            assert len(row) == len(table.headings) and all(row)
            assert row[3] in {grade.value for grade in Grade}


def test_a_rate_is_shown_as_percent_in_the_readers_words():
    rows = {row[0].split(" — ")[0]: row for row in method(register_in_use(), Text("en")).plan.rows}
    assert rows["Discount rate"][1] == "10% a year"
    assert rows["Horizon"][1] == "36 months"
    assert rows["Horizon"][2] == "1 month to 120 months"


def test_no_benchmark_is_better_evidence_than_e_and_each_has_a_warning(view):
    assert all(benchmark.grade >= Grade.BENCHMARK for benchmark in read_benchmarks())
    assert len(view.benchmarks.rows) == len(read_benchmarks()) >= 25
    assert all(all(row) for row in view.benchmarks.rows)


def test_a_benchmark_without_a_source_or_better_than_e_does_not_load():
    whole = {
        "low": 1,
        "high": 2,
        "unit": "percent",
        "kind": "opinion",
        "source": "A (2020)",
        "year": 2020,
        "grade": "E",
    }
    assert parse_benchmarks({"x": whole})[0].source == "A (2020)"
    for damage in ({"source": ""}, {"grade": "C"}, {"kind": "rumour"}, {"year": None}):
        with pytest.raises(ModelError):
            parse_benchmarks({"x": {**whole, **damage}})


def test_the_thresholds_of_the_checks_are_those_in_use(view):
    shown = method(register_in_use(), Text("en")).health.rows
    said = {name: ends for name, _, *ends in shown}
    assert said["Enough months"] == ["12 months or more", "below 6 months"]
    assert said["Churn is regular"] == ["15% or less", "above 40%"]
    assert said["Today lies inside what was tried"] == ["5% or more", "never; it asks you to look"]
    assert "4 times" in said["Today is a usual year"][0] and "25%" in said["Today is a usual year"][1]
    assert len(view.health.rows) == len(shown) and all(all(row) for row in view.health.rows)


def test_the_thresholds_of_the_verdict_are_those_in_use():
    said = " ".join(row[0] for row in method(register_in_use(), Text("en")).rule.rows)
    assert (
        "above today's with a probability of at least 80%" in said
        and "below today's with a probability of at least 80%" in said
    )
    assert "at most 20%" in said and "15%" in said and "2%" in said


def test_every_cell_is_shown_as_it_is_worded(view):
    tables = (view.health, view.plan, view.priors, view.channels, view.certainty, view.swings)
    for table in (*tables, view.grades, view.benchmarks, view.references, view.glossary):
        assert all(shown(cell, 5_000) == cell for row in table.rows for cell in row), table.id


def test_who_gave_an_assumption_and_when_follows_from_the_scenario_the_data_and_the_trail():
    scenario = Scenario(annual_discount_rate=0.12)
    case = replace(made_case(), asked=scenario, assumptions=register_in_use().assumptions)
    case = replace(case, notes=(Note(id="store.note.margin_said", facts={"share": 0.6}),))
    trail = [line(1, "huda", margin_rate=0.5), line(2, "omar", margin_rate=0.6), line(3, "lina", margin_rate=None)]
    rows = {row[0].split(" — ")[0]: row for row in method(in_use_of(case, trail), Text("en")).plan.rows}
    assert rows["Discount rate"][4:] == (
        "Typed in. The default: Ten percent, the usual rate of a Total Economic Impact study (Forrester)",
        "now",
        "you, in this scenario",
    )
    assert rows["Contribution margin"][5:] == ("Nov 2026", "omar")
    assert rows["New customers"][5:] == (Text("en").month(case.panel.last_day), "your data")
    assert rows["What matters"][5:] == ("2026", "this project")


def line(id, who, **facts):
    return AuditEntry(id=id, at=datetime(2026, 11, id), who=who, what="money_said", facts=facts)


# How the pages say what each word of the glossary stands for; what they say of these words must be in it.
SAID = {
    "churn": "churn", "retention": "retention|stay a year", "cx_spend": "CX|customer experience", "margin": "margin",
    "clv": "lifetime|worth", "npv": "net present value", "roi": "ROI|return", "marginal": "next unit|marginal",
    "over": "too much", "under": "too little", "payback": "pay(s|ed|ing)? ?back|paid back", "interval": "range|interval",
    "response": "curve", "carryover": "carries? over|carryover|ramp", "prior": "prior|posterior|predictive", "grade": "grade",
    "hurdle": "hurdle", "nps": "NPS|CSAT|CES", "cohort": "cohort", "revenue_kept": "gross|net revenue", "order_value": "order value",
    "serve": "cost to serve|serving", "tenure": "tenure", "segment": "segment", "promoters": "promoter|passive|detractor",
    "touchpoint": "touchpoint|journey stage", "impact": "impact", "first_time": "first time", "theme": "theme",
    "log_rank": "log-rank", "capex": "capital|one-off", "budget": "budget", "line": "line", "forecast": "forecast",
    "target": "target", "event": "event", "health_check": "health check", "about_right": "about right",
    "open": "not enough evidence", "horizon": "horizon", "discount": "discount", "irr": "internal rate", "overlap": "overlap",
    "materiality": "materiality", "break_even": "break.even", "safe_step": "safe step", "value_known": "knowing",
    "pilot": "pilot|placebo", "by_lot": "by lot|strata|randomised", "matched": "matched", "power": "power",
    "winner": "winner's curse", "draws": "draws", "median": "median", "tei": "TEI", "cx_level": "level of experience|pyramid",
}  # fmt: skip
# Terms of the field: where a page says one, the glossary must explain it.
FIELD = re.compile(
    r"\b(cohort|tenure|promoter|detractor|posterior|prior|log-rank|median|strata|placebo|randomised|winner's curse|hurdle|internal "
    r"rate|net present value|overlap|materiality|capital|carryover|break-even|touchpoint|journey stage|health check|draws)s?\b"
)
NO_PAGE = (
    "doctor.",
    "backup.",
    *(
        "cli",
        "page.method",
        "page.upload",
        "upload",
        "mapping",
        "mappings",
        "table",
        "column",
        "heading",
        "reject",
        "template",
    ),
    *(
        "store",
        "load",
        "text",
        "rules",
        "rates",
        "shares",
        "finding",
        "setting",
        "reader",
        "link",
        "money",
        "versions",
        "trail",
    ),
    *("assumption", "benchmark"),
)
FILES = {
    "CSV",
    "PNG",
    "SVG",
    "DATA",
    "SAMPLE",
    "HTML",
    "JSON",
    "TOML",
    "PDF",
    "MB",
    "UTC",
    "FILE",
    "NAME",
    *("SELECT", "WITH", "AS"),  # of a query
    "NPV",
    "IRR",
}


def said_on_pages():
    return [words for id, words in catalogue("en").items() if not id.startswith(NO_PAGE)]


def test_every_word_of_the_glossary_is_said_on_a_page():
    words = " ".join(said_on_pages())
    assert set(SAID) == set(WORDS)
    assert not [id for id, said in SAID.items() if not re.search(said, words, re.IGNORECASE)]


def test_every_term_and_every_abbreviation_of_the_pages_is_in_the_glossary():
    words = " ".join(said_on_pages())
    terms = {found[0] for found in FIELD.finditer(words)}
    explained = re.compile("|".join(SAID.values()), re.IGNORECASE)
    assert len(terms) > 15 and not [term for term in terms if not explained.search(term)]
    glossary = " ".join(" ".join(row) for row in method(register_in_use(), Text("en")).glossary.rows)
    abbreviations = set(re.findall(r"\b[A-Z]{2,6}\b", words)) - FILES
    assert abbreviations and not [one for one in abbreviations if one not in glossary]
