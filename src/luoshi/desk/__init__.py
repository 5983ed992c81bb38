"""The door for persons: may they? what would it change? then an entry. One module a group of acts."""
