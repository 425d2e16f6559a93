"""Kept scenarios in words: which is worth most only where that can be said, what moved under one, and what two assume otherwise."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cxroi.export.chart_table import table_csv
from cxroi.model.kept_scenario import MARKS, REASONS, Revision, SavedScenario
from cxroi.questions.scenarios import WorthBeside, moved_since
from cxroi.text import LANGUAGES, Text
from cxroi.view.data.trail import change_words
from cxroi.view.decide.kept_scenarios import kept_answer, kept_row, line_of_worth, standing_signs
from cxroi.view.decide.scenario_comparison import Compared, change_sentences, comparison, comparison_table
from tests.actions.test_scenarios import kept
from tests.made_case import interval

EN = Text("en")


def saved(name="Board plan", id="0000000a", of=None, **changes):
    one = kept(name) if of is None else of
    one = replace(one, scenario=replace(one.scenario, **changes))
    return SavedScenario(
        id=id, last=Revision(number=1, at=datetime(2026, 3, 4, 15, 6, tzinfo=UTC), who="", why="saved", kept=one)
    )


def worth(one, **changes):
    return replace(one, last=replace(one.last, kept=replace(one.kept, figures=replace(one.kept.figures, **changes))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_finding_names_the_one_that_is_worth_most_and_none_where_worths_cannot_be_compared(language):
    text = Text(language)
    best = worth(saved("Best (2)"), npv=interval(1e6, 9e6, 20e6))
    answer = kept_answer([saved("Other"), best], {}, text)
    assert "Best (2)" in answer.finding and not answer.caution
    later = worth(best, horizon_months=60)
    answer = kept_answer([saved("Other"), later], {}, text)
    assert answer.finding == text("scenarios.count", count=2) and answer.caution == text("scenarios.incomparable")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("basis", "id"),
    [
        ({"version": "000002-bb", "rates": "x"}, "version"),
        ({"version": "000001-bb", "rates": "x"}, "rewritten"),
        ({"version": "000001-aa", "rates": "y"}, "settings"),
    ],
)
def test_what_moved_under_a_scenario_is_named(language, basis, id):
    text, one = Text(language), saved()
    ((look, words),) = standing_signs(one, moved_since(one, basis), text)
    assert look == "stale"
    assert words == text(f"scenarios.moved.{id}", version="1", settings=text("scenarios.moved.setting.rates"))
    assert moved_since(one, {"version": "000001-aa", "rates": "x", "new": "z"}) == ()


def test_a_row_without_figures_says_so_and_draws_none():
    one = saved(of=replace(kept(), figures=None))
    row = kept_row(one, {one.id: moved_since(one, {})}, line_of_worth([one]), EN)
    assert (row.worth, row.bar, row.call) == ("", None, "") and row.signs[0][0] == "stale"
    assert EN("scenarios.somebody") in row.saved


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_assumption_that_differs_is_told_in_words_with_its_unit(language):
    text, base = Text(language), saved()
    other = saved(
        horizon_months=48,
        annual_discount_rate=0.125,
        one_off_cost=250_000.0,
        contribution_margin_rate=0.4,
        investment_level_percent=None,
        first_quarters_percent=(),
        currency="USD",
    )
    told = change_sentences(base, other, text)
    assert len(told) == 7
    assert text.months(48) in " ".join(told) and text("page.method.register.free") in " ".join(told)
    assert change_sentences(base, base, text) == []


def test_differences_are_those_of_the_base_and_money_of_two_currencies_is_never_subtracted():
    base, other = Compared(saved=saved(), figures=kept().figures), worth(saved("Other", "0000000b"), roi=None)
    more = WorthBeside(more=interval(-1e6, 1e6, 3e6), probability=0.8)
    view = comparison([base, Compared(saved=other, figures=other.kept.figures, more=more)], EN, as_kept=False)
    rows = dict(view.figures)
    assert rows[EN("scenarios.figure.npv")][0].change == ""
    assert "80%" in rows[EN("scenarios.figure.npv")][1].change and "+" in rows[EN("scenarios.figure.npv")][1].change
    assert (
        rows[EN("scenarios.figure.roi")][1].value == EN("report.none")
        and not rows[EN("scenarios.figure.roi")][1].change
    )
    foreign = worth(saved("Third"), currency="USD", npv=interval(0, 1, 2))
    view = comparison([base, Compared(saved=foreign, figures=foreign.kept.figures)], EN, as_kept=True)
    assert (
        dict(view.figures)[EN("scenarios.figure.npv")][1].change == ""
        and EN("scenarios.compare.note_currencies") in view.notes
    )


def test_the_csv_has_a_row_a_scenario_and_nothing_live_in_it():
    told = [
        Compared(saved=saved("=cmd|' /C calc'!A0"), figures=kept().figures),
        Compared(saved=saved("x", currency="USD"), figures=None),
    ]
    lines = table_csv(comparison_table(told, EN)).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[1].startswith("'=cmd") and "nan" not in lines[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_save_and_every_mark_is_worded_in_history_and_trail(language):
    text = Text(language)
    for what in (*REASONS, *MARKS):
        assert (
            text(f"scenarios.history.done.{what.replace(' ', '_')}") and change_words(f"scenario {what}", text) != what
        )
