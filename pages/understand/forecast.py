"""What is coming, if nothing is changed? The next month, quarter and year, how far such forecasts were off, and targets."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.understand.forecast import looked_at, outlook, targets_form, what_is_coming

text, theme = current_text(), current_theme()
segment = looked_at()
held = outlook(segment, text)
if held is not None:
    what_is_coming(held, segment, text, theme)
    targets_form(segment, text)
