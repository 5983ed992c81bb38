"""The addresses of the interface, a module for each kind of thing. Asking is apart from answering, so that an assistant asks the same."""
