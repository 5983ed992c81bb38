"""The ledger: the only storage. Append-only entries with a hash chain; every table that pages read is a fold of them."""
