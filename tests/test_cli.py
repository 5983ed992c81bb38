"""The command line, run as a user runs it: as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.test_pipeline import REPORT


def run(*arguments: object, stdin: bytes = b"", lang: str = "zh_CN.UTF-8", **environment: str) -> subprocess.CompletedProcess[bytes]:
    own = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "LUOSHI", "PYTHONIO", "PYTHONUTF8"))}
    command = [sys.executable, "-m", "luoshi.cli", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, timeout=120, env={**own, "LANG": lang, **environment})


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "青禾区报告.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def test_jsonl_is_one_object_a_line(report: Path) -> None:
    done = run("read", report, "-f", "jsonl")
    assert done.returncode == 0
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert {record["fact"] for record in records} >= {"document", "section", "measure"}
    assert all(REPORT[record["start"] : record["end"]] == record["text"] for record in records)


def test_one_summary_line_for_each_file(report: Path) -> None:
    done = run("read", report, "-f", "jsonl")
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert "青禾区报告.txt" in lines[0]
    assert "政府工作报告" in lines[0]
    assert "毫秒" in lines[0]
    assert run("read", report, "-f", "jsonl", "-q").stderr == b""


def test_same_answer_as_the_library(report: Path) -> None:
    from luoshi import extract_facts
    from luoshi.publish.jsonl import encode_facts

    assert run("read", report, "-f", "jsonl").stdout == encode_facts(extract_facts(REPORT).facts)


def test_standard_input(report: Path) -> None:
    assert run("read", "-", "-f", "jsonl", stdin=REPORT.encode()).stdout == run("read", report, "-f", "jsonl").stdout
    assert run("text", "-", stdin=REPORT.encode()).stdout == REPORT.encode()


def test_text_is_the_source_itself(tmp_path: Path) -> None:
    source = "第一行\r\n第二行，有３个全角数字\r\n"
    path = tmp_path / "crlf.txt"
    path.write_bytes(source.encode("gb18030"))
    done = run("text", path)
    assert (done.returncode, done.stdout.decode()) == (0, source)


def test_output_is_utf8_whatever_the_locale(report: Path) -> None:
    for lang in ("C", "POSIX", "zh_CN.GB18030"):
        done = run("read", report, "-f", "jsonl", lang=lang, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert done.returncode == 0
        assert "青禾区" in done.stdout.decode("utf-8")
        assert "青禾区" in done.stderr.decode("utf-8")


def test_a_batch_goes_on_after_a_bad_file(report: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    broken = tmp_path / "broken.docx"
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("other.xml", "<x/>")
    done = run("read", empty, broken, tmp_path / "absent.txt", report, "-f", "jsonl")
    assert done.returncode == 1
    assert len(done.stdout) > 1000
    errors = [line for line in done.stderr.decode().splitlines() if line.startswith("读不出")]
    assert len(errors) == 3
    assert [name in line for name, line in zip(("empty.txt", "broken.docx", "absent.txt"), errors, strict=True)] == [True] * 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["read", "x", "--nothing"],
        ["read", "x", "-f", "docx"],
        ["nothing"],
        ["read", "x", "-k", "rumour"],
        ["read", "*.none"],
        ["eval", "none.jsonl"],
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == b""
    assert "错误" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["read", "x", "-j", "-1"], "--jobs 的值不对：应为 0 到 512 的整数"), (["read", "x", "--explain", "here"], "--explain 的值不对：应为整数"),
        (["eval", "x", "--errors", "-1"], "--errors 的值不对：应为不小于 0 的整数"), (["forget"], "没有命令 forget"), (["text", "a", "b"], "多出参数 b"),
        (["read", "x", "-f", "docx"], "--format 只能是"), (["read", "x.none"], "打不开：没有这个文件"), (["eval", "x.none"], "读不出标注文件：没有这个文件"),
        (["verify", "x.none", "x"], "打不开：没有这个文件"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_chinese(arguments: list[str], words: str) -> None:
    assert words in run(*arguments).stderr.decode()


def test_damage_is_told_in_chinese(tmp_path: Path) -> None:
    for name, document in {"坏.docx": "<w:document><w:body></w:document>", "深.docx": "<a>" * 5000 + "</a>" * 5000}.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("word/document.xml", document)
    told = run("read", tmp_path, "-f", "jsonl", "-j", 1).stderr.decode()
    assert "word/document.xml 的 XML 第 1 行有误。" in told
    assert "too-deep" in told
    assert "mismatch" not in told
    assert "depth" not in told.lower()


def test_many_files_into_one(report: Path, tmp_path: Path) -> None:
    second = tmp_path / "b.txt"
    second.write_text(REPORT.replace("青禾", "白石"), encoding="utf-8")
    out = tmp_path / "all.jsonl"
    assert run("read", report, second, "-o", out).returncode == 0
    files = [json.loads(line)["file"] for line in out.read_text(encoding="utf-8").splitlines()]
    assert list(dict.fromkeys(files)) == [str(report), str(second)]


def test_a_folder_into_a_folder(report: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for name in ("in/第2期.txt", "in/第10期.txt", "in/deep/第2期.txt", "in/.hidden.txt", "in/picture.png"):
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    done = run("read", tmp_path / "in", "-f", "csv", "-o", str(tmp_path / "out") + "/")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["第10期.csv", "第2期.csv", "第2期.txt.csv"]
    assert (tmp_path / "out" / "第10期.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_processes_give_the_same_as_one(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"{number}.txt").write_text(REPORT.replace("12个", f"{number}个"), encoding="utf-8")
    (tmp_path / "3.txt").write_bytes(b"")
    one, many = (run("read", tmp_path, "-f", "jsonl", "-j", jobs) for jobs in (1, 3))
    assert one.returncode == many.returncode == 1
    assert one.stdout == many.stdout


@pytest.mark.parametrize("form", ["table", "csv", "xlsx", "html"])
def test_every_form_is_written(form: str, report: Path, tmp_path: Path) -> None:
    out = tmp_path / f"out.{form}"
    assert run("read", report, "-f", form, "-o", out).returncode == 0
    assert out.stat().st_size > 1000
    assert not list(tmp_path.glob(".*.part"))


def test_the_ending_tells_the_form(report: Path, tmp_path: Path) -> None:
    assert run("read", report, "-o", tmp_path / "a.xlsx").returncode == 0
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("name", ["a.docx", "a.json", "a"])
def test_an_ending_of_no_form_is_refused(name: str, report: Path, tmp_path: Path) -> None:
    done = run("read", report, "-o", tmp_path / name)
    assert done.returncode == 2
    assert all(ending in done.stderr.decode() for ending in (".txt", ".jsonl", ".csv", ".xlsx", ".html"))
    assert not (tmp_path / name).exists()
    assert run("read", report, "-f", "jsonl", "-o", tmp_path / name).returncode == 0


def test_input_is_never_overwritten(report: Path) -> None:
    done = run("read", report, "-f", "jsonl", "-o", report)
    assert done.returncode == 2
    assert report.read_text(encoding="utf-8") == REPORT


def test_only_some_kinds(report: Path) -> None:
    records = [json.loads(line) for line in run("read", report, "-f", "jsonl", "-k", "measure,section").stdout.splitlines()]
    assert {record["fact"] for record in records} == {"measure", "section"}


def test_explain_tells_rule_and_place(report: Path) -> None:
    done = run("read", report, "--explain", REPORT.index("6.2%"))
    words = done.stdout.decode()
    assert done.returncode == 0
    assert "6.2%" in words
    assert "规则" in words
    assert "2030年工作回顾" in words
    assert "不在文中" in run("read", report, "--explain", 10**9).stdout.decode()


def test_verify_finds_a_changed_word(report: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.jsonl"
    run("read", report, "-o", facts)
    assert run("verify", facts, report).returncode == 0
    facts.write_text(facts.read_text(encoding="utf-8").replace('"text":"12个"', '"text":"13个"'), encoding="utf-8")
    done = run("verify", facts, report)
    assert done.returncode == 1
    assert "13个" in done.stdout.decode()


def test_eval_scores_against_gold(report: Path, tmp_path: Path) -> None:
    facts = [json.loads(line) for line in run("read", report, "-f", "jsonl", "-k", "measure").stdout.splitlines()]
    gold = tmp_path / "report.gold.jsonl"
    head = {"gold": {"file": report.name, "range": [0, len(REPORT)]}}
    gold.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in [head, *facts]), encoding="utf-8")
    done = run("eval", gold, "--errors", 5)
    assert done.returncode == 0
    assert done.stdout.decode().count("1.000") >= 10


def test_doctor_is_content_here() -> None:
    done = run("doctor")
    assert done.returncode == 0
    assert "luoshi" in done.stdout.decode()


def test_english(report: Path) -> None:
    assert "Read files" in run("read", "--help", lang="en_GB.UTF-8").stdout.decode()
    assert "Read files" in run("read", "--lang", "en", "--help").stdout.decode()
    assert "work report" in run("--lang", "en", "read", report, "-f", "jsonl").stderr.decode()
    assert "读文件" in run("read", "--help", lang="en_GB.UTF-8", LUOSHI_LANG="zh").stdout.decode()


def test_reader_that_stops_early_is_no_error(report: Path) -> None:
    command = f"{sys.executable} -m luoshi.cli read -f jsonl {report} {report.parent} | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr.decode()
    assert "BrokenPipe" not in done.stderr.decode()
