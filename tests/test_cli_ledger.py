"""The ledger's commands, as somebody at a terminal meets them."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.ledger.making import report


def luoshi(*arguments: str | Path, data: Path, lang: str = "zh") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_", "DATABASE_"))}
    command = [sys.executable, "-m", "luoshi.cli", "--lang", lang, *map(str, arguments), "--data", str(data)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some files to import, good and bad."""
    made = tmp_path_factory.mktemp("files")
    (made / "报告.txt").write_text(report(), encoding="utf-8")
    (made / "报告-修订.txt").write_text(report(growth="6.5"), encoding="utf-8")
    (made / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    with zipfile.ZipFile(made / "包.zip", "w") as archive:
        archive.writestr("里面/另一份.txt", report(place="资阳区"))
        archive.writestr("里面/同一份.txt", report().replace("\n", "\r\n"))
        archive.writestr("里面/照片.bmp", b"BM")
    return made


@pytest.fixture(scope="module")
def imported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    data = tmp_path_factory.mktemp("data") / "ledger"
    return data, luoshi("import", folder, folder / "包.zip", folder / "没有.txt", data=data)


@pytest.mark.slow
def test_import_tells_of_each_file_and_goes_on(imported: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, done = imported
    assert done.returncode == 1, "some files could not be read"
    lines = done.stderr.splitlines()
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    told = {
        name: [line for line in lines if name in line]
        for name in ("报告.txt", "报告-修订.txt", "坏.docx", "另一份", "同一份", "照片", "没有.txt")
    }
    assert all(told.values()), told
    assert any("岳西县政府工作报告 · 指标" in line for line in lines)
    assert any("第 2 版" in line for line in lines)
    assert any("（已有）" in line for line in lines)
    assert all("读不出" in told[name][0] for name in ("坏.docx", "照片", "没有.txt"))
    assert lines[-1] == "共 7 个文件：新文件 3 份，已有 1 份，读不出 3 个"


@pytest.mark.slow
def test_import_again_changes_nothing(imported: tuple[Path, subprocess.CompletedProcess[str]], folder: Path) -> None:
    data, _ = imported
    done = luoshi("import", folder / "报告.txt", "-q", data=data, lang="en")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 files: 0 new documents, 1 known, 0 files unreadable\n"


@pytest.mark.slow
def test_verify_rebuild_backup_restore(imported: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    data, _ = imported
    done = luoshi("verify", "--ledger", "--deep", data=data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "全部相符"
    assert "已从 " in luoshi("rebuild", data=data).stderr

    archive = tmp_path / "备份.tar.gz"
    done = luoshi("backup", archive, data=data)
    assert done.returncode == 0
    assert "已备份" in done.stderr
    done = luoshi("restore", archive, data=data)
    assert done.returncode == 2
    assert "已有台账" in done.stderr
    done = luoshi("restore", archive, data=tmp_path / "other")
    assert done.returncode == 0
    assert "已恢复并核对" in done.stderr
    done = luoshi("verify", "--ledger", "--deep", data=tmp_path / "other")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "全部相符")
    done = luoshi("restore", archive, "--replace", data=data)
    assert done.returncode == 0
    assert len(list((data / "backups").iterdir())) == 1

    bad = tmp_path / "坏.tar.gz"
    bad.write_bytes(archive.read_bytes()[:-200])
    done = luoshi("restore", bad, data=tmp_path / "third")
    assert done.returncode == 1
    assert "bad-archive" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_the_ledger_of_a_past_moment(imported: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    data, _ = imported
    out = tmp_path / "past"
    done = luoshi("rebuild", "--at", "2999-01-01", "--out", out, data=data)
    assert done.returncode == 0
    assert f"luoshi serve --data {out}" in done.stderr
    done = luoshi("verify", "--ledger", data=out)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "全部相符")
    for arguments, words in (
        (("--at", "2999-01-01"), "--at 和 --out 要一起用"),
        (("--at", "gestern", "--out", tmp_path / "x"), "不是日期或时刻"),
        (("--at", "2999-01-01", "--out", out), "不是空的"),
    ):
        done = luoshi("rebuild", *arguments, data=data)
        assert done.returncode == 2
        assert words in done.stderr
    done = luoshi("rebuild", "--at", "1999-01-01", "--out", tmp_path / "y", data=data)
    assert (done.returncode, "no-past" in done.stderr) == (1, True)


@pytest.mark.slow
def test_a_fault_is_told_with_its_place_and_the_exit_code(imported: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    import sqlite3

    data, _ = imported
    archive = tmp_path / "b.tar"
    luoshi("backup", archive, data=data)
    luoshi("restore", archive, data=tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy" / "ledger.sqlite3") as database:
        database.execute("UPDATE ledger_entry SET actor = 'somebody' WHERE seq = 3")
        database.execute("INSERT INTO signin_mark (id, seq, hash, at) VALUES ('head', 3, 'x', '')")
        database.execute("UPDATE ledger_fact SET text = '另一句话' WHERE ordinal = (SELECT min(ordinal) FROM ledger_fact)")
    next((tmp_path / "copy" / "files").glob("*/*")).write_bytes(b"other")
    done = luoshi("verify", "--ledger", data=tmp_path / "copy")
    assert done.returncode == 1
    assert "记录链  记录 3：记录的内容与它的校验值不符" in done.stdout
    assert "文件被改动过" in done.stdout
    assert "访问日志  访问日志：第 3 批不见了" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("处不符")


def test_verify_takes_files_or_the_ledger(tmp_path: Path) -> None:
    done = luoshi("verify", "--ledger", "a.jsonl", "b.txt", data=tmp_path)
    assert done.returncode == 2
    done = luoshi("verify", "a.jsonl", data=tmp_path)
    assert (done.returncode, "SOURCE" in done.stderr) == (2, True)


@pytest.mark.slow
def test_a_table_is_written_as_the_page_shows_it(imported: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    import csv

    from openpyxl import load_workbook

    data, _ = imported
    done = luoshi("export", "facts", "-o", tmp_path / "facts.csv", "--query", "kind=measure", data=data)
    assert done.returncode == 0
    with (tmp_path / "facts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert done.stderr == f"已写出 {len(rows) - 1} 行：{tmp_path / 'facts.csv'}\n"
    assert {row[0] for row in rows[1:]} == {"指标"}
    assert len(rows) == 15, "seven measures in each of two documents that are the newest"
    done = luoshi("export", "facts", "-o", tmp_path / "facts.xlsx", data=data, lang="en")
    sheet = load_workbook(tmp_path / "facts.xlsx").active
    assert sheet is not None
    assert f"{sheet.max_row - 1} rows written" in done.stderr
    done = luoshi("export", "facts", "-o", tmp_path / "facts.pdf", data=data)
    assert (done.returncode, "unknown-ending" in done.stderr) == (2, True)
