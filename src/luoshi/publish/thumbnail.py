"""Small pictures of pictures, for pages: made once, without what the camera wrote, and never of what would take too much to open. Pure."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

#: a picture of more points is not opened: it may be small as a file and fill the memory when it is opened. A camera of today makes 50 million.
MOST_POINTS: Final = 64_000_000
#: twice what a page shows, for screens with fine points
SIZE: Final = (480, 360)
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP")
_QUALITY: Final = 80
_PAPER: Final = "white"
#: what a broken or hostile picture makes the library raise
_BROKEN: Final = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    TypeError,
    struct.error,
    zlib.error,
    MemoryError,
)


def thumbnail(data: bytes) -> bytes | None:
    """A JPEG of at most ``SIZE`` that shows the picture (of a moving one the first) upright; None for what is none, is broken or too large."""
    try:
        with warnings.catch_warnings():
            # we count the points ourselves before anything is opened
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                return _small(picture)
    except (*_BROKEN, Image.DecompressionBombError):
        return None


def _small(picture: Image.Image) -> bytes | None:
    width, height = picture.size
    if not 0 < width * height <= MOST_POINTS:
        return None
    # a JPEG is read at an eighth where that is enough
    picture.draft("RGB", SIZE)
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail(SIZE)
    plain = upright.convert("RGBA")
    paper = Image.new("RGB", plain.size, _PAPER)
    paper.paste(plain, mask=plain.getchannel("A"))
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=_QUALITY, optimize=True)
    return made.getvalue()
