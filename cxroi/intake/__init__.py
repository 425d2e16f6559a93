"""An uploaded file to typed columns, in a limited child process; writes canonical Parquet and a report."""
