"""A story as one HTML file: the five sentences, every slide with its whole tables, and what stands behind them; it prints as it reads."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path

from cxroi.chart.drawing import Drawing
from cxroi.chart.theme import THEMES, palette
from cxroi.export.image import font_faces, picture
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.ranged import RangeBar, RangedFigure
from cxroi.view.share.board_summary import BoardSummary
from cxroi.view.share.story import Figures, Part, Provenance, Sentences, Slide, Story, StoryTable

_LONGEST = 2_000  # signs of one piece of words
_COLOURS = ("background", "panel", "surface", "text", "quiet", "line", "accent", "accent_soft")


def html_report(story: Story, summary: BoardSummary, text: Text) -> bytes:
    """Return the report of a story in the language of `text`."""
    slides = (*story.slides, *story.appendix)
    contents = "".join(f'<li><a href="#{one.id}">{_safe(one.name)}</a></li>' for one in slides)
    sentences = "".join(f"<p>{_safe(sentence)}</p>" for sentence in summary.sentences)
    mark = f'<p class="mark">{_safe(story.provenance.illustrative)}</p>' if story.provenance.illustrative else ""
    body = (
        f'<header><p class="kicker">{_safe(text("app.name"))}</p><h1>{_safe(story.title)}</h1>{mark}'
        f'<section class="summary"><h2>{_safe(text("summary.title"))}</h2>{sentences}</section>'
        f'<nav aria-label="{_safe(text("share.contents"))}"><ol>{contents}</ol></nav></header>'
        f"<main>{''.join(_slide(one, text) for one in slides)}</main>"
        f"<footer>{_facts(story.provenance)}</footer>"
    )
    return (
        f'<!doctype html>\n<html lang="{text.language}" dir="{text.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; font-src data:\">"
        f"<title>{_safe(story.title)}</title><style>{_style(story.provenance, text)}</style></head><body>{body}</body></html>\n"
    ).encode()


def _slide(slide: Slide, text: Text) -> str:
    parts = "".join(_part(part, f"{slide.id}-{place}", slide, text) for place, part in enumerate(slide.parts))
    return (
        f'<section id="{slide.id}"><p class="kicker">{_safe(slide.name)}</p><h2>{_safe(slide.title)}</h2>{parts}'
        f'<p class="source">{_safe(slide.source)}</p></section>'
    )


def _part(part: Part, name: str, slide: Slide, text: Text) -> str:
    if isinstance(part, Figures):
        return _figures(part)
    if isinstance(part, Sentences):
        tag, around = ("li", "ul") if part.listed else ("p", "div")
        return f"<{around}>{''.join(f'<{tag}>{_safe(one)}</{tag}>' for one in part.sentences)}</{around}>"
    heading = f"<h3>{_safe(part.title)}</h3>" if part.title != slide.title else ""
    return heading + (_table(part) if isinstance(part, StoryTable) else _drawing(part, name, slide, text))


def _figures(part: Figures) -> str:
    caption = f'<p class="kicker">{_safe(part.caption)}</p>' if part.caption else ""
    return f'{caption}<div class="figures">{"".join(map(_figure, part.figures))}</div>'


def _figure(figure: RangedFigure) -> str:
    dots = "" if figure.share is None else f'<span class="dots" style="--share:{100 * figure.share:.1f}%"></span>'
    told = "".join(f"<small>{_safe(words)}</small>" for words in (figure.range, figure.note) if words)
    bar = _bar(figure.bar) if figure.bar else ""
    return f"<div><p>{_safe(figure.label)}</p><p><strong>{_safe(figure.value)}</strong>{told}</p>{bar}{dots}</div>"


def _bar(bar: RangeBar) -> str:
    marks = [("low", bar.low), ("size", bar.high - bar.low), ("mid", bar.mid), ("zero", bar.zero)]
    places = ";".join(f"--{name}:{100 * at:.1f}%" for name, at in marks if at is not None)
    middle = "<u></u>" if bar.has_middle else ""
    return f'<span class="bar" style="{places}"><i></i>{"" if bar.zero is None else "<b></b>"}{middle}</span>'


def _table(table: StoryTable) -> str:
    head = "".join(f"<th{_aligned(place, table)}>{_safe(words)}</th>" for place, words in enumerate(table.headings))
    rows = "".join(f"<tr>{''.join(_cells(row, table))}</tr>" for row in table.rows)
    note = f'<p class="note">{_safe(table.note)}</p>' if table.note else ""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}'


def _cells(row: Iterable[str], table: StoryTable) -> Iterable[str]:
    for place, words in enumerate(row):
        tag = "td" if place else 'th scope="row"'
        yield f"<{tag}{_aligned(place, table)}><bdi>{_safe(words)}</bdi></{tag[:2]}>"


def _aligned(place: int, table: StoryTable) -> str:
    return ' class="figure"' if place in table.figures else ""


def _drawing(drawing: Drawing, name: str, slide: Slide, text: Text) -> str:
    pictures = "".join(
        f'<div class="{theme}">{picture(drawing, text, theme, f"{name}-{theme}")}</div>' for theme in THEMES
    )
    above = f'<figcaption class="note">{_safe(drawing.subtitle)}</figcaption>' if drawing.subtitle else ""
    below = f'<p class="note">{_safe(drawing.footer)}</p>' if drawing.footer != slide.source else ""
    return f'<figure>{above}<div role="img" aria-label="{_safe(drawing.alternative)}">{pictures}</div>{below}</figure>'


def _facts(of: Provenance) -> str:
    rows = "".join(f"<div><dt>{_safe(label)}</dt><dd><bdi>{_safe(words)}</bdi></dd></div>" for label, words in of.facts)
    return f"<dl>{rows}</dl>"


def _style(of: Provenance, text: Text) -> str:
    light, dark = map(_variables, THEMES)
    family = "'IBM Plex Sans Arabic', 'IBM Plex Sans'" if text.direction == "rtl" else "'IBM Plex Sans'"
    near, far = ("right", "left") if text.direction == "rtl" else ("left", "right")
    foot = f"font: 7pt/1.3 {family}, sans-serif; direction: {text.direction}; color: {palette('light').quiet};"
    return (
        f"{font_faces(text.direction)} :root {{ {light} --family: {family}, sans-serif; }} "
        f".dark {{ display: none; }} @media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} "
        f".light {{ display: none; }} .dark {{ display: block; }} }} "
        f"{_sheet()} @page {{ @bottom-{near} {{ {foot} text-align: {near}; content: {_quoted(of.line)}; inline-size: 90%; }} "
        f"@bottom-{far} {{ {foot} text-align: {far}; content: counter(page); }} }}"
    )


def _variables(theme: str) -> str:
    colours = palette(theme)
    return " ".join(f"--{name.replace('_', '-')}: {getattr(colours, name)};" for name in _COLOURS)


def _quoted(words: str) -> str:
    r"""Return words as a string of a style sheet, in which no sign but a letter, a digit or a space stands for itself.

    >>> _quoted('a"b</style>')
    '"a\\22 b\\3c \\2f style\\3e "'
    """
    return (
        '"'
        + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in shown(words, _LONGEST))
        + '"'
    )


@cache
def _sheet() -> str:
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def _safe(words: str) -> str:
    return escape(shown(words, _LONGEST))
