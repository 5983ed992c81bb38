"""One item: the words it rests on, who answers for it, and what became of it."""
