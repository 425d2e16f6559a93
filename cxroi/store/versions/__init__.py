"""The workspace and its versions, which never change."""
