"""What is refused in a box is told in the unit of that box."""

import pytest

from cxroi.errors import ScenarioError
from cxroi.model.scenario import Scenario
from cxroi.text import Text
from cxroi.ui.decide.controls import FURTHER, LEADING, refusal_words, typed_change

EN = Text("en")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("contribution_margin_rate", "-3", "between 0 and 100; −3 does not"),
        ("referral_share_of_benefit", "8", "between 0 and 7; 8 does not"),
        ("annual_discount_rate", "150", "between 0 and 100; 150 % does not"),
        ("investment_level_percent", "301", "between 0 and 300; 301 does not"),
        ("first_quarters_percent", "120, -5", "between 0 and 300; −5 does not"),
        ("horizon_months", "0", "between 1 and 120; 0 does not"),
    ],
)
def test_the_ends_and_what_was_typed_stand_in_the_unit_of_the_box(name, typed, words):
    control = next(one for one in (*LEADING.values(), *FURTHER) if one.name == name)
    with pytest.raises(ScenarioError) as refused:
        Scenario(**typed_change(typed, control))
    assert words in refusal_words(name, refused.value, EN)
