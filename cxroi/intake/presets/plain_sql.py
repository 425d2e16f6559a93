"""A cell as presets compare their words with it, in SQL."""

from __future__ import annotations


def plain(place: int) -> str:
    """Return SQL for column `place` as `told` writes headings: without case, signs and variants of Arabic letters."""
    letters = f"translate(lower(coalesce(c{place}, '')), 'أإآىة', 'ااايه')"
    return f"trim(regexp_replace({letters}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
