"""The web: a Django skin over the two doors. One folder a page under ``pages/``, the frame around them under ``layout/``."""
