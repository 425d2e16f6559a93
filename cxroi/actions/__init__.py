"""Every change of a workspace: it takes who makes it, does it, and leaves a line in the audit trail that says who, what and which version."""
