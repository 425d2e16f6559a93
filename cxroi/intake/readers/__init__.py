"""Bytes to a source table: every kind of file that is read."""
