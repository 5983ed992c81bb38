"""Administration of the interface for programs: on or off, all tokens, those of service accounts, subscriptions to events."""
