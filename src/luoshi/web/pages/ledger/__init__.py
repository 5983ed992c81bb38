"""The table of facts."""
