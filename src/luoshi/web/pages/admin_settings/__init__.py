"""Administration: settings."""
