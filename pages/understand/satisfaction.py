"""What do customers say, and what follows? The scores of a period first, then what each answer is followed by, and why."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.app.filters import filter_bar
from cxroi.ui.understand.perception import what_managers_think
from cxroi.ui.understand.satisfaction import (
    how_support_went,
    what_follows,
    what_goes_with_leaving,
    what_they_say,
    what_they_write,
)
from cxroi.ui.understand.staff import our_own_people

text, theme = current_text(), current_theme()
of = filter_bar("period", "segment", "touchpoint", "channel")
metric = what_they_say(of, text, theme)
if metric:
    what_follows(of, metric, text, theme)
    what_goes_with_leaving(of, text)
how_support_went(of, text)
if metric:
    what_they_write(of, text)
    what_managers_think(of, metric, text)
    our_own_people(of, metric, text, theme)
