"""Words of what was promised and what came."""
