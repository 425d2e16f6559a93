"""The app around its pages: frame, language, theme, what was chosen, what is current, the server."""
