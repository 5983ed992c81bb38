"""The public record as a folder of files: the same bytes each time, every link leads somewhere, nothing but what was released; open data by command."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from luoshi.desk import release as desk
from luoshi.messages import Speaker
from luoshi.screens import release as screen
from tests.desk.test_release import ALL, CHEN, GAO, WANG, at, do, drawn
from tests.web.test_portal import published

_LINK = re.compile(r'(?:href|src)="([^"#?]+)"')


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger of the tests is open already."""
    monkeypatch.setattr(screen, "open_ledger", lambda say: None)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("db")
def test_the_site_is_the_same_byte_for_byte_and_every_link_leads_to_a_file(tmp_path: Path) -> None:
    _, item, _ = published()
    assert screen.write_site(tmp_path / "one", Speaker("zh")) == 0
    do(WANG, item, "report", 60, count=24, text="全部完成")
    assert screen.write_site(tmp_path / "two", Speaker("zh")) == 0
    first, second = tree(tmp_path / "one"), tree(tmp_path / "two")
    assert first == second
    for name, body in first.items():
        if not name.endswith(".html"):
            continue
        assert b"<script" not in body
        for link in _LINK.findall(body.decode()):
            target = (Path("/") / name).parent / unquote(link)
            assert str(Path(*_plain(target.parts))).lstrip("/") in first, (name, link)
    told = first[f"item/{item}.html"].decode()
    assert "8个 / 24个" in told
    assert "老魏" not in "".join(body.decode("utf-8", "ignore") for body in first.values())


def _plain(parts: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    for part in parts:
        if part == "..":
            kept.pop()
        else:
            kept.append(part)
    return kept


@pytest.mark.usefixtures("real_db")
def test_open_data_is_made_again_from_the_ledger_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release, item, _ = published()
    screen.write_data(tmp_path / "one", Speaker("zh"))
    do(WANG, item, "report", 60, count=24, text="全部完成")
    screen.write_data(tmp_path / "two", Speaker("zh"), again=True)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert "2026.1" in capsys.readouterr().out
    second = drawn(day=70)
    desk.approve(GAO, second.id, ALL, clock=at(71))
    desk.publish(CHEN, second.id, ALL, clock=at(72))
    screen.write_data(tmp_path / "three", Speaker("zh"), release=release, again=True)
    assert tree(tmp_path / "three") == tree(tmp_path / "one")
    screen.write_data(tmp_path / "four", Speaker("zh"))
    assert tree(tmp_path / "four")["items.csv"] != tree(tmp_path / "one")["items.csv"]


@pytest.mark.usefixtures("db")
def test_nothing_is_written_over_and_nothing_where_nothing_is_published(tmp_path: Path) -> None:
    from luoshi.errors import BadUsage, LuoshiError

    with pytest.raises(LuoshiError, match="还没有公开"):
        screen.write_site(tmp_path / "none", Speaker("zh"))
    published()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "old.txt").write_text("x")
    with pytest.raises(BadUsage, match="不是空的"):
        screen.write_site(tmp_path / "there", Speaker("zh"))
    with pytest.raises(BadUsage, match="没有这次"):
        screen.write_data(tmp_path / "new", Speaker("zh"), release="rnone")
