"""Files into the ledger: each document once, a new text of a known one as its next version."""

from __future__ import annotations

import msgspec
import pytest

from luoshi.errors import LuoshiError
from tests.ledger.making import CLERK, SECOND, enter, readings, report, snapshot
from tests.read.making import docx, paragraph


def test_a_file_is_received_at_once_and_read_later(db: None) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.enter import receive, take_in

    data = report().encode()
    received = receive([("报告.txt", data), ("报告 (1).txt", data)], CLERK, batch="b1")
    assert [one.known for one in received] == [False, False]
    row = models.File.objects.get()
    assert (row.state, row.name, row.batch, row.received_by, row.size) == ("received", "报告.txt", "b1", CLERK, len(data))
    assert msgspec.json.decode(row.names) == ["报告.txt", "报告 (1).txt"]
    assert store.blobs().get(row.id) == data
    new = take_in(row.id, readings(data), CLERK, form="txt")
    row.refresh_from_db()
    assert (row.state, row.format, msgspec.json.decode(row.documents), row.known) == ("read", "txt", new, "[]")
    assert receive([("报告.txt", data)], SECOND)[0].known


def test_the_same_document_twice_gives_no_second_copy(db: None) -> None:
    from luoshi.ledger import models

    text = report()
    first, new = enter(text)
    facts = set(models.Fact.objects.values_list("id", flat=True))
    body = "".join(paragraph(line) for line in text.splitlines())
    for data, name in ((text.replace("\n", "\r\n"), "crlf.txt"), (text.encode("gb18030"), "gb.txt"), (docx(body), "word.docx")):
        file, again = enter(data, name)
        assert again == []
        row = models.File.objects.get(pk=file)
        assert (row.state, msgspec.json.decode(row.documents), msgspec.json.decode(row.known)) == ("read", new, new)
    assert models.Document.objects.get().file == first
    assert set(models.Fact.objects.values_list("id", flat=True)) == facts


def test_taking_in_twice_changes_nothing(db: None) -> None:
    from luoshi.ledger import models
    from luoshi.ledger.enter import take_in

    file, new = enter(report())
    before, entries = snapshot(), models.Entry.objects.count()
    assert take_in(file, readings(report()), "system", form="txt") == []
    assert (snapshot(), models.Entry.objects.count()) == (before, entries)
    assert models.File.objects.get().known == "[]"
    assert new


def test_another_text_is_the_next_version(db: None) -> None:
    from luoshi.ledger import models

    _, (first,) = enter(report(), "a.txt")
    _, (second,) = enter(report(growth="6.5"), "b.txt")
    _, (third,) = enter(report(growth="7"), "c.txt")
    rows = {row.id: row for row in models.Document.objects.all()}
    assert [(rows[key].version, rows[key].previous, rows[key].newest) for key in (first, second, third)] == [
        (1, "", False), (2, first, False), (3, second, True),
    ]  # fmt: skip
    assert len({row.family for row in rows.values()}) == 1
    assert [rows[key].number for key in (first, second, third)] == [1, 2, 3]


def test_another_place_or_year_is_another_document(db: None) -> None:
    from luoshi.ledger import models

    for place, year in (("岳西县", 2025), ("岳西县", 2024), ("资阳区", 2025)):
        enter(report(place=place, year=year))
    assert list(models.Document.objects.values_list("version", flat=True)) == [1, 1, 1]
    assert set(models.Document.objects.values_list("newest", flat=True)) == {True}


def test_two_documents_of_one_file_are_entered_apart(db: None) -> None:
    from luoshi.ledger import models
    from luoshi.ledger.enter import receive, take_in

    file = receive([("both.txt", b"both")], CLERK)[0].file
    new = take_in(file, [*readings(report(place="资阳区")), *readings(report())], CLERK)
    assert len(new) == 2
    assert list(models.Document.objects.order_by("number").values_list("number", "id")) == list(enumerate(new, start=1))
    ordinals = list(models.Fact.objects.order_by("ordinal").values_list("document", "ordinal"))
    assert [document for document, _ in ordinals] == sorted((document for document, _ in ordinals), key=new.index)


def test_a_file_without_a_document_is_refused(db: None) -> None:
    from luoshi.ledger import models
    from luoshi.ledger.enter import receive, refuse, take_in

    file = receive([("empty.txt", b" ")], CLERK)[0].file
    assert take_in(file, [], CLERK) == []
    row = models.File.objects.get()
    assert (row.state, msgspec.json.decode(row.error)["slug"]) == ("refused", "empty")
    receive([("empty.txt", b" ")], CLERK)
    assert models.File.objects.get().state == "received", "a file that was refused is tried again"
    refuse(file, LuoshiError("坏了", remedy="重发", slug="damaged"), CLERK)
    assert msgspec.json.decode(models.File.objects.get().error) == {"slug": "damaged", "what": "坏了", "remedy": "重发"}


@pytest.mark.parametrize("name", ["a\x00b.txt", "\ud800报告.txt", "很长" * 400 + ".txt", ""])
def test_any_name_of_a_file_can_be_kept(db: None, name: str) -> None:
    from luoshi.ledger import models
    from luoshi.ledger.enter import receive

    assert receive([(name, b"words")], CLERK)[0].file == models.File.objects.get().id
    assert len(models.File.objects.get().name) <= 300


def test_a_region_that_no_table_has_is_entered_with_its_document(db: None) -> None:
    from luoshi.ledger import models

    enter(report(place="栖山区石砚镇"))
    document = models.Document.objects.get()
    assert document.region == "栖山区石砚镇"
    row = models.Region.objects.get(pk=document.region_code)
    assert (row.full_name, row.source) == ("栖山区石砚镇", "document")
    assert models.Region.objects.get(pk=row.parent).name == "栖山区"


def test_an_error_while_entering_leaves_no_half_document(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.ledger import enter as entering
    from luoshi.ledger import models

    file = entering.receive([("both.txt", b"both")], CLERK)[0].file
    real, calls = entering._enter, list[str]()

    def second_fails(*arguments: object) -> None:
        if calls:
            raise OSError(28, "No space left on device")
        calls.append("one")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(entering, "_enter", second_fails)
    with pytest.raises(OSError, match="No space"):
        entering.take_in(file, [*readings(report(place="资阳区")), *readings(report())], CLERK)
    assert not models.Document.objects.exists()
    assert not models.Fact.objects.exists()
    assert models.File.objects.get().state == "received"
