"""Charts: one function a chart, from values and words to a Vega-Lite spec; the only package that knows altair."""
