"""What a person may decide: the plan for a file, its currency, scales, status and ledger rules."""
