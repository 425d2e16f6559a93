"""The shell that takes a file from quarantine through the intake child into a published version of a workspace."""
