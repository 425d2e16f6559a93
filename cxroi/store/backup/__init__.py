"""A whole workspace in one file: written while others load, checked to the last byte before it comes back."""
