"""How long customers stay, how often they buy, and what one is worth."""
