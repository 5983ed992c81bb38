"""Undoing what one has just done."""
