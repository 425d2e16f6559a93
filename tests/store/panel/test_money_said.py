"""A currency and a margin that somebody has said hold where the data do not tell them, and nowhere else."""

import pandas as pd
import pytest

from cxroi.errors import StoreError
from cxroi.store.panel.money_said import MoneySaid, margin_as_said

FRAME = pd.DataFrame({"revenue": [100.0, 50.0]})


def test_a_margin_that_was_said_is_taken_of_revenue_and_told():
    frame, is_revenue, (note,) = margin_as_said(FRAME, MoneySaid(margin_rate=0.6), margin_is_revenue=True)
    assert frame["contribution_margin"].tolist() == [60.0, 30.0] and not is_revenue
    assert note.id == "store.note.margin_said" and note.facts == {"share": 0.6}


@pytest.mark.parametrize(("said", "is_revenue"), [(MoneySaid(), True), (MoneySaid(margin_rate=0.6), False)])
def test_nothing_said_or_a_margin_in_the_data_leave_them_as_they_are(said, is_revenue):
    frame, still, notes = margin_as_said(FRAME, said, margin_is_revenue=is_revenue)
    assert frame is FRAME and still is is_revenue and notes == ()


@pytest.mark.parametrize(
    "wrong", [{"currency": "riyal"}, {"currency": "sar"}, {"margin_rate": 0.0}, {"margin_rate": 1.2}]
)
def test_what_cannot_be_meant_is_refused(wrong):
    with pytest.raises(StoreError):
        MoneySaid(**wrong)
