"""Administration: posts."""
