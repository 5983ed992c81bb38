"""Where static files lie: beside the pages, in ``layout/`` and ``pages/``, known by their endings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

WEB: Final = Path(__file__).parent
FOLDERS: Final = ("layout", "pages")
#: whatever ends otherwise (templates, words, Python) is never served
ENDINGS: Final = frozenset({".css", ".js", ".svg", ".png", ".ico", ".woff2"})


def is_static(name: str) -> bool:
    """Whether this path under the web's folder is a static file.

    >>> is_static("layout/css/base.css"), is_static("pages/home/page.html"), is_static("../settings.js"), is_static("pages/home/view.py")
    (True, False, False, False)
    """
    path = Path(name)
    return (
        not path.is_absolute() and ".." not in path.parts and path.parts[:1] != () and path.parts[0] in FOLDERS and path.suffix in ENDINGS
    )


class Finder(BaseFinder):
    """Finds them for Django."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=str(WEB))
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file's path, or a list of paths where all are wanted; empty where there is none."""
        found = str(WEB / path) if is_static(path) and (WEB / path).is_file() else None
        return ([found] if found else []) if find_all else (found or [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every static file with the storage that holds it."""
        for folder in FOLDERS:
            for path in sorted((WEB / folder).rglob("*")):
                name = path.relative_to(WEB).as_posix()
                if path.is_file() and is_static(name):
                    yield name, self.storage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files under names with their hash, so that a browser keeps them for ever; imports between scripts are rewritten too."""

    support_js_module_import_aggregation = True
