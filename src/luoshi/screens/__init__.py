"""A screen for each command: what it writes, where, and the exit code that it ends with."""
