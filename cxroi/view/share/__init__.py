"""Words of the Method page."""
