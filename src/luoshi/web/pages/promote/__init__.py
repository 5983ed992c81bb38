"""From facts to items: the look before a document's tasks become items."""
