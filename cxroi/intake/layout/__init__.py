"""Where things stand in a file: the grid, headings, periods, totals, the body."""
