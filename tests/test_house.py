"""The house: what the repository promises of itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_imports_go_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    if not lint.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_asks_by_urllib() -> None:
    """Taking an address apart (``urllib.parse``) opens nothing; import-linter does not tell the two from each other."""
    asking = [path for path in (ROOT / "src").rglob("*.py") if re.search(r"urllib\.request|urllib import request", path.read_text("utf-8"))]
    assert not asking


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_is_whole(name: str) -> None:
    """Every package is pinned and has hashes, and no address is named from which to get it."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or line.startswith("--")]
    packages = [line for line in lines if re.match(r"[a-z0-9]", line)]
    assert len(packages) > 10
    assert all(re.match(r"[a-z0-9.-]+==[^ ]+( ;.*)? \\$", line) for line in packages)
    assert sum("--hash=sha256:" in line for line in lines) >= len(packages)


def test_lock_names_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for lock, wanted in (
        ("requirements.lock", project["dependencies"]),
        ("requirements-dev.lock", project["optional-dependencies"]["dev"]),
    ):
        names = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE))
        missing = {re.split(r"[<>=\[ ]", line)[0].lower() for line in wanted} - names
        assert not missing, f"{lock}: {missing}; run `make lock`"


def test_version_is_one() -> None:
    import luoshi

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == luoshi.__version__
    assert f"## {luoshi.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_import_is_quick() -> None:
    """``import luoshi`` loads nothing but itself; what a name needs is loaded when the name is used."""
    code = "import sys, luoshi; print(*[m for m in sys.modules if m.split('.')[0] in {'msgspec', 'yaml', 'lxml', 'rich', 'click'} or m.startswith('luoshi.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_modules_stay_small() -> None:
    long = {
        path.name: count for path in (ROOT / "src").rglob("*.py") if (count := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long, "ask which second room is missing"
