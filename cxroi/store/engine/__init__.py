"""Queries with a contract, run by DuckDB on one version."""
