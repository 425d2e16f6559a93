"""Customers, driven as a reader would, in both languages: the answer, every part, what is missing, and what it can be looked at by."""

import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.questions import open_version
from cxroi.questions.customer_months import ask_customer_months
from cxroi.questions.slice import Slice
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui.app.frame import page_path
from tests.made_customers import contracts, months, publish

ROOT = Path(__file__).parents[2]
EN = Text("en")
EVENTS = [
    {"what": "Tariff", "kind": "price", "happened_on": "2025-03-01", "segment": "Offices"},
    {"what": "Outage", "starts_on": "2025-01-10", "ends_on": "2025-02-02"},
]
LONG = "شركات الصيانة والتشغيل في المنطقة الشرقية والحدود الشمالية رقم {}"


@pytest.fixture(scope="module")
def companies(tmp_path_factory):
    folder, tables = tmp_path_factory.mktemp("customers"), contracts()
    kinds = {
        "contracts": tables,
        "orders": {"orders": tables["orders"]},
        "months": months(),
        "many": contracts(400, segments=[LONG.format(number) for number in range(40)]),
        "one": contracts(60, segments=("Homes",)),
        "named": {**contracts(60, segments=("Homes", "Offices")), "events": EVENTS},
        "nobody": {"surveys": [{"answered_on": "2025-01-05", "score": "9", "metric": "nps"}]},
    }
    return {name: publish(folder / name, **rows) for name, rows in kinds.items()}


@pytest.fixture
def customers(companies, monkeypatch):
    def opened(kind="contracts", language="en", **address):
        monkeypatch.setenv("CXROI_WORKSPACE", str(companies[kind]))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        for name, value in address.items():
            app.query_params[name] = value
        app.switch_page(page_path("customers")).run()
        assert not app.exception
        return app

    return opened


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


def in_address(app, name):
    value = app.query_params[name]
    return value[0] if isinstance(value, list) else value


def box(app, name):
    return app.selectbox(key=f"filter-{name}")


def answer_of(company, **of):
    with open_version(company) as data:
        return ask_customer_months(data, Slice(**of))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_answers_and_has_every_part(customers, companies, language):
    app, text = customers(language=language), Text(language)
    said, found = shown(app), answer_of(companies["contracts"])
    assert text("customers.question") in said and text.percent(found.now.annual_retention_rate.mid) in said
    for id in (
        "cohort.section",
        "worth.section",
        "winning.title",
        "points.famous",
        "revenue.gross",
        "revenue.net_means",
    ):
        assert text(f"customers.{id}") in said
    assert "25%" in said and "95%" in said  # the famous figure stands beside
    assert text("customers.winning.missing_spend") in [one.value for one in app.markdown]


@pytest.mark.parametrize("measure", ["net", "gross"])
def test_revenue_retention_is_a_choice_away_and_says_what_it_means(customers, measure):
    app = customers()
    app.segmented_control(key="cohort-measure").set_value(measure).run()
    assert not app.exception and EN(f"customers.cohort.definition_{measure}") in shown(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("months", ("customers.cohort.none_monthly", "customers.tenure.none")),
        ("orders", ("customers.tenure.none", "customers.winning.missing", "customers.winning.missing_spend")),
        ("nobody", ()),
    ],
)
def test_what_the_data_cannot_tell_is_said_with_the_way_to_what_would(customers, kind, missing, language):
    app, text = customers(kind, language), Text(language)
    told = [one.value for one in app.markdown]
    assert all(text(id) in told for id in missing)
    assert app.get("page_link")
    if kind == "orders":
        assert text("customers.cohort.definition_orders") in shown(app)
        assert text("customers.by_orders", window=text.months(1)) in shown(app)
    if kind == "nobody":
        assert text("customers.none") in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["one", "many"])
def test_one_segment_and_forty_with_long_names_are_both_laid_out(customers, kind, language):
    app = customers(kind, language)
    assert ("filter-segment" in {one.key for one in app.selectbox}) is (kind == "many")
    if kind == "many":
        name = LONG.format(7)
        box(app, "segment").set_value(name).run()
        assert not app.exception and name[:20] in shown(app)


