"""Fuzzes the reader guided by coverage. Needs atheris, which is no dependency of the project: ``pip install atheris``.

    python bench/fuzz_guided.py out/corpus -max_total_time=1800 -rss_limit_mb=2048 -timeout=20

The good files of ``fuzz.py`` are the first corpus; its promises are what each answer is held to. Stops at the first failure and keeps
the file as ``crash-…``; run again with that file's name to see it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["luoshi"]):
    from luoshi.errors import UnreadableFile
    from luoshi.read import docx, html, pdf, plain, read_bytes, sheet  # noqa: F401 - loaded now, so that they are instrumented

from bench.fuzz import good_files, promised

NAMES = ("x.txt", "x.html", "x.csv", "x.docx", "x.xlsx", "x.pdf")


def test_one(data: bytes) -> None:
    """Reads one file: its first byte chooses the name."""
    if len(data) < 2:
        return
    try:
        wrong = promised(read_bytes(data[1:], NAMES[data[0] % len(NAMES)]))
    except UnreadableFile:
        return
    if wrong:
        raise AssertionError(wrong)


def main() -> None:
    folder = Path(next((argument for argument in sys.argv[1:] if not argument.startswith("-")), "out/corpus"))
    if not folder.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in good_files():
            number = NAMES.index("x" + Path(name).suffix)
            (folder / name).write_bytes(bytes([number]) + data)
    atheris.Setup(sys.argv, test_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
