"""Administration: regions."""
