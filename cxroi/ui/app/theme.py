"""What Streamlit's own theme cannot say: right to left, and a few quiet corrections, as one style sheet.

Each right-to-left rule mends a defect seen on Streamlit 1.67; tests/browser/test_right_to_left.py looks at each.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cxroi.chart.theme import THEMES, palette

_UI = Path(__file__).parents[1]

_EVERYWHERE = """
:root { font-size: clamp(16px, 0.55vw + 8px, 22px) !important; font-variant-numeric: tabular-nums; }
[data-testid="stMain"] [data-testid="stMainBlockContainer"] { max-width: none; } /* before the page has said that it is wide, too */
.st-key-sample-banner [data-testid="stSkeleton"] { height: 1.5rem; } /* links that are still to come, as high as they will be */
.st-key-section-bar [data-testid="stSkeleton"], .st-key-page-bar [data-testid="stSkeleton"] { height: 1.875rem; }
[data-testid="stMain"] h1 { letter-spacing: -0.01em; text-wrap: balance; }
[data-testid="stCaptionContainer"], [data-testid="stCaptionContainer"] * {
  color: var(--cx-quiet) !important; opacity: 1 !important; }
[data-testid="stCaptionContainer"] code { font-size: 0.8125rem; }
.katex-display { overflow: visible !important; }
@media (max-width: 40rem) {
  [data-testid="stMarkdownContainer"] .katex-display { overflow: auto hidden !important; direction: ltr; }
}
[data-testid="stMarkdownContainer"] .katex :is(.mfrac, .col-align-c) * { text-align: center !important; }
.katex-display > .katex { white-space: normal; line-height: 2; }
[data-testid="stMain"] .katex { font-size: 1.0625em; }
[data-testid="stLogoLink"], div:has(> [data-testid="stHeaderLogo"]) { display: inline-flex !important; align-items: center;
  gap: 0.5rem; width: auto !important; }
[data-testid="stLogoLink"]::after, div:has(> [data-testid="stHeaderLogo"])::after { content: "CX ROI"; font: 600 1rem/1 "IBM Plex Sans", sans-serif; color: var(--cx-text);
  white-space: nowrap; }
[data-testid="stTopNavSection"] { border-radius: 0 !important; background: none !important; }
[data-testid="stTopNavSection"] p { color: var(--cx-quiet); font-size: 0.9375rem; }
[data-testid="stTopNavSection"]:is(:hover, :focus-visible) p { color: var(--cx-text); }
.st-key-page-bar.st-key-page-bar, .st-key-section-bar.st-key-section-bar { flex-wrap: wrap; gap: 0; align-content: start; }
.st-key-page-bar { min-block-size: 1.875rem; margin-block-end: -0.5rem; }
.st-key-page-bar a, .st-key-section-bar a { padding: 0; margin-inline-end: 1.5rem; background: none !important; white-space: nowrap; }
.st-key-page-bar a p, .st-key-section-bar a p { color: var(--cx-quiet); font-size: 0.9375rem !important; padding-block: 0.1875rem; }
.st-key-page-bar a:is(:hover, :focus-visible) p { color: var(--cx-text); }
.cx-languages { position: fixed; z-index: 999991; inset-block-start: 0.9375rem; inset-inline-end: 3.25rem; display: flex; gap: 1rem; }
.cx-languages a { color: var(--cx-text); font-size: 0.875rem; line-height: 1.875rem; text-decoration: none; }
.cx-languages a:hover, .cx-languages a:focus-visible { color: var(--cx-accent); text-decoration: underline; }
.cx-languages form { display: flex; align-items: baseline; gap: 0.75rem; border-inline-start: 1px solid var(--cx-line); padding-inline-start: 1rem; }
.cx-languages button { padding: 0; border: 0; background: none; color: var(--cx-text); font: inherit; font-size: 0.875rem; line-height: 1.875rem; cursor: pointer; white-space: nowrap; }
.cx-languages button:is(:hover, :focus-visible) { color: var(--cx-accent); text-decoration: underline; }
.cx-person { max-inline-size: 9rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--cx-quiet); font-size: 0.875rem; }
@media (max-width: 64rem) { .cx-person { display: none; } }
[data-testid="stStatusWidget"] { position: fixed; z-index: 999990; inset-block-start: 3.125rem; inset-inline-end: 1rem; } /* else it lies over the links */
.st-key-languages { height: 0; overflow: hidden; }
[data-testid="stLayoutWrapper"]:has(> .st-key-languages) { height: 0; margin-block-end: -1rem; }
[data-testid="stTab"][aria-selected="true"] p { color: var(--cx-accent); }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none !important; }
.st-key-sample-banner { border-inline-start: 3px solid var(--cx-not_enough_evidence); background: var(--cx-panel);
  padding: 0.375rem 0.875rem; column-gap: 1.25rem; row-gap: 0; }
