"""How customers answer to spend: the curve, what is believed before, the likelihood of the history and the posterior."""
