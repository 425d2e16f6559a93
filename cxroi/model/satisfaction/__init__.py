"""What customers answer in surveys, and which touchpoints go with leaving."""
