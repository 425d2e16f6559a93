"""The parts of the pages of Understand."""
