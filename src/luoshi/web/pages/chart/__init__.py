"""The library of interactive charts."""
