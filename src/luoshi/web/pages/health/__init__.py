"""The health page: JSON for what watches the server."""
