"""What is coming without the plan."""
