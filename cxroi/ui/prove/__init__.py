"""The parts of the section Prove."""
