"""Words about versions and the audit trail."""
