"""Appraisals: drawn up from the ledger and from tables, announced, objected to, decided by persons who did not score, made final."""
