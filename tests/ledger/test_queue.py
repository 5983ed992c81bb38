"""The work that waits: each file is read by one at a time, whoever dies, and no file keeps the others from being read."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import msgspec
import pytest

from luoshi.errors import LuoshiError, UnreadableFile
from luoshi.ledger.reading import StoredReading
from tests.ledger.making import CLERK, readings, report


class Reader:
    """Reads in this process; stands for the confined one."""

    def __init__(self) -> None:
        self.read_names: list[str] = []

    def read(self, data: bytes, name: str, *, seconds: float) -> tuple[str, list[StoredReading]]:
        self.read_names.append(name)
        if b"damaged" in data:
            raise UnreadableFile("文件已损坏", where=name, remedy="请重新获取", slug="damaged")
        if b"bug" in data:
            raise ZeroDivisionError
        return "txt", readings(data, name)


def _receive(*names: str, text: str = "") -> list[str]:
    from luoshi.ledger.enter import receive

    return [receive([(name, (text or report(growth=str(number))).encode())], CLERK)[0].file for number, name in enumerate(names)]


def test_files_are_read_in_the_order_in_which_they_came(db: None) -> None:
    from luoshi.intake.queue import waiting, work_one
    from luoshi.ledger import models

    files, reader = _receive("a.txt", "b.txt", "c.txt"), Reader()
    assert waiting() == 3
    assert [work_one(reader) for _ in range(4)] == [*files, ""]  # type: ignore[arg-type]
    assert reader.read_names == ["a.txt", "b.txt", "c.txt"]
    assert waiting() == 0
    assert not models.Lease.objects.exists()
    assert set(models.File.objects.values_list("state", flat=True)) == {"read"}


@pytest.mark.parametrize(("text", "slug"), [("damaged", "damaged"), ("bug", "internal")])
def test_a_bad_file_is_refused_with_its_reason_and_the_next_is_read(db: None, text: str, slug: str) -> None:
    from luoshi.intake.queue import work_one
    from luoshi.ledger import models

    (bad,) = _receive("bad.txt", text=text)
    (good,) = _receive("good.txt")
    reader: Any = Reader()
    assert [work_one(reader), work_one(reader), work_one(reader)] == [bad, good, ""]
    row = models.File.objects.get(pk=bad)
    error = msgspec.json.decode(row.error)
    assert (row.state, error["slug"]) == ("refused", slug)
    assert error["what"]
    assert error["remedy"]
    assert models.Document.objects.count() == 1


def test_an_original_that_is_lost_is_said(db: None) -> None:
    from luoshi.intake.queue import work_one
    from luoshi.ledger import models
    from luoshi.ledger.store import blobs

    (file,) = _receive("lost.txt", text="only here")
    blobs().path(file).unlink()
    assert work_one(Reader()) == file  # type: ignore[arg-type]
    assert msgspec.json.decode(models.File.objects.get().error)["slug"] == "missing-blob"


def test_a_database_that_is_away_leaves_the_file_waiting(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from luoshi.intake import queue
    from luoshi.ledger import models

    (file,) = _receive("a.txt")

    def away(*arguments: Any, **more: Any) -> Any:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(queue, "take_in", away)
        with pytest.raises(OperationalError):
            queue.work_one(Reader())  # type: ignore[arg-type]
    assert models.File.objects.get().state == "received"
    assert queue.work_one(Reader()) == file  # type: ignore[arg-type]


def test_what_one_who_died_left_behind_is_tidied(db: None) -> None:
    from luoshi.intake.queue import work_one
    from luoshi.ledger import models

    (file,) = _receive("a.txt")
    work_one(Reader())  # type: ignore[arg-type]
    models.Lease.objects.create(file=file, until=1 << 40, step="writing")
    assert work_one(Reader()) == ""  # type: ignore[arg-type]
    assert not models.Lease.objects.exists()


def test_only_one_batch_is_worked_at_where_it_is_named(db: None) -> None:
    from luoshi.intake.queue import work_one
    from luoshi.ledger.enter import receive

    _receive("other.txt")
    (mine,) = receive([("mine.txt", report(parks=9).encode())], CLERK, batch="b1")
    reader: Any = Reader()
    assert [work_one(reader, batch="b1"), work_one(reader, batch="b1")] == [mine.file, ""]


#: a process that takes the lock of a file, says so, and stays
HOLD = """
import fcntl, os, sys, time
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(100)
"""


def test_a_file_that_another_reads_is_left_until_that_one_dies(db: None) -> None:
    from django.conf import settings

    from luoshi.intake.queue import work_one
    from luoshi.ledger import models

    first, second = _receive("a.txt", "b.txt")
    folder = settings.LUOSHI.data / "run"
    folder.mkdir(exist_ok=True)
    models.Lease.objects.create(file=first, until=1 << 40, step="reading")
    with subprocess.Popen([sys.executable, "-c", HOLD, folder / f"reading-{first[:32]}.lock"], stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            other.stdout.readline()
            reader: Any = Reader()
            assert [work_one(reader), work_one(reader)] == [second, ""]
        finally:
            other.kill()
    assert work_one(reader) == first
    assert not models.Lease.objects.exists()
    assert not list(folder.glob("reading-*"))


def test_many_workers_read_each_file_once(shared_db: None) -> None:
    from django.db import connection, connections

    from luoshi.intake.queue import work_one
    from luoshi.ledger import models, store

    _receive(*(f"{number}.txt" for number in range(12)))
    connection.close()
    reader, wrong = Reader(), list[BaseException]()

    def work() -> None:
        try:
            while work_one(reader):  # type: ignore[arg-type]
                pass
        except BaseException as error:  # noqa: BLE001 - told below
            wrong.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert sorted(reader.read_names) == sorted(f"{number}.txt" for number in range(12))
    assert models.Document.objects.count() == 12
    assert [models.Entry.objects.filter(act=act).count() for act in ("file.receive", "file.read", "document.read")] == [12, 12, 12]
    assert sorted(models.Document.objects.values_list("version", flat=True)) == list(range(1, 13))
    store.verify_chain()


def test_the_confined_reader_reads_refuses_and_begins_again() -> None:
    from luoshi.intake.confined import Confined

    reader = Confined()
    try:
        form, documents = reader.read(report().encode(), "a.txt", seconds=60)
        assert (form, [document.id for document in documents]) == ("txt", [document.id for document in readings(report())])
        with pytest.raises(UnreadableFile) as told:
            reader.read(b"PK\x03\x04 broken", "b.docx", seconds=60)
        assert told.value.slug not in ("internal", "crashed")
        with pytest.raises(UnreadableFile) as told:
            reader.read((report() * 500).encode(), "c.txt", seconds=0)
        assert told.value.slug == "too-slow"
        assert reader.read(report().encode(), "a.txt", seconds=60)[1] == documents
        assert reader._process is not None
        reader._process.kill()
        reader._process.join()
        assert reader.read(report().encode(), "a.txt", seconds=60)[1] == documents, "a process that died between two files is begun again"
    finally:
        reader.stop()


def test_an_error_is_said_in_full() -> None:
    error = LuoshiError("读不出", where="a.txt", remedy="重发", slug="damaged")
    assert str(error) == "a.txt：读不出。重发。［damaged］"
