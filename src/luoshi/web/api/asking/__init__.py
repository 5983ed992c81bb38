"""What may be asked of the ledger from outside: each a function of a scope, for the addresses of the interface and for an assistant alike."""
