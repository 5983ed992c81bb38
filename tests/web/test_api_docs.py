"""The examples of ``docs/api.md``, run against a server: what stands there works as it stands."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from luoshi.desk import tokens
from luoshi.desk.tokens import Wanted
from luoshi.ledger import models
from tests.web.filled import fill
from tests.web.living import District

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL) for line in block.splitlines() if not line.startswith("#")]


@pytest.fixture
def told(site: str) -> dict[str, str]:
    """What the examples take for given: the address of the server, a token, a document."""
    ids = fill()
    district = District()
    # a person with work to sign for who also sees the documents of the county
    district.assigned("新建幼儿园3所", ago=5)
    models.Account.objects.filter(username="fagai").update(roles='["liaison","reader"]', region="")
    wang = tokens.actor_of_account("afagai", strict=True)
    assert wang is not None
    _, text = tokens.make(wang, Wanted("文档", tokens.SCOPES))
    return {"BASE": site, "TOKEN": text, "DOCUMENT": ids["new"]}


def test_the_python_of_the_page_runs(told: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert len(PYTHON) >= 5
    values: dict[str, Any] = dict(told)
    for block in PYTHON:
        exec(compile(block, "docs/api.md", "exec"), values)  # noqa: S102 - the page's own words
    assert "现在不能" in capsys.readouterr().out or values["refused"].json()["error"]["slug"] == "refused-act"
    assert len(values["names"]) > 10
    values["luoshi"].close()


@pytest.mark.skipif(shutil.which("curl") is None, reason="no curl here")
def test_the_lines_of_the_shell_run(told: dict[str, str], tmp_path: Path) -> None:
    assert len(SHELL) >= 3
    for line in SHELL:
        filled = re.sub(r"'?\$([A-Z]+)'?", lambda found: told[found[1]], line)
        words = shlex.split(filled)
        assert words[0] == "curl"
        done = subprocess.run([*words, "-sS", "--fail", "--noproxy", "*"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
    assert "公园" in (tmp_path / "facts.csv").read_text(encoding="utf-8-sig")


def test_every_address_stands_on_the_page() -> None:
    from luoshi.web.api.interface import description

    for path in description()["paths"]:
        short = path.removeprefix("/api/v1").replace("{region}", "{code}").replace("{table}.{form}", "facts.csv")
        named = re.sub(r"\{(?!code)\w+\}", "{id}", short)
        assert f"`{named}`" in PAGE or f" {named}`" in PAGE, named


def test_every_status_stands_on_the_page() -> None:
    from luoshi.web.api.interface import description

    operations = [one for methods in description()["paths"].values() for one in methods.values()]
    for status in {str(status) for one in operations for status in one["responses"] if int(status) >= 400}:
        assert re.search(rf"^\| [\d ]*\b{status}\b", PAGE, flags=re.MULTILINE), status
