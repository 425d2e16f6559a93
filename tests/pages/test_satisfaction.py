"""Satisfaction, driven as a reader would: a period, a segment, a metric, what managers think, and data that lack parts."""

import json
import re
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cxroi.cli import main
from cxroi.questions.data import open_version
from cxroi.questions.reads import queries_behind
from cxroi.questions.satisfaction import ask_drivers, ask_scores, ask_themes
from cxroi.questions.slice import Slice, ask_choosable
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.ui.app import asked
from cxroi.ui.app.frame import page_path
from cxroi.view.decide.touchpoints import touchpoint_view
from cxroi.view.understand.scores import score_view
from tests.json_schemas import fits
from tests.made_customers import publish, with_a_tiny_segment
from tests.questions.test_staff import ESTIMATES, made
from tests.sample_place import sample_place
from tests.store.tables import parquet

ROOT = Path(__file__).parents[2]
EN = Text("en")
SCORES = "cxroi.questions.satisfaction:ask_scores"


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return sample_place(tmp_path_factory)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("tiny") / "w", **with_a_tiny_segment())


@pytest.fixture
def opened(monkeypatch):
    def open_page(workspace, language="en", **address):
        monkeypatch.setenv("CXROI_WORKSPACE", str(workspace))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        app.switch_page(page_path("satisfaction"))
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        return app

    return open_page


def sent(app, name):
    """Return what stands in the address, "" for nothing; a page and a test write it as a text or as a list of one."""
    value = app.query_params.get(name, "")
    return value[0] if isinstance(value, list) else value


def published(folder, **tables):
    workspace = Workspace.open(folder)
    staged = {name: parquet(workspace.quarantine() / f"{name}.parquet", name, rows) for name, rows in tables.items()}
    workspace.publish(staged, sources={})
    return folder


def shown(app):
    body = " ".join(element.body for element in app.get("html"))
    return unescape(re.sub("<[^>]+>", " ", body)).replace("\xa0", " ")


@pytest.mark.parametrize(("role", "sees"), [("viewer", False), ("editor", True)])
def test_a_small_segment_is_shown_to_those_who_work_with_the_data_and_to_no_viewer(
    tiny, opened, monkeypatch, role, sees
):
    monkeypatch.setattr(asked, "current_role", lambda: role)
    of_tiny = opened(tiny, segment="Tiny")
    assert any("fewer than 10" in one.value for one in of_tiny.markdown) is not sees


def last_year(workspace):
    with open_version(workspace) as data:
        months = ask_choosable(data).months
        of = Slice(first=months[-12], last=months[-1])
        return of, ask_scores(data, of)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_what_the_question_says_of_the_period_in_the_address(opened, sample, language):
    app, text = opened(sample, language, period="12"), Text(language)
    of, found = last_year(sample)
    view, said = score_view(found, of, text), shown(app)
    assert view.finding in said
    assert all(figure.value in said and figure.change in said for figure in view.figures)
    for id in ("after.section", "service.section", "gap.section", "band.silent_unasked", "band.bad_2"):
        assert text(f"satisfaction.{id}") in said
    assert {text("satisfaction.drivers"), text("satisfaction.comments.fold")} <= {fold.label for fold in app.expander}


def test_a_segment_and_another_metric_change_the_figures_and_what_follows(opened, sample):
    app = opened(sample)
    before = shown(app)
    with open_version(sample) as data:
        segment = ask_choosable(data).segments[0]
    app.selectbox(key="filter-segment").set_value(segment).run()
    narrowed = shown(app)
    assert narrowed != before and sent(app, "segment") == segment
    app.segmented_control(key="pick-metric").set_value("ces").run()
    assert not app.exception and EN("satisfaction.band.ces_low") in shown(app)
    assert EN("satisfaction.band.nps_low") not in shown(app)
    app.segmented_control(key="pick-by").set_value("channel").run()
    assert (sent(app, "metric"), sent(app, "by")) == ("ces", "channel")
    again = opened(sample, metric="ces", by="channel")
    assert EN("satisfaction.band.ces_low") in shown(again)
    assert again.segmented_control(key="pick-by").value == "channel"


