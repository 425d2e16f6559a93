"""Where the data live: immutable versions as Parquet, the engine that queries them, and the small state beside them."""
