"""My tokens: what programs ask and act by for me."""
