"""Words that tell comments apart: the formulae by hand, their limits and signs, then what is hidden and what a quote may hold."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxroi.model.satisfaction.comment_themes import (
    WordCounts,
    distinctive_words,
    gather_themes,
    safe_quote,
    word_log_odds,
)

small = st.integers(1, 400)


def word(name, high, low, *, language="other", customers=None, everywhere=None):
    return WordCounts(
        language=language,
        word=name,
        written=name,
        high=high,
        low=low,
        everywhere=everywhere or high + low,
        customers_high=high if customers is None else customers,
        customers_low=low if customers is None else customers,
        comments_high=200,
        comments_low=200,
    )


def whole(high=2000, low=2000, language="other"):
    return word("", high, low, language=language)


def test_the_log_odds_are_those_of_monroe_colaresi_and_quinn():
    # equations 15, 16, 20 and 22 by hand: 35 of 1500 against 15 of 1500, the prior of 5 among 500 counted in
    log_odds, z = word_log_odds(30, 1000, 10, 1000, 5, 500)
    assert log_odds == pytest.approx(math.log(35 / 1465) - math.log(15 / 1485))
    assert z == pytest.approx(log_odds / math.sqrt(1 / 35 + 1 / 15))


@given(small, small, st.floats(0.5, 50))
def test_both_sides_changed_over_change_the_sign_and_alike_there_is_nothing(first, second, prior):
    one, other = (
        word_log_odds(first, 1000, second, 1000, prior, 500),
        word_log_odds(second, 1000, first, 1000, prior, 500),
    )
    assert one == pytest.approx((-other[0], -other[1]))
    assert word_log_odds(first, 1000, first, 1000, prior, 500) == (0.0, 0.0)


def test_without_a_prior_they_are_plain_log_odds_and_a_heavy_one_says_that_all_are_alike():
    plain = math.log(30 / 970) - math.log(10 / 990)
    assert word_log_odds(30, 1000, 10, 1000, 1e-9, 1e-7)[0] == pytest.approx(plain, rel=1e-6)
    assert abs(word_log_odds(30, 1000, 10, 1000, 1e6, 1e8)[0]) < 1e-4
    assert abs(word_log_odds(3, 1000, 0, 1000, 1, 500)[1]) < abs(word_log_odds(60, 1000, 30, 1000, 20, 500)[1])


def test_a_word_that_everybody_uses_is_no_theme_and_one_of_a_single_customer_is_hidden():
    counts = [whole(), word("late", 5, 80), word("technician", 90, 92), word("secret", 0, 60, customers=2)]
    words, hidden = distinctive_words(counts)
    assert [one.counts.word for one in words] == ["late"] and not words[0].is_happy
    assert hidden == 1


def test_words_of_the_same_comments_are_one_theme_and_each_language_has_its_own():
    counts = [
        *(whole(), word("late", 5, 80), word("hours", 5, 60), word("easy", 70, 2)),
        *(whole(language="ar"), word("تاخر", 4, 70, language="ar")),
    ]
    found = gather_themes(counts, {("hours", "late"): 60})
    assert [one.words for one in found.of(happy=False)] == [("late", "hours"), ("تاخر",)]
    (easy,) = found.of(happy=True)
    assert easy.comments == 70 and easy.share_happy.mid == 0.35 and easy.share_unhappy.mid == 0.01
    assert easy.times.low > 1 and (found.comments_happy, found.comments_unhappy) == (400, 400)
    apart = gather_themes(counts, {("hours", "late"): 20})
    assert [one.words for one in apart.of(happy=False)] == [("late",), ("تاخر",), ("hours",)]


def test_a_language_that_is_one_word_alone_tells_nobody_apart():
    alone = {"comments_high": 3, "comments_low": 9, "customers_high": 3, "customers_low": 9}
    counts = [
        WordCounts(language="en", word=name, written=name, high=3, low=9, everywhere=12, **alone)
        for name in ("", "late")
    ]
    assert distinctive_words(counts) == ((), 0)


def test_no_comments_are_no_themes():
    assert gather_themes([], {}).themes == ()


@pytest.mark.parametrize(
    "private",
    [
        "ali.b@example.com",
        "https://x.example/me?id=7",
        "www.example.org",
        "0555 123 456",
        "+966-55-123-4567",
        "1029384756",
        "٠٥٥٥١٢٣٤٥٦",
        "@ali_b",
    ],
)
def test_a_quote_shows_no_address_and_no_longer_number(private):
    quote = safe_quote(f"Call {private} please, visit 2 was late")
    assert private not in quote and quote.startswith("Call …") and "visit 2 was late" in quote


def test_a_long_quote_is_cut_at_a_word():
    quote = safe_quote("word " * 60)
    assert len(quote) <= 161 and quote.endswith("word…")
