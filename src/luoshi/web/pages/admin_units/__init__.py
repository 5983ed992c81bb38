"""Administration: units."""
