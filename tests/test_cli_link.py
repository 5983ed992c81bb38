"""``luoshi link``: the given documents alone, linked, run as a user runs it."""

from __future__ import annotations

import atexit
import csv
import io
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from luoshi.publish.chain.explaining import has_words
from luoshi.read import read_file
from tests.ledger.test_linking import REPORTS
from tests.test_cli import run

FOLDER = Path(tempfile.mkdtemp(prefix="luoshi-link-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
OLD, NEW = FOLDER / "2023年报告.txt", FOLDER / "2024年报告.txt"
OLD.write_text(REPORTS["2023"], encoding="utf-8")
NEW.write_text(REPORTS["2024"], encoding="utf-8")


def lines(output: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.decode().splitlines()]


@pytest.fixture(scope="module")
def ends() -> list[dict[str, Any]]:
    done = run("link", OLD, NEW, "-f", "jsonl")
    assert done.returncode == 0, done.stderr.decode()
    return lines(done.stdout)


def test_every_quotation_is_what_the_file_says_there(ends: list[dict[str, Any]]) -> None:
    texts = {str(path): read_file(path).source for path in (OLD, NEW)}
    assert ends
    for end in ends:
        for side in (end["target"], end["result"]):
            if side is not None:
                assert texts[side["file"]][side["start"] : side["end"]] == side["text"]
                assert side["text"] in side["sentence"]


def test_targets_of_the_old_report_end_and_those_of_the_new_wait(ends: list[dict[str, Any]]) -> None:
    old = [end for end in ends if end["target"]["file"] == str(OLD) and end["year"] == 2023 and end["kind"] == "measure"]
    new = [end for end in ends if end["target"]["file"] == str(NEW)]
    assert {end["name"]: end["verdict"] for end in old} == {
        "地区生产总值": "missed",
        "居民人均可支配收入": "cannot_tell",
        "老旧小区": "met",
    }
    assert {end["verdict"] for end in new} == {"not_yet"}
    assert all(end["result"] is not None and end["result"]["file"] == str(NEW) for end in old if end["verdict"] in ("met", "missed"))


def test_every_end_is_explained_in_words(ends: list[dict[str, Any]]) -> None:
    assert all(end["link"] == "outcome" and end["explained"].endswith("。") for end in ends)
    unsaid = {reason for end in ends for reason in end["reasons"] if not has_words("reason", reason)}
    assert not unsaid


def test_the_order_of_the_files_and_the_language_change_nothing(ends: list[dict[str, Any]]) -> None:
    assert lines(run("link", NEW, OLD, "-f", "jsonl", "-j", "2").stdout) == ends
    assert lines(run("link", NEW, OLD, "-f", "jsonl", "--lang", "en").stdout) == ends


def test_offsets_are_those_of_the_file_where_a_document_begins_late(tmp_path: Path, ends: list[dict[str, Any]]) -> None:
    both = tmp_path / "汇编.txt"
    both.write_text(OLD.read_text(encoding="utf-8") + "\n\n" + NEW.read_text(encoding="utf-8"), encoding="utf-8")
    source = both.read_text(encoding="utf-8")
    done = run("link", both, "-f", "jsonl")
    found = lines(done.stdout)
    assert found
    for end in found:
        assert source[end["target"]["start"] : end["target"]["end"]] == end["target"]["text"]


def test_a_bad_file_is_told_and_the_others_are_linked(tmp_path: Path, ends: list[dict[str, Any]]) -> None:
    empty, note, again = tmp_path / "空.txt", tmp_path / "便条.txt", tmp_path / "再来一份.txt"
    empty.write_bytes(b"")
    note.write_text("明天上午开会。", encoding="utf-8")
    again.write_bytes(NEW.read_bytes())
    done = run("link", OLD, empty, note, NEW, again, "-f", "jsonl")
    told = done.stderr.decode().splitlines()
    assert done.returncode == 1
    assert lines(done.stdout) == ends
    assert [name for line in told for name in ("空.txt", "便条.txt", "再来一份.txt") if name in line.split("：")[0]] == [
        "空.txt",
        "便条.txt",
        "再来一份.txt",
    ]
    assert len(told) == 4


def test_tables_say_the_same_in_every_form(tmp_path: Path, ends: list[dict[str, Any]]) -> None:
    wanted = [end["explained"] for end in ends]
    comma = run("link", OLD, NEW, "-f", "csv", "-q")
    rows = list(csv.DictReader(io.StringIO(comma.stdout.decode("utf-8-sig"))))
    assert [row["说明"] for row in rows] == wanted
    target = tmp_path / "链接.parquet"
    assert run("link", OLD, NEW, "-o", target).returncode == 0
    table = pyarrow.parquet.read_table(target)
    assert table.column("explained").to_pylist() == wanted
    assert table.column("year").to_pylist() == [end["year"] for end in ends]
    book = tmp_path / "链接.xlsx"
    assert run("link", OLD, NEW, "-o", book).returncode == 0
    assert book.read_bytes().startswith(b"PK")


def test_the_table_of_the_terminal_speaks_both_languages() -> None:
    chinese, english = run("link", OLD, NEW), run("link", OLD, NEW, "--lang", "en")
    assert "结论" in chinese.stdout.decode()
    assert "完成" in chinese.stdout.decode()
    assert "verdict" in english.stdout.decode()
    assert "Grounds:" in english.stdout.decode()


def test_an_ending_of_no_form_is_refused(tmp_path: Path) -> None:
    done = run("link", OLD, NEW, "-o", tmp_path / "x.docx")
    assert done.returncode == 2
    assert ".parquet" in done.stderr.decode()


def at(*arguments: object) -> Any:
    """A command on a ledger of its own, whatever settings these tests go by."""
    return run(*arguments, DJANGO_SETTINGS_MODULE="luoshi.web.settings", DATABASE_URL="")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with both reports."""
    data = tmp_path_factory.mktemp("ledger")
    done = at("import", OLD, NEW, "--data", data)
    assert done.returncode == 0, done.stderr.decode()
    assert "已链接 2 份文件" in done.stderr.decode()
    return data


def test_the_record_of_a_place_is_what_the_documents_alone_say(ledger: Path, ends: list[dict[str, Any]]) -> None:
    done = at("record", "岳西县", "--data", ledger, "-f", "jsonl")
    assert done.returncode == 0, done.stderr.decode()
    found = lines(done.stdout)
    assert sorted((end["target"]["fact"], end["verdict"], end["explained"]) for end in found) == sorted(
        (end["target"]["fact"], end["verdict"], end["explained"]) for end in ends
    )
    assert found[0]["verdict"] == "missed"
    assert "岳西县" in done.stderr.decode()
    some = lines(at("record", "340828", "--year", "2023", "--verdict", "met", "--data", ledger, "-f", "jsonl").stdout)
    assert {end["name"] for end in some if end["kind"] == "measure"} == {"老旧小区"}


def test_a_place_that_is_not_known_is_told(ledger: Path) -> None:
    done = at("record", "无此县", "--data", ledger)
    assert done.returncode == 2
    assert "没有这个地区" in done.stderr.decode()
    assert "请写全称或代码" in at("record", "鼓楼区", "--data", ledger).stderr.decode()


def test_an_indicator_is_compared_over_years(ledger: Path, tmp_path: Path) -> None:
    done = at("compare", "GDP", "--place", "岳西县", "--years", "2022-2023", "--data", ledger, "-f", "jsonl")
    assert done.returncode == 0, done.stderr.decode()
    assert [(row["year"], row["target"], row["result"], row["verdict"]) for row in lines(done.stdout)] == [
        (2022, "", "6.2%", ""),
        (2023, "7%", "6.5%", "未完成"),
    ]
    shown = at("compare", "gdp", "--data", ledger).stdout.decode()
    assert "岳西县" in shown
    assert "6.2%" in shown
    book = tmp_path / "比较.xlsx"
    assert at("compare", "gdp", "--data", ledger, "-o", book).returncode == 0
    assert book.read_bytes().startswith(b"PK")
    assert at("compare", "无此指标", "--data", ledger).returncode == 2
    assert at("compare", "gdp", "--years", "去年", "--data", ledger).returncode == 2


def test_what_the_command_line_offers_is_what_there_is() -> None:
    from typing import get_args

    from luoshi.cli import FIELD_NAMES, VERDICT_NAMES
    from luoshi.ledger.fields import fields
    from luoshi.link.link import Verdict

    assert tuple(one.key for one in fields()) == FIELD_NAMES
    assert get_args(Verdict) == VERDICT_NAMES
