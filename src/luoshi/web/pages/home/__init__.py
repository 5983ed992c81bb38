"""The first page: what came in, what waits for me, what changed."""
