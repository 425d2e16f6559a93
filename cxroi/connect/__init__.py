"""Databases and published files as sources: read only, from hosts that an administrator allows, into a file that the intake then reads like any other."""
