"""What does customer experience cost, and is it within budget? The ledger by what it is called, and from its files to the verdict."""

from cxroi.ui.app.current import current_text, current_theme
from cxroi.ui.understand.costs import from_files_to_verdict, ledger, line_by_line, looked_at, what_was_spent

text, theme = current_text(), current_theme()
about, by, counts = looked_at(text)
found = ledger(about, by, counts)
if found is not None:
    what_was_spent(found, about, text, theme)
    line_by_line(about, counts, text)
    from_files_to_verdict(found[1], text)
