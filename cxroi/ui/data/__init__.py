"""Widgets of the Upload page: files, questions, settings, versions."""