@pytest.mark.parametrize(("language", "segment"), [("en", None), ("ar", "Homes")])
def test_named_events_are_told_with_both_charts_of_months_those_of_a_segment_where_it_is_shown(
    customers, language, segment
):
    said = shown(customers("named", language=language, **({"segment": segment} if segment else {})))
    marked = Text(language)("events.marked", events="~").split("~")[0]
    assert said.count(marked) == 2 and said.count("Outage") == 2
    assert said.count("Tariff") == (0 if segment else 2)


def test_a_segment_that_is_chosen_holds_for_every_part_and_on_the_next_page(customers, companies):
    app = customers()
    box(app, "segment").set_value("Homes").run()
    found = answer_of(companies["contracts"], segment="Homes")
    said = shown(app)
    assert f"Homes: {EN.percent(found.now.annual_retention_rate.mid)}" in said or "Homes: Customers" in said
    assert EN("customers.lead.active", **facts(found)) in said and in_address(app, "segment") == "Homes"
    app.switch_page(page_path("method")).run().switch_page(page_path("customers")).run()
    assert box(app, "segment").value == "Homes" and in_address(app, "segment") == "Homes" and shown(app) == said


def facts(found):
    inside = (found.months >= found.first) & (found.months <= found.last)
    ends = [EN.month(month.astype("datetime64[D]").item()) for month in (found.first, found.last)]
    return {
        "customers": EN.number(found.now.customers, 0),
        "last": ends[1],
        "period": EN("customers.period", first=ends[0], last=ends[1]),
        "joined": EN.number(float(found.joined[inside].sum()), 0),
        "lost": EN.number(float(found.lost[inside].sum()), 0),
    }


def test_the_last_months_are_a_choice_and_all_of_them_again(customers, companies):
    app = customers()
    before = shown(app)
    box(app, "period").set_value("6").run()
    found = answer_of(companies["contracts"], first=date(2025, 7, 1), last=date(2025, 12, 1))
    assert EN("customers.lead.active", **facts(found)) in shown(app) and in_address(app, "period") == "6"
    box(app, "period").set_value("").run()
    assert shown(app) == before and "period" not in app.query_params


def test_own_months_begin_with_what_was_shown_and_come_in_order_whichever_is_chosen_first(customers):
    app = customers(period="12")
    box(app, "period").set_value("own").run()
    assert (box(app, "period-first").value, box(app, "period-last").value) == (date(2025, 1, 1), date(2025, 12, 1))
    box(app, "period-last").set_value(date(2025, 6, 1)).run()
    assert in_address(app, "period") == "2025-01..2025-06"
    box(app, "period-first").set_value(date(2025, 9, 1)).run()
    assert in_address(app, "period") == "2025-06..2025-09"
    assert (box(app, "period-first").value, box(app, "period-last").value) == (date(2025, 6, 1), date(2025, 9, 1))
    assert "Jun 2025 to Sep 2025" in shown(app)


@pytest.mark.parametrize(
    ("name", "value", "language"),
    [
        ("segment", "Nowhere **bold**", "ar"),
        ("period", "0", "en"),
        ("period", "2025-13..2026-01", "ar"),
        ("period", "2025-06..2025-01", "en"),
        ("period", "1999-01..1999-03", "ar"),
        ("period", "٣", "en"),
    ],
)
def test_a_link_with_what_the_data_do_not_have_says_so_once_and_shows_everything(customers, name, value, language):
    app, text = customers("contracts", language, **{name: value}), Text(language)
    (told,) = [one.value for one in app.warning]
    assert told == text("ui.filter.unknown", what=text(f"ui.filter.{name}"), value=plain(value, 80))
    assert name not in app.query_params and box(app, name).value == ""
    assert not app.run().warning


def test_a_link_opens_on_what_it_says(customers, companies):
    app = customers(segment="Shops", period="2025-01..2025-06")
    found = answer_of(companies["contracts"], segment="Shops", first=date(2025, 1, 1), last=date(2025, 6, 1))
    assert EN("customers.lead.active", **facts(found)) in shown(app) and not app.warning
    assert (box(app, "segment").value, box(app, "period").value) == ("Shops", "own")


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_of_which_none_is_complete_are_refused_and_the_way_back_stays(customers, language):
    app, text = customers("orders", language, period="2024-01..2024-01"), Text(language)
    told = " ".join(one.value for one in app.markdown)
    assert "2025" in told and text("customers.no_month", first="", last="")[:25] in told
    assert text("customers.question") not in shown(app)
    box(app, "period").set_value("").run()
    assert not app.exception and text("customers.question") in shown(app)
