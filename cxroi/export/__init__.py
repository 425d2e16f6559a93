"""What leaves as a file: templates, and the rows that were kept out."""