def test_managers_estimates_are_set_against_the_scores_kept_in_the_address_and_refused_beyond_the_scale(opened, sample):
    app = opened(sample)
    box = next(one for one in app.text_input if one.key.startswith("gap-nps-0"))
    box.set_value("١٠٠").run()
    assert EN("satisfaction.gap.high") in shown(app)
    written = sent(app, "m")
    assert written.startswith("nps:") and written.endswith("=100")
    again = opened(sample, m=written)
    assert EN("satisfaction.gap.high") in shown(again)
    for typed in ("101", "x"):
        box = next(one for one in app.text_input if one.key.startswith("gap-nps-0"))
        box.set_value(typed).run()
        assert len(app.warning) == 1 and sent(app, "m") == written
    box = next(one for one in app.text_input if one.key.startswith("gap-nps-0"))
    box.set_value("").run()
    assert not app.warning and not sent(app, "m") and EN("satisfaction.gap.high") not in shown(app)


def test_comments_are_read_when_somebody_looks_and_quotes_are_of_their_side(opened, sample):
    app = opened(sample)
    assert EN("satisfaction.comments.heading_unhappy") not in shown(app)
    app.session_state["comments"] = True
    app.run()
    with open_version(sample) as data:
        themes = ask_themes(data)
    said = shown(app)
    assert EN("satisfaction.comments.heading_unhappy") in said
    assert all(EN.listed(theme.words) in said for theme in themes.themes)


CONTACTS = [
    {
        "opened_on": f"2025-0{1 + n % 6}-05",
        "closed_on": f"2025-0{1 + n % 6}-0{6 + n % 3}",
        "channel": "Phone",
        "contact_id": str(n),
    }
    for n in range(40)
]
ANSWERS = [
    {"answered_on": f"2025-0{1 + n % 6}-05", "metric": "csat", "score": str(1 + n % 5), "scale_max": "5"}
    for n in range(60)
]


def test_without_surveys_the_way_to_them_is_offered_and_contacts_are_told_all_the_same(opened, tmp_path):
    app = opened(published(tmp_path / "w", contacts=CONTACTS))
    said = " ".join(one.value for one in app.markdown)
    assert EN("satisfaction.none") in said and EN("satisfaction.title") in {one.value for one in app.title}
    assert EN("satisfaction.service.title_days", days="2") in shown(app)


def test_answers_of_nobody_known_have_scores_and_say_what_is_missing_for_the_rest(opened, tmp_path):
    app = opened(published(tmp_path / "w", surveys=ANSWERS))
    said = " ".join(one.value for one in app.markdown)
    assert EN("satisfaction.figure.csat") in shown(app)
    assert EN("satisfaction.after.missing") in said and EN("satisfaction.service.none") in said
    assert not list(app.get("segmented_control"))
    assert not [one for one in app.text_input if one.key.startswith("gap")]


def test_months_without_an_answer_say_so_and_keep_the_filters(opened, tmp_path):
    app = opened(published(tmp_path / "w", surveys=ANSWERS, contacts=[{"opened_on": "2025-12-01"}]), period="1")
    assert EN("scores.none_here") in " ".join(one.value for one in app.markdown)
    assert app.selectbox(key="filter-period").value == "1"


