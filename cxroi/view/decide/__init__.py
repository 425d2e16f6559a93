"""Words and drawings of the pages that decide."""
