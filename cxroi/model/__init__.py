"""Pure arithmetic, from a month of customers to a verdict: no clock, no files, no SQL, no unseeded randomness."""
