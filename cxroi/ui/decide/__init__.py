"""Widgets of the pages that decide."""
