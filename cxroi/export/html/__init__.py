"""The report as one HTML file that needs nothing else: no script, no address, its fonts and pictures inside."""
