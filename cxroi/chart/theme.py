"""The look of every chart and card: two palettes, the four verdict colours, and the Vega configuration they make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

FONT = "IBM Plex Sans, IBM Plex Sans Arabic, sans-serif"
THEMES = ("light", "dark")
ROOT = "max(16, min(22, 0.0055 * windowSize()[0] + 8))"  # pixels: the root's font size of the pages (cxroi/ui/app/theme.py)
SMALL, MEDIUM = 0.8125, 0.875  # times the root: axes and labels, and those of a picture that stands alone


@dataclass(frozen=True, kw_only=True)
class VerdictLook:
    """How one call looks everywhere. The mark is a shape as well as a colour, so that neither is needed alone."""

    colour: str  # readable as text on `Palette.background`
    soft: str  # a quiet fill behind it
    mark: str


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one theme, the same that .streamlit/config.toml gives the pages (a test compares the two)."""

    background: str
    panel: str
    surface: str  # what stands on the background
    text: str
    quiet: str  # axis labels, footers: 4.5:1 on background
    line: str  # rules and borders
    accent: str  # the plan, links, the one thing to look at
    accent_soft: str  # bands around it
    today: str  # the mark of today, wherever it stands
    gain: str
    loss: str
    verdicts: dict[str, VerdictLook]


_LIGHT = Palette(
    background="#FCFBF8",
    panel="#F3F1EC",
    surface="#FFFFFF",
    text="#1D2126",
    quiet="#5A5F66",
    line="#D9D5CC",
    accent="#0F5C63",
    accent_soft="#C9DEDD",
    today="#1D2126",
    gain="#43655A",
    loss="#8A5200",
    verdicts={
        "under_invested": VerdictLook(colour="#1F5A9E", soft="#E6EEF7", mark="▲"),
        "about_right": VerdictLook(colour="#43655A", soft="#E8EEEB", mark="●"),
        "over_invested": VerdictLook(colour="#8A5200", soft="#F8EEDD", mark="▼"),
        "not_enough_evidence": VerdictLook(colour="#655A7C", soft="#EEEBF2", mark="?"),
    },
)
_DARK = Palette(
    background="#14181B",
    panel="#1E2428",
    surface="#191E22",
    text="#E9E7E2",
    quiet="#A7ADB3",
    line="#384046",
    accent="#74C7C0",
    accent_soft="#23444A",
    today="#E9E7E2",
    gain="#9FC2B3",
    loss="#E8AE55",
    verdicts={
        "under_invested": VerdictLook(colour="#86B7EC", soft="#1B2B3D", mark="▲"),
        "about_right": VerdictLook(colour="#9FC2B3", soft="#1F2D28", mark="●"),
        "over_invested": VerdictLook(colour="#E8AE55", soft="#35291A", mark="▼"),
        "not_enough_evidence": VerdictLook(colour="#BBB0D4", soft="#2A2634", mark="?"),
    },
)


def rem(size: float) -> str:
    """Return a font size as an expression of a picture: times the root's, which is its parameter `root`.

    >>> rem(0.8125)
    '0.8125 * root'
    """
    return f"{size} * root"


def palette(theme: str) -> Palette:
    """Return the palette of "light" or "dark".

    >>> palette("light").verdicts["under_invested"].mark
    '▲'
    """
    return _DARK if theme == "dark" else _LIGHT


@cache
def vega_config(theme: str) -> dict[str, Any]:
    """Return the Vega-Lite `config` of every chart: quiet axes, few gridlines.

    Mirroring for right to left (x descending, y axis on the right) is the chart's part.
    """
    colours = palette(theme)
    axis = {
        "labelColor": colours.quiet,
        "titleColor": colours.quiet,
        "labelFontSize": {"expr": rem(SMALL)},
        "titleFontSize": {"expr": rem(SMALL)},
        "titleFontWeight": "normal",
        "domainColor": colours.line,
        "tickColor": colours.line,
        "gridColor": colours.line,
        "gridOpacity": 0.6,
        "labelFont": FONT,
        "titleFont": FONT,
    }
    return {
        "font": FONT,
        "background": "transparent",
        "view": {"stroke": None},
        "mark": {"tooltip": None},  # else every mark tells its columns by their inner names, unrounded
        "axis": axis,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "tickCount": 4},
        "text": {"color": colours.text, "font": FONT, "fontSize": {"expr": rem(SMALL)}},
        "rule": {"color": colours.line},
        "line": {"color": colours.accent, "strokeWidth": 2},
        "area": {"color": colours.accent_soft},
        "bar": {"color": colours.accent},
        "legend": {"labelColor": colours.quiet, "titleColor": colours.quiet, "orient": "bottom"},
    }
