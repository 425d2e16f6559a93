"""What an initiative did to margin, support cost and joins is measured as its churn is, named, and earned once."""

from dataclasses import replace

import numpy as np
import pytest

from cxroi.export.json.promises import promise_json
from cxroi.model.company.baseline import trailing_window
from cxroi.model.response.channel import Channel
from cxroi.model.response.likelihood import history_of
from cxroi.model.response.realised import realised
from cxroi.model.response.realised_channels import Step, value_by_way
from cxroi.questions.promises import Promise, programme_of
from cxroi.questions.register import read_channel_priors
from cxroi.text import LANGUAGES, Text
from cxroi.view.prove.promises import promise_note
from tests.model.response.test_realised import initiative, panel_of

PRIORS = read_channel_priors()


def moved(seed, since=None, noise=0.02, **by):
    """Return a panel and a start from which on the first segment's margin, support cost and joins are multiplied as `by` says."""
    panel, start = panel_of(seed)
    random, shape = np.random.default_rng([seed, 5]), panel.contribution_margin.shape
    up = np.where((np.arange(shape[0])[:, None] == 0) & (np.arange(shape[1]) >= (since or start)), 1.0, 0.0)

    def changed(values, factor):
        return values * np.exp(random.normal(0, noise, shape)) * factor**up

    return replace(
        panel,
        contribution_margin=changed(panel.contribution_margin, by.get("margin", 1.0)),
        support_cost=changed(panel.support_cost, by.get("support", 1.0)),
        customers_joined=panel.customers_joined * by.get("joins", 1.0) ** up,
    ), start


def found(panel, start):
    (one,) = realised(panel, (initiative(panel, start),), channels=PRIORS)
    return one, {each.channel: each for each in one.channels}


def test_what_an_initiative_did_to_margin_and_support_cost_is_found_and_counted():
    panel, start = moved(5, margin=1.1, support=0.8)
    one, channels = found(panel, start)
    for name, change in ((Channel.MARGIN, 10.0), (Channel.SUPPORT, -20.0)):
        assert channels[name].probability_helps > 0.95 and channels[name].counted
        assert channels[name].change_percent.low < change < channels[name].change_percent.high
    earned = panel.contribution_margin[0, start:].sum() * (1 - 1 / 1.1)
    assert channels[Channel.MARGIN].value.low < earned < channels[Channel.MARGIN].value.high
    (churn_only,) = realised(panel, (initiative(panel, start),))
    assert one.value.mid > churn_only.value.mid + 0.7 * earned


def test_dearer_support_is_no_gain_and_joins_that_advertising_may_have_brought_are_not_counted():
    panel, start = moved(5, support=1.3, joins=1.5)
    one, channels = found(panel, start)
    assert channels[Channel.SUPPORT].probability_harms > 0.9 and channels[Channel.SUPPORT].value.high < 0
    assert channels[Channel.JOINS].doubt == "acquisition" and channels[Channel.JOINS].value.low > 0
    (churn_only,) = realised(panel, (initiative(panel, start),))
    assert abs(one.value.mid - churn_only.value.mid) < 0.02 * channels[Channel.JOINS].value.mid
    (told,) = programme_of((Promise(realised=one, spent=None, budget=None),)).promises
    for text in map(Text, LANGUAGES):
        note, facts = promise_note(told, "SAR", text), promise_json(told, "SAR", text)
        assert text("channel.joins") in note and text("channel.doubt.acquisition") in note
        assert [(each["id"], each["counted"]) for each in facts["channels"]] == [
            ("margin", True),
            ("support", False),
            ("joins", False),
        ]


def test_what_had_begun_before_the_start_is_not_counted():
    panel, start = moved(5, since=11, margin=1.1)
    _, channels = found(panel, start)
    assert not channels[Channel.MARGIN].moves or channels[Channel.MARGIN].doubt == "drifted"


def test_where_nothing_was_done_nothing_is_found():
    """Eight companies with an initiative that does nothing, three channels each: at most one is said to move."""
    each = [one for seed in range(8) for one in found(*moved(seed, noise=0.03))[1].values()]
    assert len(each) == 24 and sum(one.moves for one in each) <= 1


def test_all_ways_together_are_what_the_company_would_not_have_had():
    """An initiative with known effects: what there was, less what there would have been month by month, is the sum of its ways."""
    panel, start = moved(2)
    history = history_of(panel, panel.segments, trailing_window(panel))
    treated = np.arange(len(panel.segments)) == 0
    b = {name: np.array([effect]) for name, effect in zip(Channel, (0.05, 0.2, 0.3), strict=True)}
    ways = value_by_way(Step(panel, history, treated, start), np.array([0.25]), b)
    without, margin, support = history.customers[0, start], 0.0, 0.0
    for t in range(start, history.customers.shape[1]):
        rate, people = history.lost[0, t] / history.customers[0, t], history.customers[0, t]
        without = without * (1 - rate * np.exp(0.25)) + panel.customers_joined[0, t] * np.exp(-0.3)
        gap = people * (1 - rate) + panel.customers_joined[0, t] - without  # customers more at the month's end
        own = panel.contribution_margin[0, t], panel.support_cost[0, t]
        margin += own[0] - (people - gap) * own[0] / people * np.exp(-0.05)
        support += (people - gap) * own[1] / people * np.exp(0.2) - own[1]
    assert sum(ways.values())[0] == pytest.approx(margin + support, rel=1e-9)
    assert all(one[0] > 0 for one in ways.values())
    nothing = value_by_way(Step(panel, history, treated, start), np.zeros(1), {name: np.zeros(1) for name in Channel})
    assert all(one[0] == pytest.approx(0.0, abs=1e-6) for one in nothing.values())
