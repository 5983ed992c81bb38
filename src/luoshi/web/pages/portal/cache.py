"""What is published now, and rendered pages of it: kept in this process, known by the releases, so that nothing old is shown."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from threading import Lock
from typing import Final

import msgspec
from django.db import connection

from luoshi.desk.release import content_of
from luoshi.ledger import models
from luoshi.ledger.released import Release
from luoshi.ledger.settings_now import Now
from luoshi.ledger.settings_now import now as settings_now
from luoshi.publish.opendata import files_of
from luoshi.publish.portal import Site, site_of

#: so many bytes of pages at most in one process
_MOST: Final = 64 * 1024 * 1024


class Kept(msgspec.Struct, frozen=True):
    """A rendered page: its bytes and the name by which a browser asks whether it is still the same."""

    body: bytes
    tag: str


class Known(msgspec.Struct, frozen=True):
    """What every page asks first: the settings, and the releases that the public sees now, as (id, content)."""

    end: tuple[int, str, str]
    settings: Now
    live: tuple[tuple[str, str], ...]


_known: Known | None = None


def known() -> Known:
    """What holds now. As long as nothing at all was written that is one look at the end of the ledger."""
    global _known  # noqa: PLW0603 - one value a process, replaced whole
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seq, hash FROM {models.Head._meta.db_table} WHERE id = 1")  # noqa: S608, SLF001 - a name of our own
        seq, last = cursor.fetchone() or (0, "")
    end = (int(seq), str(last), str(connection.settings_dict["NAME"]))
    if _known is None or _known.end != end:
        rows = Release.objects.filter(state="published").order_by("region_code", "id").values_list("id", "content")
        _known = Known(end, settings_now(), tuple(rows))
    return _known


def site(now: Known | None = None) -> Site:
    """What is published ``now``; made again only when that is another. Whoever keeps what comes of it gives the same ``now`` to ``key_of``."""
    return _site((now or known()).live)


@lru_cache(maxsize=2)
def _site(releases: tuple[tuple[str, str], ...]) -> Site:
    rows = Release.objects.in_bulk([key for key, _ in releases])
    return site_of([content_of(rows[key]) for key, _ in releases])


@lru_cache(maxsize=2)
def data_of(release: str, content: str) -> dict[str, bytes]:
    """The files of open data of a release; ``content`` is the key of what it holds, so that nothing stale is given."""
    return files_of(content_of(Release.objects.get(pk=release)))


class Pages:
    """Rendered pages by key, the least asked for leave first."""

    def __init__(self) -> None:
        self._lock, self._kept, self._size = Lock(), OrderedDict[tuple[str, ...], Kept](), 0

    def get(self, key: tuple[str, ...], make: Callable[[], bytes | None]) -> Kept | None:
        """The page under this key, made where it is not there; None where there is no such page."""
        with self._lock:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
                return known
        body = make()
        if body is None:
            return None
        made = Kept(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._size += len(body)
            while self._size > _MOST and len(self._kept) > 1:
                _, gone = self._kept.popitem(last=False)
                self._size -= len(gone.body)
        return made

    def there(self, key: tuple[str, ...]) -> Kept | None:
        """The page under this key, if it is kept."""
        with self._lock:
            return self._kept.get(key)

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._kept.clear()
            self._size = 0


PAGES: Final = Pages()


def key_of(known_now: Known, lang: str, path: str) -> tuple[str, ...]:
    """Under which a page is kept: what is published, what is set, the language, the address."""
    return ("page", *(content for _, content in known_now.live), lang, known_now.settings.office, known_now.settings.clues, path)
