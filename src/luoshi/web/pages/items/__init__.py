"""The table of items."""
