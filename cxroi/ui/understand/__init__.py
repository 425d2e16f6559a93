"""The parts of the pages about customers: what they do, what they say, and what is coming."""
