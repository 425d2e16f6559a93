"""Views become HTML in which nothing that came from data acts as markup."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from cxroi.model.decision.verdict import Call
from cxroi.text import LANGUAGES, Text
from cxroi.ui import markup
from cxroi.view.decide.overview import overview
from cxroi.view.decide.what_if import headline, sides
from tests.made_case import made_case

EN = Text("en")
HOSTILE = '<img src=x onerror="alert(1)">'


def test_a_segment_name_never_becomes_markup():
    case = made_case()
    case = replace(case, segments=(replace(case.segments[0], segment=HOSTILE), *case.segments[1:]))
    html = markup.segment_table(overview(case, None, EN).segments)
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in html


def test_a_pilot_segment_on_the_card_never_becomes_markup():
    case = made_case(Call.NOT_ENOUGH_EVIDENCE)
    hostile = replace(case.verdict.pilot, segment=HOSTILE)
    verdict = replace(case.verdict, find_pilot=lambda: hostile)
    assert "<img" not in markup.verdict_card(overview(replace(case, verdict=verdict), None, EN).card)


@pytest.mark.parametrize("call", Call)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_is_a_mark_and_a_word_never_a_colour_alone(call, language):
    html = markup.verdict_card(overview(made_case(call), None, Text(language)).card)
    assert 'class="cx-mark"' in html
    assert Text(language)(f"verdict.word.{call}") in html


def test_the_headline_announces_itself_when_it_changes():
    assert 'role="status"' in markup.headline(headline(made_case(), EN))


def test_the_strip_below_the_slider_spans_what_the_data_have_seen():
    assert "inset-inline-start:20.7%;width:36.3%" in markup.beside(sides(made_case(), EN)["investment"])


def test_what_may_be_empty_is_drawn_in_the_one_place_that_draws_nothing_then(monkeypatch):
    drawn = []
    monkeypatch.setattr(markup.st, "html", drawn.append)
    markup.draw()
    markup.draw("", markup.paragraphs(()), markup.told(()), markup.quotes(()), markup.alerts(()))
    markup.draw(markup.line("a"), "", markup.line("b"))
    assert drawn == [markup.line("a") + markup.line("b")]
    may_be_empty = re.compile(r"st\.html\(\s*(\"\"\.join|markup\.(paragraphs|told|quotes|alerts)\()")
    sources = [*Path(markup.__file__).parent.rglob("*.py"), *(Path(__file__).parents[2] / "pages").rglob("*.py")]
    assert not [path for path in sources if may_be_empty.search(path.read_text(encoding="utf-8"))]
