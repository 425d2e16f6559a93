"""The parts of the pages under Understand."""
