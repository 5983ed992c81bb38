"""Files that came in are read here, one after the other, each in a process that may be stopped."""