def test_drivers_follow_the_filters_and_one_touchpoint_keeps_its_link_beside_the_others(opened, tmp_path):
    # Of two segments and two touchpoints; who is unhappy with the shop leaves more often.
    people = [
        {
            "customer_id": str(n),
            "joined_on": "2024-01-10",
            "left_on": "2025-07-20" if n == 598 else "2025-04-15" if n % 20 == 9 or (n % 10 < 4 and n % 2) else None,
            "segment": ("a", "b")[n % 4 > 1],
            "monthly_revenue": "100",
        }
        for n in range(600)
    ]
    answers = [
        {"customer_id": str(n), "answered_on": "2025-02-01", "metric": "csat", "score": score, "touchpoint": touchpoint}
        for n in range(600)
        for touchpoint, score in (("Shop", "2" if n % 10 < 4 else "5"), ("App", "2" if n % 3 else "5"))
    ]
    folder = published(tmp_path, customers=people, surveys=answers)
    with open_version(folder) as data:
        every, own = ask_drivers(data), ask_drivers(data, Slice(segment="a"))
        (shop,) = ask_drivers(data, Slice(touchpoint="Shop")).drivers
    assert [one.touchpoint for one in every.drivers] == ["Shop", "App"] and every.drivers[0].is_believed
    assert shop == every.drivers[0] and shop.beside == ("App",)
    assert own.answers == every.answers / 2
    app = opened(folder, segment="a")
    app.session_state["drivers"] = True
    app.run()
    assert touchpoint_view(own, EN, Slice(segment="a")).source in shown(app)


def test_how_a_figure_is_computed_opens_below_it(opened, sample):
    app = opened(sample, "ar")
    app.button(key="scores-how").click().run()
    assert not app.exception
    titles = [one.value for one in app.subheader]
    assert any(
        Text("ar")("page.method.formula.nps.title") in title and "/method?lang=ar#nps" in title for title in titles
    )
    assert {one.label for one in app.expander} >= set(queries_behind(SCORES))


@pytest.fixture(scope="module")
def with_staff(tmp_path_factory):
    return published(tmp_path_factory.mktemp("staff") / "w", **made(), estimates=ESTIMATES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_uploaded_estimates_and_staff_stand_on_the_page_and_what_is_typed_wins(opened, with_staff, language):
    app, text = opened(with_staff, language, staff="turnover"), Text(language)
    said = shown(app)
    assert text("satisfaction.gap.from_several", n="2", low="40", high="90") in said
    assert text("satisfaction.gap.lead_uploaded") in said and text("satisfaction.staff.section") in said
    assert (
        text(
            "satisfaction.staff.turnover_down",
            metric="NPS",
            when=text("satisfaction.staff.later", months=text.months(1)),
        )
        in said
    )
    assert text("satisfaction.staff.grade", grade="D") in said
    assert (
        text(
            "satisfaction.staff.replacement",
            **dict.fromkeys(("months", "leavers", "each", "cost", "tenth", "typed"), "~"),
        ).split("~")[-1]
        in said
    )
    next(one for one in app.text_input if one.label.strip("\u2068\u2069") == "App").set_value("-100").run()
    assert not app.exception and text("satisfaction.gap.typed_wins") in shown(app)
    assert text("satisfaction.gap.low") in shown(app)
    app.segmented_control(key="pick-staff").set_value("engagement").run()
    assert not app.exception and text(
        "satisfaction.staff.flat", metric="NPS", measure=text("satisfaction.staff.measure.engagement")
    ) in shown(app)


def test_without_a_table_of_staff_nothing_speaks_of_it(opened, tmp_path):
    assert EN("satisfaction.staff.section") not in shown(opened(published(tmp_path / "w", surveys=ANSWERS)))


def test_the_terminal_tells_estimates_and_staff_as_the_page_does_and_its_answer_fits_the_schema(with_staff, capsys):
    assert main(["scores", "--estimate", "App=-100", "--json", "--workspace", str(with_staff)]) == 0
    told = json.loads(capsys.readouterr().out)
    fits(told)
    by = {one["touchpoint"]: one for one in told["perception"]}
    assert (by["App"]["estimates_uploaded"], by["App"]["course"], by["Visit"]["estimates_uploaded"]) == (0, "low", 2)
    (staff,) = told["staff"]
    measures = {one["measure"]: one for one in staff["measures"]}
    assert measures["turnover"]["best_lag_months"] == 1 and measures["engagement"]["refused"] == "flat"
    assert float(staff["replacement"]["cost"]) == 1000 * staff["replacement"]["leavers"]
    assert main(["scores", "--workspace", str(with_staff)]) == 0
    words = capsys.readouterr().out
    assert EN("satisfaction.staff.grade", grade="D") in words and EN("satisfaction.gap.from_file").strip() in words
