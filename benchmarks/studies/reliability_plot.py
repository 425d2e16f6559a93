"""The reliability plot of the calibration study: a panel a regime, observed share against stated probability, as plain SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

_SIDE, _GAP, _COLUMNS, _MARGIN = 150, 42, 4, 46


class Point(Protocol):
    """One bin."""

    @property
    def stated(self) -> float: ...
    @property
    def observed(self) -> float: ...
    @property
    def cases(self) -> int: ...
    @property
    def chance(self) -> float: ...


def reliability_plot(panels: Mapping[str, Sequence[Point]]) -> str:
    """Return the plot; dots by area of cases on the diagonal when all is right, upright lines what chance alone leaves to 90 % of them."""
    rows = -(-len(panels) // _COLUMNS)
    width = 2 * _MARGIN + _COLUMNS * (_SIDE + _GAP) - _GAP
    height = _MARGIN + rows * (_SIDE + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="IBM Plex Sans, sans-serif" font-size="10" fill="#444">',
        "<title>Observed share against stated probability, by regime</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, (name, points) in enumerate(panels.items()):
        row, column = divmod(place, _COLUMNS)
        x, y = _MARGIN + column * (_SIDE + _GAP), _MARGIN - 18 + row * (_SIDE + _GAP)
        parts += [f'<g transform="translate({x} {y})">', *_panel(name, points), "</g>"]
    foot = "Across: stated probability that more spend pays. Up: share in which it did. Dots: bins of 20 cases or more."
    parts += [f'<text x="{_MARGIN}" y="{height - 10}">{foot}</text>', "</svg>"]
    return "\n".join(parts) + "\n"


def _panel(name: str, points: Sequence[Point]) -> list[str]:
    drawn = [
        f'<text y="-6" font-size="12" font-weight="600" fill="#222">{name.replace("_", " ")}</text>',
        f'<path d="M0 0V{_SIDE}H{_SIDE}" fill="none" stroke="#bbb"/>',
        f'<path d="M0 {_SIDE}L{_SIDE} 0" stroke="#bbb" stroke-dasharray="3 3"/>',
        *(f'<text x="{_SIDE * t}" y="{_SIDE + 13}" text-anchor="middle">{t:g}</text>' for t in (0, 0.5, 1)),
        *(f'<text x="-5" y="{_SIDE * (1 - t) + 3}" text-anchor="end">{t:g}</text>' for t in (0.5, 1)),
    ]
    for one in points:
        x, low, high = (
            _SIDE * v for v in (one.stated, max(one.stated - one.chance, 0), min(one.stated + one.chance, 1))
        )
        drawn.append(f'<path d="M{x:.1f} {_SIDE - low:.1f}V{_SIDE - high:.1f}" stroke="#9ab" stroke-width="3"/>')
        radius = min(2 + one.cases**0.5 / 8, 7)
        up = _SIDE * (1 - one.observed)
        drawn.append(f'<circle cx="{x:.1f}" cy="{up:.1f}" r="{radius:.1f}" fill="#1f5a8a" fill-opacity="0.85"/>')
    return drawn
