"""What waits for the supervision office: the evidence beside the target's own words, passed or returned in place."""
