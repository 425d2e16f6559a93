"""A cell as presets compare their words with it, in SQL."""

from __future__ import annotations

from cxroi.intake.letters import with_usual_letters


def plain(place: int) -> str:
    """Return SQL for column `place` as `told` writes headings: without case, signs and variants of Arabic letters."""
    letters = with_usual_letters(f"lower(coalesce(c{place}, ''))")
    return f"trim(regexp_replace({letters}, '[^\\p{{L}}\\p{{N}}]+', ' ', 'g'))"
