"""How long do customers stay, and what are they worth? The answer first, then who came and went, who stays, and what each brings and costs."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.app.filters import filter_bar
from cxroi.ui.understand.customers import (
    answer,
    bring_and_cost,
    came_and_went,
    five_points,
    how_long,
    months_of,
    who_stays,
    worth_by_segment,
)

text, theme = current_text(), current_theme()
chosen = filter_bar("period", "segment")
found = months_of(chosen)
if found is not None:
    answer(chosen, found, text)
    came_and_went(chosen, found, text, theme)
    who_stays(chosen, found, text, theme)
    five_points(chosen, found, text)
    worth_by_segment(found, text, theme)
    bring_and_cost(found, text)
    how_long(chosen, found, text, theme)
