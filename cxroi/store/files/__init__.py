"""Files written so that nothing is lost: durable bytes, Parquet, what waits, what was left behind."""
