"""Readers see no figure of so few customers that it could be one person's, and a list of customers by name is for finance."""

import pytest

from cxroi.access.roles import ADMINISTRATOR, EDITOR, FINANCE, VIEWER
from cxroi.errors import AccessError
from cxroi.questions import open_version
from cxroi.questions.cohorts import ask_staying
from cxroi.questions.customers import ask_customer_worth
from cxroi.questions.pilot_groups import ask_groups
from cxroi.questions.satisfaction import ask_quotes, ask_scores, ask_service
from cxroi.questions.slice import Slice
from cxroi.questions.small_groups import LEAST, as_seen_by, ask_small_segments, ensure_may_ask
from tests.made_customers import publish, with_a_tiny_segment


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    with open_version(publish(tmp_path_factory.mktemp("small") / "w", **with_a_tiny_segment())) as opened:
        yield opened


def seen(data, role, question, *about):
    return as_seen_by(role, question(data, *about), about, lambda: ask_small_segments(data))


def test_a_small_segment_shows_in_no_answer_to_a_viewer_and_in_all_to_others(data):
    assert ask_small_segments(data) == {"Tiny", "Middle"}  # all less Large and Middle would be Tiny
    for question, about in ((ask_scores, (Slice(),)), (ask_customer_worth, (36, 0.1))):
        assert "Tiny" not in repr(seen(data, VIEWER, question, *about)) and "Large" in repr(
            seen(data, VIEWER, question, *about)
        )
        for role in (EDITOR, FINANCE, ADMINISTRATOR):
            assert seen(data, role, question, *about) is question(data, *about)


def test_an_answer_about_a_small_segment_is_refused_and_of_a_large_one_given(data):
    with pytest.raises(AccessError) as refused:
        seen(data, VIEWER, ask_scores, Slice(segment="Tiny"))
    assert (refused.value.id, refused.value.facts["least"]) == ("access.too_few", LEAST)
    with pytest.raises(AccessError):
        seen(data, VIEWER, ask_staying, "Tiny")
    assert seen(data, VIEWER, ask_staying, "Large").by_customers


def test_few_answers_about_one_thing_are_left_out_beside_many(data):
    lines = ask_scores(data, Slice()).lines
    few = {one.value for one in lines if one.answers < LEAST}
    assert few >= {"Lift"}
    shown = seen(data, VIEWER, ask_scores, Slice()).lines
    assert {one.value for one in shown if one.dimension == "touchpoint"} == {"Shop"}  # and not Web beside Lift
    assert all(one.answers >= LEAST for one in shown)


def test_a_cohort_of_few_is_left_out(data):
    whole, of_a_viewer = (seen(data, role, ask_staying, None).by_customers for role in (FINANCE, VIEWER))
    assert whole.customers.min() < LEAST <= of_a_viewer.customers.min()
    assert len(of_a_viewer.months) == len(of_a_viewer.measures["customers"].share) == (whole.customers >= LEAST).sum()


def test_where_nothing_would_be_left_it_is_refused(data):
    with pytest.raises(AccessError):
        seen(data, VIEWER, ask_scores, Slice(touchpoint="Lift"))


@pytest.mark.parametrize(
    ("question", "role", "may"),
    [
        (ask_groups, EDITOR, False),
        (ask_groups, FINANCE, True),
        (ask_quotes, VIEWER, False),
        (ask_quotes, EDITOR, True),
        (ask_service, VIEWER, True),
    ],
)
def test_what_names_customers_or_quotes_them_is_not_for_every_role(question, role, may):
    if may:
        ensure_may_ask(question, role)
        return
    with pytest.raises(AccessError):
        ensure_may_ask(question, role)
