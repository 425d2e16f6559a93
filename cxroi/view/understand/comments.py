"""What happy and unhappy customers write about, in words, with a quote for each theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from cxroi.chart.drawing import Column, Table
from cxroi.model.satisfaction.comment_themes import FEWEST, Theme, Themes
from cxroi.model.statistics.uncertainty import Interval
from cxroi.text import Text
from cxroi.text.plain import shown
from cxroi.view.figure import percent_range
from cxroi.view.table import columns

_MOST_QUOTES = 3  # of a side


@dataclass(frozen=True, kw_only=True)
class CommentView:
    """The finding, the themes as a table, a few quotes of each side under its heading, and what to know."""

    title: str
    table: Table
    caption: str
    quotes: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]  # heading; words and quote
    notes: tuple[str, ...]


def comment_view(found: Themes, quotes: Mapping[tuple[bool, str], str], text: Text) -> CommentView:
    """Return the themes; `quotes` holds one comment by side and first word, made safe."""
    return CommentView(
        title=_title(found, text),
        table=_table(found, text),
        caption=text("satisfaction.comments.caption"),
        quotes=tuple(
            (text(f"satisfaction.comments.heading_{_side(happy)}"), told)
            for happy in (False, True)
            if (told := _quotes(found, quotes, happy, text))
        ),
        notes=_notes(found, text),
    )


def comment_words(found: Themes, text: Text) -> list[str]:
    """Return the themes for the terminal: counts and ranges, no quotes."""
    table = _table(found, text)
    rows = [[column.words[place] for column in table] for place in range(len(found.themes))]
    return [_title(found, text), "", *columns([column.heading for column in table], rows), "", *_notes(found, text)]


def _side(happy: bool) -> str:
    return "happy" if happy else "unhappy"


def _title(found: Themes, text: Text) -> str:
    unhappy, happy = (_own_first(found.of(happy=side), text) for side in (False, True))
    if not (unhappy or happy):
        return text("satisfaction.comments.title_none")
    if not (unhappy and happy):
        side = _side(bool(happy))
        return text(f"satisfaction.comments.title_{side}", words=_words((unhappy or happy)[0], text))
    return text("satisfaction.comments.title", unhappy=_words(unhappy[0], text), happy=_words(happy[0], text))


def _words(theme: Theme, text: Text) -> str:
    return shown(text.listed(theme.words))


def _quotes(
    found: Themes, quotes: Mapping[tuple[bool, str], str], happy: bool, text: Text
) -> tuple[tuple[str, str], ...]:
    """Return at most three quotes of a side, those of both languages in turn, each comment once."""
    told: dict[str, str] = {}
    for theme in _in_turn(_own_first(found.of(happy=happy), text)):
        quote = quotes.get((happy, theme.key), "")
        if quote and quote not in told and len(told) < _MOST_QUOTES:
            told[quote] = _words(theme, text)
    return tuple((words, shown(quote)) for quote, words in told.items())


def _own_first(themes: Sequence[Theme], text: Text) -> list[Theme]:
    """Return themes with those in the letters of the reader's language first."""
    return sorted(themes, key=lambda theme: (theme.language == "ar") is not (text.language == "ar"))


def _in_turn(themes: Sequence[Theme]) -> list[Theme]:
    """Return themes so that each language has its turn."""
    by_language: dict[str, list[Theme]] = {}
    for theme in themes:
        by_language.setdefault(theme.language, []).append(theme)
    return [theme for turn in zip_longest(*by_language.values()) for theme in turn if theme is not None]


def _table(found: Themes, text: Text) -> Table:
    names = tuple(_words(theme, text) for theme in found.themes)
    sides = tuple(text(f"satisfaction.comments.{_side(theme.is_happy)}") for theme in found.themes)
    return (
        Column(heading=text("satisfaction.comments.column_words"), figures=names, words=names),
        Column(heading=text("satisfaction.comments.column_side"), figures=sides, words=sides),
        _share_column("unhappy", [theme.share_unhappy for theme in found.themes], text),
        _share_column("happy", [theme.share_happy for theme in found.themes], text),
        Column(
            heading=text("satisfaction.comments.column_customers"),
            figures=tuple(theme.customers for theme in found.themes),
            words=tuple(text.number(theme.customers, 0) for theme in found.themes),
        ),
    )


def _share_column(side: str, shares: list[Interval], text: Text) -> Column:
    return Column(
        heading=text(f"satisfaction.comments.column_{side}"),
        figures=tuple(100 * share.mid for share in shares),
        words=tuple(
            text("satisfaction.after.with_range", mid=text.percent(share.mid, 0), range=percent_range(share, text))
            for share in shares
        ),
    )


def _notes(found: Themes, text: Text) -> tuple[str, ...]:
    notes = [
        text("satisfaction.comments.source", unhappy=found.comments_unhappy, happy=found.comments_happy, fewest=FEWEST)
    ]
    if found.hidden:
        notes.append(text("satisfaction.comments.hidden", count=found.hidden, fewest=FEWEST))
    return (*notes, text("satisfaction.comments.note"))
