"""Signing in: passwords and locks, single sign-on, and the log of who saw what."""
