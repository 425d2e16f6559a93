"""What customers do and say, and what is coming: one module a page, the same for the terminal."""
