"""The story as PDF: a report on A4, one page for a board, slides on 16:9; tagged, with our fonts inside."""
