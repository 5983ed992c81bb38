"""Administration: audit."""