.st-key-sample-banner p { font-size: 0.875rem !important; }
.st-key-sample-banner strong { color: var(--cx-not_enough_evidence); }
.st-key-sample-banner a { padding: 0.125rem 0; background: none; }
.st-key-sample-banner a p { color: var(--cx-accent); text-decoration: underline; text-underline-offset: 0.2em; }
[data-testid="stFullScreenFrame"]:has([data-testid="stVegaLiteChart"]) [data-testid="stElementToolbar"] { display: none; }
[class*="st-key-take-along-"] { margin-block: -0.75rem -0.5rem; }
[class*="st-key-take-along-"] button { min-height: 1.5rem; padding: 0; }
[class*="st-key-take-along-"] button p { font-size: 0.8125rem; color: var(--cx-quiet); }
[class*="st-key-take-along-"] button:is(:hover, :focus-visible) p { color: var(--cx-accent); text-decoration: underline; }
[role="dialog"] [data-testid="stHeading"] h3 { font-size: 1.0625rem; }
[role="dialog"] .cx-words th { white-space: normal; min-width: 6rem; }
.cx-words { overflow-x: auto; }
.cx-words table { border-collapse: collapse; width: 100%; font-size: 0.9375rem; line-height: 1.5; }
.cx-words caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.cx-words th { text-align: start; font-weight: 500; color: var(--cx-quiet); font-size: 0.8125rem; white-space: nowrap; }
.cx-words th, .cx-words td { padding: 0.5rem 1rem 0.5rem 0; padding-inline: 0 1rem; vertical-align: top;
  border-block-end: 1px solid var(--cx-line); min-width: 4.5rem; }
