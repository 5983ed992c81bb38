"""Releases for the public: drawn up, looked at by a second person, published, withdrawn."""
