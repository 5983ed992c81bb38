"""Administration: aliases."""
