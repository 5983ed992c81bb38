"""The regions that the ledger has documents of."""
