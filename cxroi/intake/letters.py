"""Letters that people write one for the other."""

from __future__ import annotations

# the forms of alef and ya, ta marbuta; vowel marks, the stroke and marks of direction say nothing
_VARIANTS, _USUAL, _UNSAID = "أإآىة", "ااايه", "ًٌٍَُِّْـ\u200e\u200f\u061c"
ARABIC_LETTERS = str.maketrans(_VARIANTS, _USUAL, _UNSAID)


def with_usual_letters(sql: str) -> str:
    """Return SQL for a text as `str.translate(ARABIC_LETTERS)` writes it."""
    return f"translate({sql}, '{_VARIANTS}{_UNSAID}', '{_USUAL}')"
