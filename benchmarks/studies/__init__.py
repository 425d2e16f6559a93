"""Studies on made companies: what the product says about each, beside its truth, and what following it would have earned."""
