"""Named events: what happened beside spend is no effect of spend, and how large it was is told with its interval."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from benchmarks.simulation.companies import Company, simulate
from cxroi.model.company.baseline import trailing_window
from cxroi.model.company.event import Event, EventKind, event_of
from cxroi.model.response import level_shift
from cxroi.model.response.budget_rule import same_month_answer
from cxroi.model.response.channel import Channel
from cxroi.model.response.channel_cells import channel_cells
from cxroi.model.response.channel_fit import channel_settings
from cxroi.model.response.event_course import unused
from cxroi.model.response.feedback import answer_of_spend
from cxroi.model.response.level_shift import find_level_shifts, taken_out
from cxroi.model.response.likelihood import expand, history_of, noise_settings
from cxroi.model.response.posterior import fit_response
from cxroi.model.response.shape import Family, carry_over, gain
from cxroi.questions import build_business_case, default_scenario, evidence_from_panel
from cxroi.questions.gathering import channels_of
from cxroi.questions.register import read_channel_priors, read_register

PRIORS = read_register()[0]
QUIET = Company(customers=40_000, spend_variation=0.15, drift_spread=0.02, seed=2)


def event(panel, first, last=None, segment="", kind=EventKind.OUTAGE):
    """Return an event from one month of a panel to the end of another, or for good."""
    days = [None if at is None else panel.months[at].astype("datetime64[D]").item() for at in (first, last)]
    return Event(what="Network rebuilt", kind=kind, first_on=days[0], last_on=days[1], segment=segment)


def history(panel):
    return history_of(panel, panel.segments, trailing_window(panel))


def with_event(size, up, strength, first=18, last=24, seed=2):
    """Return a panel in which half of the segments spent more in the very months in which something else moved their churn."""
    panel = simulate(replace(QUIET, strength=(strength,) * 4, seed=seed)).panel
    held = np.zeros(panel.cx_spend.shape)
    held[:2, first : last + 1] = 1
    ratio = panel.cx_spend / panel.customers_at_start
    ratio = ratio / ratio[:, -12:].mean(axis=1, keepdims=True)

    def bought(r):
        return strength * gain(Family.EXPONENTIAL, carry_over(r, np.full(len(r), 0.5)), 1.0, 1.0)

    moved = size * held - bought(ratio * up**held) + bought(ratio)
    panel = replace(
        panel,
        customers_lost=np.round(panel.customers_lost * np.exp(moved)),
        cx_spend=panel.cx_spend * up**held,
    )
    named = tuple(event(panel, first, None if last == 35 else last, name) for name in panel.segments[:2])
    return panel, replace(panel, events=named)


def called(panel):
    evidence = evidence_from_panel(panel, data_version="v", draws=512, survive=False)
    return build_business_case(evidence, default_scenario(evidence)).verdict.call, evidence


def test_spend_that_pays_is_not_told_to_be_cut_because_of_an_outage_that_fell_on_it():
    panel, named = with_event(0.35, 1.6, 0.3)
    without, with_it = called(panel), called(named)
    assert (without[0], with_it[0]) == ("over_invested", "under_invested")
    assert [one.log.low < 0.35 < one.log.high for one in with_it[1].posterior.events] == [True, True]


def test_a_rival_that_left_is_not_an_effect_of_the_spend_that_was_raised_then():
    panel, named = with_event(-0.15, 1.5, 0.0, first=22, last=35, seed=0)
    helps = [(fit_response(one, priors=PRIORS, draws=512).slope().mean(axis=1) > 0.01).mean() for one in (panel, named)]
    assert helps[0] > 0.95 and helps[1] < 0.6


def test_the_stated_interval_holds_the_true_size_about_as_often_as_it_says():
    held = []
    for seed in range(6):
        _, named = with_event(0.2, 1.3, 0.2, seed=seed)
        held += [one.log.low < 0.2 < one.log.high for one in fit_response(named, priors=PRIORS, draws=256).events]
    assert len(held) == 12 and sum(held) >= 9  # fewer by chance once in two hundred at 90 %


def test_an_event_that_moved_margin_and_spend_at_once_makes_no_budget_a_share_of_revenue():
    panel = simulate(replace(QUIET, strength=(0.0,) * 4)).panel
    held = np.zeros(panel.cx_spend.shape)
    held[:2, 20] = held[2:, 28] = 1
    noise = np.exp(np.random.default_rng(1).normal(0, 0.01, held.shape))
    margin = panel.contribution_margin * 1.3**held * noise
    panel = replace(panel, contribution_margin=margin, cx_spend=panel.cx_spend * 1.35**held)
    where = ((20, panel.segments[:2]), (28, panel.segments[2:]))
    named = replace(panel, events=tuple(event(panel, at, at, name) for at, some in where for name in some))
    for told, follows in ((panel, True), (named, False)):
        cells = channel_cells(Channel.MARGIN, told, history(told))
        own = cells.history
        assert same_month_answer(cells.response, own.spend_ratio, own.seen, own.events).follows_revenue == follows


def test_spend_that_went_with_an_event_that_moved_churn_is_no_answer_to_churn():
    panel = simulate(replace(QUIET, strength=(0.0,) * 4)).panel
    held, after = np.zeros(panel.cx_spend.shape), np.zeros(panel.cx_spend.shape)
    held[:, 20], after[:, 21] = 1, 1
    panel = replace(
        panel, customers_lost=np.round(panel.customers_lost * 2**held), cx_spend=panel.cx_spend * 2.5**after
    )
    answers = []
    for told in (panel, replace(panel, events=(event(panel, 20, 20),))):
        own = history(told)
        answers.append(answer_of_spend(own, expand(own, np.zeros(own.customers.shape))))
    assert answers[0] > 0.1 and abs(answers[1]) < 0.05


def test_without_an_event_nothing_is_taken_out_and_one_outside_the_history_changes_nothing():
    panel = simulate(QUIET).panel
    gone = event(panel, 0)
    ahead = Event(what="Price list", kind=EventKind.PRICE, first_on=date(2031, 1, 1), last_on=None)
    elsewhere = event(panel, 10, segment="nobody")
    months = panel.months[panel.complete_months]
    assert [unused(one, panel.segments, months) for one in (gone, ahead, elsewhere)] == ["before", "after", "segment"]
    assert taken_out((), (), panel.cx_spend.shape) is None
    plain, same = (
        fit_response(one, priors=PRIORS, draws=128) for one in (panel, replace(panel, events=(gone, ahead, elsewhere)))
    )
    assert np.array_equal(plain.strength, same.strength) and same.events == ()


@pytest.mark.parametrize(("n_segments", "segment"), [(1, ""), (1, "s00"), (4, "s01")])
def test_an_event_that_may_be_of_any_size_leaves_its_month_with_nothing_to_say(monkeypatch, n_segments, segment):
    """The limit of a wide prior: as if the month were not there, whatever was lost in it."""
    panel = simulate(replace(QUIET, n_segments=n_segments)).panel
    panel = replace(panel, events=(event(panel, 20, 20, segment),))
    whole = history(panel)
    monkeypatch.setattr(level_shift, "EVENT_SD", 1e3)
    cells = channel_cells(Channel.MARGIN, panel, whole)
    gone = np.zeros(cells.size.shape, bool)
    gone[panel.segments.index(segment) if segment else slice(None), 20] = True
    spent = np.log(np.maximum(whole.spend_ratio, 1e-3))[None]
    taken = taken_out((), whole.events, cells.size.shape)
    with_event_ = channel_settings(cells, taken)
    left_out = channel_settings(replace(cells, size=np.where(gone, 0.0, cells.size)))
    assert len(with_event_) == len(left_out)
    constant = []
    for one, other in zip(with_event_, left_out, strict=True):
        for found, limit in zip(one.quadratic(spent), other.quadratic(spent), strict=True):
            assert found == pytest.approx(limit, rel=2e-2, abs=2e-2)
        constant.append(one.log_evidence - other.log_evidence)
    assert np.ptp(constant) < 0.05


def test_the_same_size_in_all_segments_leaves_what_tells_them_apart():
    """A common spell takes out what the segments share in its months, no more: the difference between two segments still speaks."""
    panel = simulate(QUIET).panel
    shape = panel.cx_spend.shape
    spent = np.zeros((1, *shape))
    spent[0, 0, 10:14], spent[0, 1, 10:14] = 1.0, -1.0  # cancels out between two segments of about the same size
    alike = np.zeros((1, *shape))
    alike[0, :, 10:14] = 1.0
    told = {}
    for name, events in (
        ("none", ()),
        ("all", (event(panel, 10, 13),)),
        ("each", tuple(event(panel, 10, 13, s) for s in panel.segments)),
    ):
        own = history(replace(panel, events=events))
        expansion = expand(own, np.zeros(shape))
        setting = noise_settings(expansion, taken=taken_out((), own.events, shape))[7]
        told[name] = [float(setting.quadratic(x)[0].sum()) for x in (spent, alike)]
        told[name][0] = float(np.einsum("st,stu,su->", spent[0], setting.precision, spent[0]))
    assert told["all"][0] == pytest.approx(told["none"][0], rel=0.05) and told["each"][0] < 0.6 * told["none"][0]
    assert told["all"][1] < told["none"][1]


def test_a_step_in_the_month_of_a_named_level_is_not_found_once_more():
    panel = simulate(replace(QUIET, strength=(0.0,) * 4)).panel
    held = np.zeros(panel.cx_spend.shape)
    held[1, 20:] = 1
    panel = replace(panel, contribution_margin=panel.contribution_margin * 1.25**held)
    named = replace(panel, events=(event(panel, 20, None, "s01", EventKind.PRICE),))
    for told, places in ((panel, [(1, 20)]), (named, [])):
        posterior = fit_response(told, priors=PRIORS, draws=128)
        margin, *_ = channels_of(told, posterior, read_channel_priors(), 0, 256)[0]
        assert [(one.segment, one.month) for one in margin.shifts] == places
    (size,) = margin.events
    assert size.log.low < np.log(1.25) < size.log.high and size.log.low > 0
    cells = channel_cells(Channel.MARGIN, named, history(named))
    bare = max(channel_settings(cells), key=lambda one: one.log_evidence)
    assert not [
        one
        for one in find_level_shifts(cells.response, bare, cells.history.spend_ratio, cells.history.events)
        if one.month == 20
    ]


def test_a_level_counts_its_first_month_by_the_days_that_were_left_and_a_spell_every_month_it_touches():
    panel = simulate(QUIET).panel
    level = Event(what="Tariff", kind=EventKind.PRICE, first_on=date(2023, 4, 21), last_on=None)
    spell = Event(what="Strike", kind=EventKind.OTHER, first_on=date(2023, 4, 21), last_on=date(2023, 6, 1))
    first, second = history(replace(panel, events=(level, spell))).events
    assert first.months[14:18].tolist() == pytest.approx([0, 1 / 3, 1, 1]) and first.begins.tolist() == [15, 16]
    assert np.flatnonzero(second.months).tolist() == [15, 16, 17] and set(second.months) == {0.0, 1.0}


def test_the_company_as_a_whole_keeps_the_events_of_its_segments():
    panel = simulate(QUIET).panel
    panel = replace(panel, events=(event(panel, 20, 20, "s01"),))
    assert panel.whole.events == panel.events and len(history(panel.whole).events) == 1


@pytest.mark.parametrize(
    ("kind", "days", "lasts"),
    [
        ("price", {"happened_on": 1}, True),
        ("competitor", {"happened_on": 1}, True),
        ("outage", {"happened_on": 1}, False),
        ("promotion", {"happened_on": 1}, False),
        ("other", {"happened_on": 1}, False),
        (None, {"happened_on": 1}, False),
        ("outage", {"starts_on": 1}, True),
        ("price", {"starts_on": 1, "ends_on": 2}, False),
        ("price", {"happened_on": 1, "ends_on": 2}, False),
        ("price", {"starts_on": 2, "ends_on": 1}, None),
        ("price", {"ends_on": 1}, None),
    ],
)
def test_an_end_makes_a_spell_a_bare_start_lasts_and_a_bare_day_is_decided_by_its_kind(kind, days, lasts):
    dated = {name: date(2025, month, 9) for name, month in days.items()}
    found = event_of("Something", kind and EventKind(kind), **dated)
    assert (None if found is None else found.lasts) == lasts
