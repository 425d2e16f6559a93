import tomllib
from pathlib import Path

import pytest

from cxroi.chart.theme import THEMES, palette
from cxroi.model.decision.verdict import Call

CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_charts_and_pages_share_one_palette(theme):
    colours, page = palette(theme), CONFIG[theme]
    assert (colours.background, colours.panel) == (page["backgroundColor"], page["secondaryBackgroundColor"])
    assert (colours.text, colours.line) == (page["textColor"], page["borderColor"])
    assert colours.quiet == page["grayTextColor"]
    assert colours.accent == page["linkColor"]
    assert colours.verdicts["under_invested"].colour == page["blueTextColor"]
    assert colours.verdicts["about_right"].colour == page["greenTextColor"]
    assert colours.verdicts["over_invested"].colour == page["orangeTextColor"]
    assert colours.verdicts["not_enough_evidence"].colour == page["violetTextColor"]


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_colour_can_be_read_on_every_ground_it_stands_on(theme):
    colours = palette(theme)
    for ground in (colours.background, colours.panel):
        for text in (colours.text, colours.quiet, colours.accent, colours.gain, colours.loss):
            assert contrast(text, ground) >= 4.5, (text, ground)
    for look in colours.verdicts.values():
        for ground in (look.soft, colours.background, colours.panel):
            assert contrast(look.colour, ground) >= 4.5, (look.colour, ground)


@pytest.mark.parametrize("theme", THEMES)
def test_white_can_be_read_on_the_accent_of_buttons(theme):
    assert contrast("#FFFFFF", CONFIG[theme]["primaryColor"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_each_call_has_a_colour_and_a_mark_of_its_own(theme):
    looks = palette(theme).verdicts
    assert set(looks) == {call.value for call in Call}
    assert len({look.mark for look in looks.values()}) == len({look.colour for look in looks.values()}) == 4
