"""Which rows stay, and what is flagged."""
