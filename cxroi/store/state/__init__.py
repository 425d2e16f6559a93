"""What a person has set: rates, rules, mappings, scenarios, the audit trail."""
