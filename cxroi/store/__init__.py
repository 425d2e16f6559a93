"""Where the data live: immutable versions as Parquet, the one query engine over them, and the small state beside them."""
