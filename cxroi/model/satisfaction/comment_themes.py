"""What happy and unhappy customers write about: the words that tell their comments apart, gathered into themes.

Words are weighed by their log-odds with an informative Dirichlet prior, all comments of the language being the prior, so
that neither a rare word nor one that everybody uses comes first (Monroe, Colaresi & Quinn 2008, equations 15, 16 and 22).
Each word counts once a comment. What fewer than five customers wrote is never shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cxroi.model.statistics.logistic import benjamini_hochberg
from cxroi.model.statistics.proportion import critical_value, proportion_interval
from cxroi.model.statistics.uncertainty import Interval

FEWEST = 5  # customers whose comments may be told of together
MOST_WORDS, MOST_THEMES, _WORDS_OF_A_THEME = 60, 6, 4
_PRIOR_WORDS = 500.0  # how many words the prior counts as
_FALSE_DISCOVERY_RATE = 0.10
_TOGETHER = 0.5  # of a word's comments, that hold the first word of its theme too
_CONFIDENCE = 0.90
_LONGEST_QUOTE = 160

# Words that say nothing alone, letters and prefixes of the Arabic ones alike as in the query comment_tokens.
STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "again",
        "all",
        "also",
        "always",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "down",
        "even",
        "every",
        "for",
        "from",
        "get",
        "got",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "if",
        "in",
        "into",
        "is",
        "it",
        "it's",
        "its",
        "just",
        "like",
        "made",
        "make",
        "me",
        "more",
        "most",
        "my",
        "no",
        "nor",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "said",
        "same",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "they're",
        "this",
        "those",
        "though",
        "through",
        "to",
        "too",
        "two",
        "under",
        "until",
        "up",
        "us",
        "very",
        "was",
        "way",
        "we",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
        "three",
        "four",
        "five",
        "first",
        "من",
        "في",
        "علي",
        "الي",
        "عن",
        "مع",
        "هذا",
        "هذه",
        "ذلك",
        "تلك",
        "كان",
        "كانت",
        "كل",
        "كما",
        "لكن",
        "لم",
        "ولم",
        "لن",
        "لا",
        "ولا",
        "ما",
        "وما",
        "ان",
        "وان",
        "او",
        "ثم",
        "قد",
        "وقد",
        "هو",
        "هي",
        "هم",
        "انا",
        "نحن",
        "انت",
        "بعد",
        "قبل",
        "حتي",
        "اذا",
        "اذ",
        "عند",
        "عندما",
        "منذ",
        "بين",
        "غير",
        "جدا",
        "ايضا",
        "اي",
        "بها",
        "به",
        "له",
        "لها",
        "لهم",
        "فيه",
        "فيها",
        "منه",
        "منها",
        "عليه",
        "عليها",
        "يكون",
        "تكون",
        "مره",
        "مرات",
        "حيث",
        "هناك",
        "هنا",
        "كيف",
        "متي",
        "اين",
        "لماذا",
        "ليس",
        "ليست",
        "الا",
        "سوي",
        "نفس",
        "بعض",
        "اكثر",
        "اقل",
        "ثلاث",
        "ساعتين",
    ]
)

_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|@\w+", re.IGNORECASE)
_NUMBER = re.compile(r"[+(]?\d[\d\s().\-/]{3,}\d|\d{4,}")
_MASK = "…"


@dataclass(frozen=True, kw_only=True)
class WordCounts:
    """In how many comments a word stands; the word "" stands for all words of the language together."""

    language: str
    word: str
    written: str | None
    high: int
    low: int
    everywhere: int
    customers_high: int
    customers_low: int
    comments_high: int
    comments_low: int


@dataclass(frozen=True, kw_only=True)
class DistinctiveWord:
    """A word that tells comments apart: above 0 it is one of happy customers."""

    counts: WordCounts
    log_odds: float
    z: float

    @property
    def is_happy(self) -> bool:
        """Return whose word it is."""
        return self.z > 0


@dataclass(frozen=True, kw_only=True)
class Theme:
    """Words that stand together and tell one side from the other; the shares are of the comments of each side, for the first word."""

    language: str
    is_happy: bool
    key: str  # the first word, letters alike
    words: tuple[str, ...]  # as they are written most often
    comments: int  # of this side
    customers: int
    share_happy: Interval
    share_unhappy: Interval
    times: Interval  # how many times the odds of the other side


@dataclass(frozen=True, kw_only=True)
class Themes:
    """What is written about, the clearest first; how many comments were read of each side, and how many words were hidden as too rare."""

    themes: tuple[Theme, ...]
    comments_happy: int
    comments_unhappy: int
    hidden: int

    def of(self, *, happy: bool) -> tuple[Theme, ...]:
        """Return the themes of one side."""
        return tuple(one for one in self.themes if one.is_happy is happy)


def word_log_odds(
    first: float, of_first: float, second: float, of_second: float, prior: float, of_prior: float
) -> tuple[float, float]:
    """Return the log-odds of a word in the first group less that in the second, and how many standard errors that is.

    >>> tuple(round(x, 4) for x in word_log_odds(30, 1000, 10, 1000, 5, 500))
    (0.8609, 2.7895)
    """
    odds = [
        math.log((count + prior) / (total + of_prior - count - prior))
        for count, total in ((first, of_first), (second, of_second))
    ]
    return odds[0] - odds[1], (odds[0] - odds[1]) / _error(first, second, prior)


def _error(first: float, second: float, prior: float) -> float:
    return math.sqrt(1 / (first + prior) + 1 / (second + prior))


def distinctive_words(counts: Iterable[WordCounts]) -> tuple[tuple[DistinctiveWord, ...], int]:
    """Return the words that stand out from chance (of all, at most a tenth by mistake), the clearest first, and how many were hidden."""
    counts = list(counts)
    wholes = {one.language: one for one in counts if not one.word}
    weighed = [
        _weighed(one, wholes[one.language])
        for one in counts
        if one.word and one.everywhere < wholes[one.language].everywhere  # one word alone tells nobody apart
    ]
    adjusted = benjamini_hochberg([math.erfc(abs(one.z) / math.sqrt(2)) for one in weighed])
    clear = [one for one, p in zip(weighed, adjusted, strict=True) if p <= _FALSE_DISCOVERY_RATE]
    shown = [one for one in clear if _customers(one) >= FEWEST]
    return tuple(sorted(shown, key=lambda one: (-abs(one.z), one.counts.word))), len(clear) - len(shown)


def _weighed(one: WordCounts, whole: WordCounts) -> DistinctiveWord:
    prior = _prior(one, whole)
    log_odds, z = word_log_odds(one.high, whole.high, one.low, whole.low, prior, _PRIOR_WORDS)
    return DistinctiveWord(counts=one, log_odds=log_odds, z=z)


def _prior(one: WordCounts, whole: WordCounts) -> float:
    return _PRIOR_WORDS * one.everywhere / max(whole.everywhere, 1)


def _customers(one: DistinctiveWord) -> int:
    return one.counts.customers_high if one.is_happy else one.counts.customers_low


def gather_themes(counts: Iterable[WordCounts], pairs: Mapping[tuple[str, str], int]) -> Themes:
    """Return the themes: each word joins the first clearer one, of the same side and language, that half of its comments hold too.

    `pairs` counts the comments in which two words stand together, the words in the order of the alphabet.
    """
    counts = list(counts)
    words, hidden = distinctive_words(counts)
    groups: list[list[DistinctiveWord]] = []
    for word in words[:MOST_WORDS]:
        home = next((group for group in groups if _belongs(word, group[0], pairs)), None)
        if home is None:
            groups.append([word])
        else:
            home.append(word)
    sides = [[group for group in groups if group[0].is_happy is happy][:MOST_THEMES] for happy in (False, True)]
    wholes = {one.language: one for one in counts if not one.word}
    return Themes(
        themes=tuple(_theme(group, wholes[group[0].counts.language]) for side in sides for group in side),
        comments_happy=sum(one.comments_high for one in wholes.values()),
        comments_unhappy=sum(one.comments_low for one in wholes.values()),
        hidden=hidden,
    )


def _belongs(word: DistinctiveWord, head: DistinctiveWord, pairs: Mapping[tuple[str, str], int]) -> bool:
    if word.is_happy is not head.is_happy or word.counts.language != head.counts.language:
        return False
    first, second = sorted((word.counts.word, head.counts.word))
    return pairs.get((first, second), 0) >= _TOGETHER * word.counts.everywhere


def _theme(group: list[DistinctiveWord], whole: WordCounts) -> Theme:
    head = group[0]
    one = head.counts
    sign = 1 if head.is_happy else -1
    half = critical_value(_CONFIDENCE) * _error(one.high, one.low, _prior(one, whole))
    low, mid, high = (math.exp(sign * head.log_odds + shift) for shift in (-half, 0.0, half))
    return Theme(
        language=one.language,
        is_happy=head.is_happy,
        key=one.word,
        words=tuple(each.counts.written or each.counts.word for each in group[:_WORDS_OF_A_THEME]),
        comments=one.high if head.is_happy else one.low,
        customers=_customers(head),
        share_happy=_share(one.high, one.comments_high),
        share_unhappy=_share(one.low, one.comments_low),
        times=Interval(low=low, mid=mid, high=high),
    )


def _share(comments: int, of: int) -> Interval:
    if not of:
        return Interval(low=0.0, mid=0.0, high=1.0)
    low, high = proportion_interval(comments, of, confidence=_CONFIDENCE)
    return Interval(low=low, mid=comments / of, high=high)


def safe_quote(comment: str) -> str:
    """Return a comment without addresses, handles and longer numbers, cut at a word; names of people cannot be told from other words.

    >>> safe_quote("Call me on 0555 123 456 or ali@example.com, visit 2 was late")
    'Call me on … or … visit 2 was late'
    """
    masked = " ".join(_NUMBER.sub(_MASK, _ADDRESS.sub(_MASK, comment)).split())
    if len(masked) <= _LONGEST_QUOTE:
        return masked
    return masked[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + _MASK
