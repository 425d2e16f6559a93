"""Currencies and what they are worth: the one table and the one module of each."""
