"""What a plan is worth: the projection, money in and out, returns."""
