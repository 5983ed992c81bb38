"""The table of regions follows the data of the program, in a ledger that is old as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.making import CLERK, snapshot


def test_other_data_are_laid_again(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the table is what a rebuild would make of it."""
    from luoshi.ledger import models, seeding, store
    from luoshi.ledger.enter import region_named

    stamp = tmp_path / "regions"
    assert seeding.renew_regions(stamp)
    assert not seeding.renew_regions(stamp)
    with store.writing() as writer:
        added = region_named(writer, CLERK, "安徽省安庆市岳西县不在表里的地方", 2025, "")[0]
    # as an older version of the program had laid them
    models.Region.objects.filter(pk="340828").update(full_name="旧名", parent="000000")
    models.Region.objects.create(id="999999", name="不再有的区", full_name="不再有的区", source="GB/T 2260")
    monkeypatch.setattr(seeding, "__version__", "0.0.0")
    assert seeding.renew_regions(stamp)
    assert models.Region.objects.get(pk="340828").full_name == "安徽省安庆市岳西县"
    assert models.Region.objects.get(pk=added).source == "document"
    before = snapshot()
    store.rebuild()
    assert snapshot() == before


def test_a_database_from_elsewhere_is_noticed(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import models, seeding

    stamp = tmp_path / "regions"
    seeding.renew_regions(stamp)
    models.Region.objects.filter(pk="340828").delete()
    assert seeding.renew_regions(stamp)
    assert models.Region.objects.filter(pk="340828").exists()
