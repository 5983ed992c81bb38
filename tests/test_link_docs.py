"""The examples of docs/link.md run as they stand, on two fictional reports, and its tables name all that there is."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from luoshi.link.link import Verdict, Why
from luoshi.publish.chain.row import End
from tests.ledger.test_linking import REPORTS
from tests.test_cli import run

PAGE = (Path(__file__).parents[1] / "docs/link.md").read_text(encoding="utf-8")
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL) for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("examples")
    for year in ("2023", "2024"):
        (made / f"{year}年报告.txt").write_text(REPORTS[year], encoding="utf-8")
    return made


def test_the_examples_run_one_after_the_other(folder: Path) -> None:
    assert len(EXAMPLES) == 7
    for line in EXAMPLES:
        name, *words = shlex.split(line)
        assert name == "luoshi"
        told = [str(folder / word) if word.endswith((".txt", ".xlsx", ".csv")) else word for word in words]
        done = run(*told, DJANGO_SETTINGS_MODULE="luoshi.web.settings", DATABASE_URL="", LUOSHI_DATA=str(folder / "data"))
        assert done.returncode == 0, f"{line}\n{done.stderr.decode()}"
    assert (folder / "下落.xlsx").read_bytes().startswith(b"PK")
    assert "未完成" in (folder / "未完成.csv").read_text(encoding="utf-8-sig")


def test_every_verdict_why_and_key_is_told() -> None:
    for slug in (*get_args(Verdict), *(why for why in get_args(Why) if why), *End.__struct_fields__):
        assert f"`{slug}`" in PAGE, slug


def test_the_demonstration_has_targets_of_every_end() -> None:
    from luoshi.ledger.linkable import source_of
    from luoshi.ledger.reading import stored
    from luoshi.link import link
    from luoshi.pipeline import read_document

    found = []
    for year in ("2024", "2025"):
        path = Path(str(files("luoshi.demo") / f"documents/{year}-report.txt"))
        [one] = stored(read_document(path))
        place = {"region": "云川省澜州市栖山区", "region_code": "z-qishan", "level": "county"}
        found.append(source_of(one, head={**one.recognised, **place}))
    ends = link(found)
    assert {"met", "missed", "dropped", "cannot_tell", "not_yet"} <= {end.verdict for end in ends}
    missed = {end.name for end in ends if end.verdict == "missed"}
    assert "地区生产总值" in missed
