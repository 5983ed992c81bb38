"""One indicator over years and places."""
