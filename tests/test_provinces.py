"""The GDP growth target of 2025 in the reports of the provinces, against a table made by hand elsewhere."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import luoshi

_CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
_TABLE = _CORPUS / "tables" / "province_gdp_target_2025.tsv"
_COMPARATOR = {"左右": "approx", "以上": "ge", "区间": "range"}

pytestmark = pytest.mark.skipif(not _TABLE.is_file(), reason="no ../shared beside the project")


def _rows() -> list[dict[str, str]]:
    if not _TABLE.is_file():
        return []
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["province"])
def test_target_of_a_province(row: dict[str, str]) -> None:
    found = sorted((_CORPUS / "provinces-2025-docx").glob(f"province_{row['province']}*.docx"))
    if not found:
        pytest.skip("no document of this province")
    reading = luoshi.read_document(found[0], kinds={"document", "measure"})
    document = next(fact for fact in reading.facts if fact.__class__.__name__ == "DocumentFact")
    assert (document.level, document.review_year, document.plan_year) == ("province", 2024, 2025)  # type: ignore[union-attr]
    assert document.region.startswith(row["province"])  # type: ignore[union-attr]
    target = next(
        fact
        for fact in reading.facts
        if isinstance(fact, luoshi.MeasureFact) and (fact.indicator_id, fact.role, fact.measure) == ("gdp", "target", "growth")
    )
    low, high = float(row["target_low"]), float(row["target_high"])
    assert (target.value, target.value_max) == (low, high if high != low else None), target.text
    assert (target.comparator, target.year) == (_COMPARATOR[row["qualifier"]], 2025)
