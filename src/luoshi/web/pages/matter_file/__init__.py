"""Items that stand in the ledger become matters, many at once."""
