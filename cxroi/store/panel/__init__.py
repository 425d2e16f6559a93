"""What the model reads of a version: panel, counts, spend, lines."""
