"""One page for a leader: what is red and why, what waits for a decision, and a word to any of it."""
