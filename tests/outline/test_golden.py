"""Real files have the outlines that were checked by hand; without the files there is nothing to check."""

from __future__ import annotations

import pytest

from tests.outline import golden


@pytest.mark.parametrize("name", golden.FILES)
def test_outline(name: str) -> None:
    if not (golden.SHARED / name).exists():
        pytest.skip("the real files are not here")
    assert golden.rows(name) == golden.golden()[name]


@pytest.mark.parametrize("name", golden.FILES)
def test_stretches_tile_and_sections_nest(name: str) -> None:
    from luoshi.outline import outline_text
    from luoshi.read import read_file

    if not (golden.SHARED / name).exists():
        pytest.skip("the real files are not here")
    outline = outline_text(read_file(golden.SHARED / name))
    for index, document in enumerate(outline.documents):
        at = document.start
        for stretch in (stretch for stretch in outline.stretches if stretch.document == index):
            assert stretch.start == at
            assert stretch.start <= stretch.body <= stretch.end
            at = stretch.end
        assert at == document.end
    for section in outline.sections:
        assert section.start <= section.title_start <= section.title_end <= section.body_end
        assert section.parent < section.index
        if section.parent >= 0:
            above = outline.sections[section.parent]
            assert above.start < section.start
            assert section.body_end <= above.body_end
            assert above.level <= section.level
