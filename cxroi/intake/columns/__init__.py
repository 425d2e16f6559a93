"""What a column holds: which one it is, its convention, its typed cells."""
