"""Administration of Open311: on or off, and the keys of those who report by it."""
