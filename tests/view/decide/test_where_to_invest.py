"""Where the money should go, in words: every finding, who gives and who gets, what holds money back, in both languages."""

from dataclasses import replace
from html import unescape

import numpy as np
import pytest

from cxroi.model.decision.allocation import allocate
from cxroi.model.satisfaction.drivers import Driver, Drivers, Flag
from cxroi.model.statistics.uncertainty import Interval
from cxroi.questions.allocation import Ask
from cxroi.questions.line_standing import standings
from cxroi.questions.lines import LineCase, LineReport
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.view.decide.allocation import allocation_words
from cxroi.view.decide.line_standing import standing_table
from cxroi.view.decide.touchpoints import touchpoint_view
from cxroi.view.decide.where_to_invest import where_view
from tests.made_case import capped_case, made_case
from tests.questions.test_line_standing import promise

EN, CASE = Text("en"), made_case()
LEVEL = np.arange(0.0, 301, 5)
TODAY = np.array([1e6, 1e6])
EVIL = "<b>Homes</b>"


def divided(scale=(3e6, 6e6), names=("Homes", "Shops"), **asked):
    benefit = np.asarray(scale)[None, :, None] * (np.sqrt(LEVEL / 100) - 1)[:, None, None] * np.array([0.8, 1.0, 1.2])
    cost = np.repeat(((LEVEL / 100 - 1)[:, None] * TODAY)[:, :, None], 3, axis=2)
    facts = {"segments": names, "level_percent": LEVEL, "benefit": benefit, "cost": cost, "today_spend": TODAY}
    return allocate(**facts, **asked)


def view(found, text=EN, case=CASE, worth_having=(), **ask):
    return where_view(case, found, Ask(**ask), text, worth_having)


def test_a_better_division_says_what_it_gains_and_who_gives_and_gets():
    told = view(divided())
    assert told.finding.startswith("Today's budget, divided better, should earn") and told.lead == (
        "Less for Homes, more for Shops.",
    )
    assert [row.shift.name for row in told.rows] == ["Shops", "Homes"] and all(row.moves for row in told.rows)
    assert told.figures[0].value.startswith("+") and told.figures[0].bar is not None and told.caution == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_steps_of_the_plan_are_told_on_the_page_and_in_the_terminal_alike(language):
    text = Text(language)
    found = replace(divided(), made_by_quarter=(0.25, 0.5))
    told = view(found, text)
    facts = {"shares": text.listed(text.percent(share, 0) for share in (0.25, 0.5)), "month": "7"}
    assert told.steps == text("allocation.steps", quarters=text("unit.quarters", count=2), **facts)
    assert told.steps in markup_words(told) and told.steps in allocation_words(found, "segment", "SAR", text)
    assert view(divided(), text).steps == ""
    assert view(replace(found, made_by_quarter=(1.0,)), text).steps == text("allocation.steps_none")


def markup_words(told):
    return unescape(markup.where_moves(told))


def test_a_division_that_gains_next_to_nothing_is_about_right_and_says_from_where_on_it_would_matter():
    told = view(divided(scale=(3e6, 3.01e6)))
    assert told.finding == EN("where.finding.right_segment") and "No move gains enough" in told.lead[0]
    assert view(divided(scale=(3e6, 3.01e6)), part="line").finding == EN("where.finding.right_line")


def test_a_small_move_that_gains_what_matters_is_told_and_not_called_about_right():
    found = divided(scale=(3e6, 6e7), bounds=np.array([[99.0, 300.0], [50.0, 300.0]]))
    assert found.gain.mid > CASE.verdict.materiality and view(found).finding.startswith(
        "Today's budget, divided better"
    )


def test_a_budget_that_does_not_earn_its_cost_is_the_question_of_the_verdict():
    told = view(divided(scale=(1e6, 1e6)))
    assert told.finding.startswith("On average, only") and told.lead[-1].endswith(
        f"{EN('verdict.word.under_invested')}."
    )


def test_of_many_names_the_first_are_told_and_how_many_more_there_are():
    found = divided(bounds=np.array([[20.0, 300.0], [80.0, 120.0]]))
    many = replace(found, moves=tuple(replace(found.moves[1], segment=f"S{n}") for n in range(9)))
    assert view(many).binds[0].startswith("At the upper limit: S0, S1, S2 and 6 more.")


def test_one_part_is_not_divided():
    found = divided(scale=(3e6, 3e6))
    assert view(replace(found, moves=found.moves[:1])).finding == EN("where.finding.one_part")


@pytest.mark.parametrize(
    ("scale", "extra", "bounds", "starts"),
    [
        ((3e6, 6e6), 2e5, None, "SAR 200K more a month should earn"),
        ((3e6, 1e4), 9e6, None, "Only SAR 1.25M of SAR 9M a month is worth placing"),
        ((3e7, 6e7), 9e6, [[0, 150], [0, 110]], "Only SAR 600K of SAR 9M a month can be placed"),
        ((1e4, 1e4), 2e5, None, "Extra money is better kept"),
        ((3e6, 6e6), 0.0, None, "With no extra money"),
    ],
)
def test_extra_money_says_how_much_of_it_is_worth_placing(scale, extra, bounds, starts):
    found = divided(scale, extra=extra, bounds=None if bounds is None else np.array(bounds, dtype=float))
    told = view(found, kind="extra", extra=extra)
    assert told.finding.replace("\xa0", " ").startswith(starts)
    left = any("better kept" in words or "cannot be placed" in words for words in told.lead)
    assert (EN("allocation.none_pays_no_more") in told.lead) == (found.extra.placed < 1 < extra)
    assert left == (found.extra.because is not None)


