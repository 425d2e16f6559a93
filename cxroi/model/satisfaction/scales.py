"""What an answer to a survey counts as: its scale, and from where it is a promoter's, satisfied or easy. Once for all."""

from __future__ import annotations

from typing import Final

NPS_SCALES: Final = ((0, 10),)
CSAT_SCALES: Final = ((1, 5), (1, 7), (1, 10), (0, 100))
CES_SCALES: Final = ((1, 5), (1, 7))
SCALES: Final = {"nps": NPS_SCALES, "csat": CSAT_SCALES, "ces": CES_SCALES}

PROMOTER: Final = 9.0  # and above, of 0 to 10 (Reichheld 2003)
DETRACTOR: Final = 6.0  # and below
TOP_BOXES: Final = 2.0  # the highest answers, so many, are satisfied
LONGEST_IN_BOXES: Final = 10.0  # a longer scale is no row of boxes
TOP_SHARE: Final = 0.8  # of a longer scale is satisfied: the top fifth, which is what the top box of five covers
# "Somewhat agree" and above on seven points (Dixon, Toman & DeLisi 2013), the top two of five.
EASY_OF_FIVE: Final = 4.0
EASY_OF_SEVEN: Final = 5.0

# What the query that counts answers takes from here.
SCORE_RULES: Final = {
    "promoter": PROMOTER,
    "detractor": DETRACTOR,
    "top_boxes": TOP_BOXES,
    "longest_in_boxes": LONGEST_IN_BOXES,
    "top_share": TOP_SHARE,
    "easy_of_five": EASY_OF_FIVE,
    "easy_of_seven": EASY_OF_SEVEN,
}


def estimate_ends(metric: str) -> tuple[float, float]:
    """Return the ends of a score as a person says it: NPS from -100 to 100, a share from 0 to 100 percent."""
    return (-100.0, 100.0) if metric == "nps" else (0.0, 100.0)


def satisfied_from(highest: float) -> float:
    """Return the lowest satisfied answer of a CSAT scale by its highest one.

    >>> [satisfied_from(highest) for highest in (5, 7, 10, 100)]
    [4.0, 6.0, 9.0, 80.0]
    """
    return TOP_SHARE * highest if highest > LONGEST_IN_BOXES else highest - (TOP_BOXES - 1)


def easy_from(highest: float) -> float:
    """Return the lowest easy answer of a CES scale by its highest one, higher being easier.

    >>> easy_from(5), easy_from(7)
    (4.0, 5.0)
    """
    return EASY_OF_SEVEN if highest > 5 else EASY_OF_FIVE


def is_high(metric: str, score: float, highest: float) -> bool:
    """Return whether an answer is a promoter's (nps), satisfied (csat) or easy (ces), on the scale with this highest one.

    >>> is_high("csat", 4, 5), is_high("ces", 5, 7), is_high("nps", 8, 10)
    (True, True, False)
    """
    if metric == "nps":
        return score >= PROMOTER
    return score >= (easy_from(highest) if metric == "ces" else satisfied_from(highest))
