"""What is known of the exports of well-known systems: one file of data each, told from others by its headings."""
