"""The indicators of the ledger."""
