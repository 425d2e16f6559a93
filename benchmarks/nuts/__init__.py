"""The posterior against a full fit by the no-U-turn sampler, in an environment of its own; see README.md beside this file."""
