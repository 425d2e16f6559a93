"""Which slides are shown in which order, and what is said of each."""

from cxroi.model.kept_scenario import SlideChoice, SlideChoices
from cxroi.text import Text
from cxroi.view.share.deck import arranged, changed, deck
from cxroi.view.share.story import Slide


def slide(id):
    return Slide(id=id, name=id, title=f"Title of {id}", parts=(), notes=(f"Say {id}",), source="s")


SLIDES = tuple(map(slide, ("verdict", "why", "risks", "cash")))


def ids(rows):
    return [(of.id, choice.hidden) for of, choice in rows]


def test_slides_come_as_they_were_chosen_then_the_others_and_what_stands_behind_is_left_out_until_somebody_wants_it():
    assert ids(arranged(SLIDES, SlideChoices())) == [
        ("verdict", False),
        ("why", False),
        ("risks", False),
        ("cash", True),
    ]
    wanted = SlideChoices(slides=(SlideChoice(id="cash"), SlideChoice(id="lines"), SlideChoice(id="why", hidden=True)))
    assert ids(arranged(SLIDES, wanted)) == [("cash", False), ("why", True), ("verdict", False), ("risks", False)]
    assert [one.slide.id for one in deck(SLIDES, wanted, Text("en"))] == ["cash", "verdict", "risks"]


def test_a_slide_is_moved_left_out_and_captioned_and_what_these_data_lack_is_not_forgotten():
    wanted = SlideChoices(slides=(SlideChoice(id="lines", caption="kept"),), language="ar")
    moved = changed(SLIDES, wanted, "risks", move=-1)
    assert [one.id for one in moved.slides] == ["verdict", "risks", "why", "cash", "lines"]
    assert moved.slides[-1].caption == "kept" and moved.language == "ar"
    assert changed(SLIDES, moved, "verdict", move=-1) == moved, "the first stays the first"
    told = changed(SLIDES, moved, "risks", caption="So what?", hidden=True)
    assert told.slides[1] == SlideChoice(id="risks", hidden=True, caption="So what?")


def test_every_slide_says_its_place_the_next_one_and_the_caption_before_the_notes():
    wanted = changed(SLIDES, SlideChoices(), "why", caption="In short")
    first, second, last = deck(SLIDES, wanted, Text("ar"))
    assert (first.position, last.position) == ("1 من 3", "3 من 3")
    assert first.next_title == second.slide.title and last.next_title == Text("ar")("present.last")
    assert second.notes == ("In short", "Say why") and second.slide.title in second.announced
    assert (
        deck(SLIDES, SlideChoices(slides=tuple(SlideChoice(id=one.id, hidden=True) for one in SLIDES)), Text("en"))
        == ()
    )