.cx-words td { text-align: start; }
[data-testid="stElementContainer"]:has([data-testid="stSkeleton"]) { visibility: hidden; } /* a grey bar that jumps tells nothing */
.st-key-where-ask { min-block-size: 3.9375rem; }
.st-key-where-answer:not(:has(.cx-bells, [data-testid="stAlert"])) { min-block-size: 32rem; }
@media (max-width: 64rem) { .st-key-where-answer:not(:has(.cx-bells, [data-testid="stAlert"])) { min-block-size: 43.5rem; } }
@media (max-width: 40rem) {
  .st-key-where-ask { min-block-size: 13rem; }
  .st-key-where-answer:not(:has(.cx-bells, [data-testid="stAlert"])) { min-block-size: 58rem; }
}
.cx-words .cx-figure { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.st-key-board:not(:has(.cx-board)) { min-block-size: 24.75rem; } /* places of parts, about as high as they will be, until they have come */
@media (min-width: 84rem) { [dir="rtl"] .st-key-board:not(:has(.cx-board)) { min-block-size: 20.25rem; } }
@media (max-width: 64rem) { .st-key-board:not(:has(.cx-board)) { min-block-size: 40rem; } }
@media (max-width: 40rem) { .st-key-board:not(:has(.cx-board)) { min-block-size: 49rem; } }
.st-key-live_panel:not(:has(.cx-knob)) { min-block-size: 48rem; }
@media (max-width: 84rem) { .st-key-live_panel:not(:has(.cx-knob)) { min-block-size: 54rem; } }
@media (max-width: 64rem) { .st-key-live_panel:not(:has(.cx-knob)) { min-block-size: 98rem; } }
@media (max-width: 40rem) { .st-key-live_panel:not(:has(.cx-knob)) { min-block-size: 109rem; } }
.st-key-section-bar, [data-testid="stLayoutWrapper"]:has(> .st-key-section-bar) { display: none; }
@media (max-width: 40rem) {
  [data-testid="stMainBlockContainer"] { padding-inline: 1rem; }
  [data-testid="stLayoutWrapper"]:has(> .st-key-section-bar) { display: block; margin-block-end: -1rem; }
  [data-testid="stExpandSidebarButton"] { display: none !important; }
  .st-key-section-bar a, .st-key-page-bar a { margin-inline-end: 0.875rem !important; }
  .st-key-section-bar.st-key-section-bar { display: flex; min-block-size: 1.875rem; border-block-end: 1px solid var(--cx-line); }
}
"""

_RIGHT_TO_LEFT = """
[data-testid="stHeading"] *, [data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"],
[data-testid="stMarkdownContainer"] * { text-align: start !important; }
[data-testid="stSlider"] [role="group"] > div > div:first-child { transform: scaleX(-1); }
[data-testid="stVegaLiteChart"] { direction: ltr; }
[data-testid="stMetricValue"] p, [data-testid="stMetricDelta"] p, [data-testid="stMarkdownContainer"] td,
[data-testid="stMarkdownContainer"] th, [data-testid="stSliderThumbValue"], [data-testid="stSliderTickBar"] * {
  unicode-bidi: plaintext; }
[data-testid="stMarkdownContainer"] li { margin-inline: 1.15em 0; padding-inline: 0.3em 0; }
[data-testid="stNumberInput"] input, [data-testid="stTextInput"] input { text-align: start; }
[data-testid="stSidebar"][data-collapsed="true"] { transform: translateX(24rem) !important; visibility: hidden; }
[data-testid="stProgress"] [role="progressbar"] { transform: scaleX(-1); }
[data-testid="stToolbar"] div:has(> [data-testid="stLogoLink"]),
[data-testid="stToolbar"] div:has(> div > [data-testid="stHeaderLogo"]) { margin: 0 1rem 0 0; }
[data-testid="stToolbar"] div:has(> [data-testid="stMainMenu"]) { margin: 0 0 0 1rem; }
[data-testid="stToastContainer"] { left: 1rem; right: auto; }
[data-testid="stButtonGroup"] button:not([data-selected="true"]) { border-left-color: var(--cx-line) !important; }
[data-testid="stButtonGroup"] button { margin: 0 0 0 -1px !important; border-radius: 0 !important; }
[data-testid="stButtonGroup"] button[data-selected="true"] { position: relative; z-index: 1; }
[data-testid="stButtonGroup"] button:first-child { border-radius: 0 0.375rem 0.375rem 0 !important; }
[data-testid="stButtonGroup"] button:last-child { border-radius: 0.375rem 0 0 0.375rem !important; margin: 0 !important; }
[data-testid="stExpander"] summary [data-testid="stIconMaterial"] { transform: scaleX(-1); }
[role="dialog"] > button[aria-label="Close"] { right: auto; left: 1rem; }
[data-testid="stCode"] { direction: ltr; }
[data-testid="stTabsScrollRight"], [data-testid="stTabsScrollLeft"] { display: none !important; }
[data-testid="stTabs"] [role="tablist"] { mask-image: none !important; }
.katex { direction: ltr; }
.katex-display, .katex-display { overflow: visible !important; }
.katex-display > .katex { text-align: start !important; }
"""


def style_sheet(direction: str) -> str:
    """Return the style sheet of a page that reads "ltr" or "rtl"; the system's theme until the app tells."""
    return _as_the_system() + _EVERYWHERE + (_RIGHT_TO_LEFT if direction == "rtl" else "")


@cache
def sign_in_sheet() -> str:
    """Return the style sheet of the page where people sign in, which is there before anything of the app is."""
    return _as_the_system() + (_UI / "app" / "sign_in.css").read_text(encoding="utf-8")


def _as_the_system() -> str:
    """Return both palettes, the dark one where the system is dark."""
    light, dark = (theme_variables(theme) for theme in THEMES)
    return f"{light} @media (prefers-color-scheme: dark) {{ {dark} }}"


def parts_sheet() -> str:
    """Return the style sheet of what the pages draw themselves; it belongs at the end of the document, after Streamlit's own styles."""
    return "".join(
        (_UI / name).read_text(encoding="utf-8") for name in ("pages.css", "decide/live_panel.css", "share/present.css")
    )


def current_place(section: int, page: int) -> str:
    """Return the rules that mark where one is: a section (from 0) in the bars of sections, and a page (from 0) in its own."""
    bar = f'[data-testid="stTopNav"] > :nth-child({section + 1}) > [data-testid="stTopNavSection"]'
    links = (f".st-key-section-bar > :nth-child({section + 1}) a p", f".st-key-page-bar > :nth-child({page + 1}) a p")
    return (
        f"{', '.join((bar, *links))} {{ box-shadow: inset 0 -2px 0 var(--cx-accent); }} "
        f"{', '.join((f'{bar} p', *links))} {{ color: var(--cx-text) !important; font-weight: 600 !important; }}"
    )


def theme_variables(theme: str, where: str = ":root") -> str:
    """Return the palette as CSS variables `--cx-...`, for the few elements of our own; `where` they hold is a selector."""
    colours = palette(theme)
    parts = ("background", "panel", "surface", "text", "quiet", "line", "accent")
    named = {name: str(getattr(colours, name)) for name in parts}
    named["accent-soft"] = colours.accent_soft
    for call, look in colours.verdicts.items():
        named |= {call: look.colour, f"{call}-soft": look.soft}
    return where + " { " + " ".join(f"--cx-{name}: {value};" for name, value in named.items()) + " }"
