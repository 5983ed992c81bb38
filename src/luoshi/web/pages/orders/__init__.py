"""Orders of the hotline: to be dispatched, sent back, without first contact, to be called back, waiting for approval."""