@pytest.mark.parametrize(("rate", "kind"), [(0.0, "more"), (3.0, "less")])
def test_a_target_says_how_much_more_or_less_to_spend(rate, kind):
    told = view(divided(target_return=rate), kind="target", target_percent=100 * rate)
    assert told.finding.endswith(f"{kind} a month") and f"{100 * rate:.0f}%" in told.finding


def test_what_cannot_reach_the_target_is_named():
    found = divided((3e6, 1e4), target_return=0.2, bounds=np.array([[50.0, 150.0]] * 2))
    assert any(words.startswith("Shops: even at the least") for words in view(found, kind="target").lead)


def test_what_binds_is_said_by_whose_limit_it_is():
    found = divided(bounds=np.array([[20.0, 300.0], [80.0, 120.0]]))
    assert "Shops. More than that was never tried" in view(found).binds[0]
    assert view(found, limits=(("Shops", 80.0, 120.0),)).binds[0] == EN("where.binds.high_own", names="Shops")
    assert view(divided()).binds == (EN("where.binds.none"),)


def test_a_line_worth_having_that_gives_way_says_why():
    rows = {row.shift.name: row for row in view(divided(), part="line", worth_having=("Homes",)).rows}
    assert rows["Homes"].note == EN("where.limit.yields") and rows["Shops"].note == ""


def test_nothing_is_claimed_on_data_that_fail_a_check_and_where_no_effect_is_known():
    assert "act on none of these figures" in view(divided(), case=capped_case("history")).caution
    held = divided(bounds=np.array([[100.0, 100.0]] * 2))
    held = replace(held, moves=tuple(replace(move, bound="held") for move in held.moves))
    told = view(held, part="line")
    assert told.finding == EN("where.finding.unknown") and told.lead == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_bars_of_gains_share_one_line_and_names_stay_letters(language):
    told = view(divided(names=(EVIL, "Shops")), Text(language))
    assert len({row.bar.zero for row in told.rows}) == 1
    html = markup.where_answer(told) + markup.where_moves(told)
    assert EVIL not in html and EVIL in unescape(html).replace("\u2060", "")


def report(*lines):
    return LineReport(by="initiative", labelled_share=1.0, next_unit=None, lines=lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_and_promises_are_one_table_with_one_advice_a_line(language):
    text = Text(language)
    case = LineCase(
        line="calls", today_spend=1e4, share=1.0, marginal_roi=Interval(low=0.1, mid=0.2, high=0.3),
        verdict=CASE.verdict, health=(),
    )  # fmt: skip
    found = promise()
    table = standing_table(standings(report(case), (found,)), CASE, text)
    (row,) = table.rows
    assert row.look == "under_invested" and row.advice == text("where.advice.grow")
    assert row.reason == text("where.reason.pays_on") and "200" in row.brought.note
    html = markup.standings(table)
    assert html.count("<tr>") == 2 and text("where.lines.heading_brought") in unescape(html)


def test_without_lines_and_initiatives_the_table_says_what_is_missing():
    table = standing_table((), CASE, EN)
    assert not table.rows and "<table" not in markup.standings(table) and "A ledger that names" in table.finding


def driver(name, impact, spend, flag=Flag.NONE):
    effect = Interval(low=-0.06, mid=-0.05, high=-0.04)
    return Driver(
        touchpoint=name, answers=100, events=20, satisfied_rate=0.5, odds_ratio_alone=None, effect_alone=effect,
        odds_ratio=None, effect=effect, beside=(), p_value=0.01, adjusted_p_value=0.01, separation=0.6, flag=flag,
        impact=impact, impact_share=impact, spend=None, spend_share=spend,
    )  # fmt: skip


def drivers(*found):
    return Drivers(drivers=found, answers=900, customers=500, answers_after_leaving=0, outcome="left", within_months=3)


def test_the_touchpoint_whose_shares_lie_furthest_apart_is_the_finding():
    more = touchpoint_view(drivers(driver("App", 0.7, 0.6), driver("Visit", 0.3, 0.05)), EN)
    assert more.title == EN("where.drivers.title_more", name="Visit", impact="30%", spend="5%")
    less = touchpoint_view(drivers(driver("App", 0.7, 0.5), driver("Visit", 0.3, 0.6)), EN)
    assert less.title == EN("where.drivers.title_less", name="Visit", impact="30%", spend="60%")
    assert touchpoint_view(drivers(driver("App", 0.7, 0.72)), EN).title == EN("where.drivers.title_follows")


def test_links_that_are_not_believed_are_named_with_the_reason_and_a_ledger_without_touchpoints_is_said():
    told = touchpoint_view(drivers(driver(EVIL, 1.0, None), driver("Visit", 0.0, None, Flag.THIN)), EN)
    assert [row.name for row in told.rows] == [EVIL] and told.rows[0].shift is None
    assert told.notes == (("Visit", EN("drivers.flag.thin")),) and told.missing == EN("where.drivers.no_spend")
    assert EVIL not in markup.touchpoints(told)
    arabic = Text("ar", names={"Visit": "الزيارة"})
    reason = arabic("drivers.flag.thin")
    named = touchpoint_view(drivers(driver("App", 1.0, None), driver("Visit", 0.0, None, Flag.THIN)), arabic)
    assert f"<strong><bdi>الزيارة</bdi>:</strong> {reason}" in unescape(markup.touchpoints(named))
    none = touchpoint_view(drivers(driver("Visit", 0.0, None, Flag.THIN)), EN)
    assert none.title == EN("where.drivers.title_none") and not none.rows
