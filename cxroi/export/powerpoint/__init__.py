"""The story as a deck for PowerPoint: native charts and tables, notes, and the same words as everywhere."""
