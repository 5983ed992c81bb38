"""The pages: a thin skin of Django over the two doors of the ledger."""
