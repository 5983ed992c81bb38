"""A matter that stands in no document, written into the form of its mechanism."""
