"""``luoshi release`` and ``luoshi export-site``: open data and the public record as files, made of what was published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from luoshi.errors import BadUsage, LuoshiError, said
from luoshi.messages import Lang, Speaker
from luoshi.screens.ledger import open_ledger

if TYPE_CHECKING:
    from luoshi.ledger.released import Release
    from luoshi.publish.portal import Site

#: states in which a release may be written out; with ``--again`` any, to compare
_OUT: Final = ("published", "superseded")
_STYLES: Final = (
    "layout/css/base.css",
    "layout/css/frame.css",
    "layout/css/parts.css",
    "layout/css/print.css",
    "pages/portal/page.css",
    "layout/mark.svg",
)


def write_data(folder: Path, say: Speaker, *, release: str = "", again: bool = False) -> int:
    """Writes the open data of a release: the one named, else that which is published; ``again`` folds the ledger anew and compares first."""
    open_ledger(say)
    from luoshi.desk.release import content_of, remade
    from luoshi.publish.opendata import files_of
    from luoshi.publish.release.content import digest

    rows = _published(release)
    _empty(folder)
    for row in rows:
        content = content_of(row)
        if again and digest(remade(row)) != row.digest:
            what = "重新折叠台账做出的内容与发布的不同"
            raise LuoshiError(what, where=f"{row.title} {row.version}", remedy="请用当时的程序版本再做，并查明原因", slug="release-differs")
        into = folder if len(rows) == 1 else folder / row.id
        _write(into, files_of(content))
        click.echo(say("release.wrote", title=row.title, version=row.version, digest=row.digest, folder=str(into)))
    return 0


def write_site(folder: Path, say: Speaker, *, lang: Lang = "zh") -> int:
    """Writes the public record as pages that need no server; made again from the same releases it is the same byte for byte."""
    open_ledger(say)
    from luoshi.desk.release import content_of
    from luoshi.ledger.settings_now import now as settings_now
    from luoshi.publish.portal import site_of

    contents = [content_of(row) for row in _published("")]
    _empty(folder)
    files = site_files(site_of(contents), lang, settings_now().office)
    _write(folder, files)
    click.echo(say("release.site", pages=sum(name.endswith(".html") for name in files), folder=str(folder)))
    return 0


def site_files(site: Site, lang: Lang, office: str) -> dict[str, bytes]:
    """All files of the static site by path: pages, styles, pictures, open data. Every word is checked once more."""
    from luoshi.ledger.store import blobs
    from luoshi.publish.opendata import files_of
    from luoshi.publish.portal import paths
    from luoshi.publish.release.content import Checker, guard
    from luoshi.web.pages.portal.rendering import render_path
    from luoshi.web.static_files import WEB
    from luoshi.web.templatetags.portal import ENDINGS, Way

    check, files = Checker(), dict[str, bytes]()
    for content in site.contents:
        guard(content, check)
        files |= {f"data/{content.id}/{path}": data for path, data in files_of(content, checked=True).items()}
        pictures = [picture for item in content.items for picture in item.pictures]
        files |= {f"pictures/{one.file[:32]}{ENDINGS[one.media]}": blobs().get(one.file) for one in pictures}
    for path in paths(site):
        body = render_path(site, Way(static=True, here=path), lang, office=office)
        assert body is not None  # noqa: S101 - the site names its pages
        files[f"{path or 'index'}.html"] = body
    return files | {f"assets/{name.rpartition('/')[2]}": (WEB / name).read_bytes() for name in _STYLES}


def _published(release: str) -> list[Release]:
    from luoshi.ledger.released import Release

    if release:
        found = list(Release.objects.filter(pk=release, state__in=_OUT))
        if not found:
            raise BadUsage("没有这次已公开的发布", where=release[:64], remedy="请给出已公开的发布的编号（发布页上有）", slug="not-found")
        return found
    found = list(Release.objects.filter(state="published").order_by("region_code", "id"))
    if not found:
        raise LuoshiError("还没有公开任何发布", where="", remedy="请先在“公开发布”页拟定、审核、公开", slug="no-release")
    return found


def _empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadUsage("文件夹不是空的", where=str(folder), remedy="请另指一个不存在的或空的文件夹", slug="not-empty")


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise LuoshiError(f"不能写入：{said(error)}", where=str(folder), remedy="请检查空间和权限", slug="disk") from error
