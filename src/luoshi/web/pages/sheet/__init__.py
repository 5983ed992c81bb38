"""The ledger as a sheet: taken out, brought in, answered."""
