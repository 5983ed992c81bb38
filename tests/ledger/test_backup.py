"""The archive: consistent, whole or not at all, readable with standard tools, and the ledger that comes back is the same."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from luoshi.errors import BadUsage, LuoshiError
from luoshi.ledger.entry import Draft
from tests.ledger.making import CLERK, enter, facts_of, report, snapshot, walk


def _fill() -> list[str]:
    from luoshi.ledger import models, store

    _, documents = enter(report())
    enter(report(growth="6.5"), "second.txt")
    for actor, draft in walk(documents[0], facts_of(documents[0])):
        store.append(actor, [draft])
    models.Account.objects.filter(pk="aone").update(password="hash of one")  # noqa: S106
    return documents


def _clear() -> None:
    from luoshi.ledger import models
    from luoshi.ledger.rows import TABLES

    models.Entry.objects.all().delete()
    models.Head.objects.all().delete()
    for model in TABLES.values():
        model.objects.all().delete()  # type: ignore[attr-defined]


def _members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {info.name: content.read() for info in tar if (content := tar.extractfile(info))}


def _pack(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("ending", [".tar.gz", ".tgz", ".tar.zst", ".tar"])
def test_what_was_backed_up_comes_back(db: None, tmp_path: Path, ending: str) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.backup import back_up, restore

    if ending == ".tar.zst" and not shutil.which("zstd"):
        pytest.skip("no zstd here")
    _fill()
    before, entries = snapshot(), list(store.entries())
    manifest = back_up(tmp_path / f"ledger{ending}")
    assert (manifest.entries, manifest.head, manifest.missing) == (len(entries), entries[-1].hash, ())
    _clear()
    restored, aside = restore(tmp_path / f"ledger{ending}")
    assert (restored, aside) == (manifest, None)
    assert snapshot() == before
    assert list(store.entries()) == entries
    assert store.verify_chain() == len(entries)
    assert models.Account.objects.get(pk="aone").password == "hash of one"  # noqa: S105
    store.append(CLERK, [Draft("setting.change", "one", {"value": 1})])


def test_files_that_were_lost_come_back(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.backup import back_up, restore

    _fill()
    back_up(tmp_path / "ledger.tar.gz")
    keys = [*models.File.objects.values_list("id", flat=True), *models.Document.objects.values_list("reading", flat=True)]
    for key in keys:
        store.blobs().path(key).unlink()
    _clear()
    restore(tmp_path / "ledger.tar.gz")
    assert all(store.blobs().get(key) for key in keys)


def test_what_signing_in_keeps_comes_back(db: None, tmp_path: Path) -> None:
    from luoshi.ledger.backup import back_up, restore
    from luoshi.web.signin.models import Access, Batch, Credential, Mark

    _fill()
    Credential.objects.create(id="aone", changed_at="2026-01-01T00:00:00.000000Z", history='["hash of one"]')
    Mark.objects.create(id="head", seq=1, hash="h1")
    Batch.objects.create(seq=1, at="2026-01-01T00:00:00.000000Z", count=1, hash="h1")
    for number in range(3):
        Access.objects.create(batch=1, place=number, at="2026-01-01T00:00:00.000000Z", kind="page")
    Access.objects.create(batch=2, place=0, at="2026-01-01T00:00:01.000000Z", kind="page")
    kept = [list(model.objects.order_by("pk").values()) for model in (Credential, Mark, Batch)]
    seen = list(Access.objects.filter(batch=1).order_by("pk").values())
    back_up(tmp_path / "ledger.tar.gz")
    _clear()
    for model in (Credential, Mark, Batch, Access):
        model.objects.all().delete()
    restore(tmp_path / "ledger.tar.gz")
    assert [list(model.objects.order_by("pk").values()) for model in (Credential, Mark, Batch)] == kept
    assert list(Access.objects.order_by("pk").values()) == seen, "what was not sealed when the backup began belongs to the next one"
    assert Access.objects.create(batch=2, place=0, at="", kind="page").pk not in {row["id"] for row in seen}


def test_every_table_is_a_fold_or_kept_or_of_no_weight() -> None:
    from django.apps import apps

    from luoshi.ledger.backup import KEPT
    from luoshi.ledger.rows import TABLES

    weightless = {"ledger.Head", "ledger.Entry", "ledger.Lease", "sessions.Session", "notify.Turn", "api.Use"}
    # made anew from documents, facts and settlements
    weightless |= {"ledger.Link", "ledger.LinkChange", "ledger.Linking"}
    mine = [model for model in apps.get_models() if model._meta.app_label not in ("contenttypes", "auth")]
    told = {model._meta.label for model in TABLES.values()} | set(KEPT) | weightless
    assert {model._meta.label for model in mine} == told, "a new table: is it a fold, or must a backup keep it?"


def test_an_outsider_reads_it_with_standard_tools(db: None, tmp_path: Path) -> None:
    from luoshi.ledger.backup import back_up

    _fill()
    back_up(tmp_path / "ledger.tar.gz")
    subprocess.run(["tar", "-xzf", "ledger.tar.gz"], cwd=tmp_path, check=True)
    told = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert told.stdout == ""
    last = "0" * 64
    for line in (tmp_path / "entries.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        body = [last, *(entry[name] for name in ("seq", "at", "actor", "act", "subject", "context", "data"))]
        last = hashlib.sha256(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
        assert entry["hash"] == last
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["head"], manifest["entries"]) == (last, entry["seq"])
    assert manifest["files"] == len(list((tmp_path / "files").glob("*/*")))
    assert (tmp_path / "ledger.tar.gz").stat().st_mode & 0o077 == 0, "hashes of passwords are in it"


def test_a_backup_holds_what_was_there_when_it_began(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import store
    from luoshi.ledger.backup import back_up

    _fill()
    count = len(list(store.entries()))

    def meanwhile(step: str, done: int) -> None:
        enter(report(growth=f"8.{done}"), "meanwhile.txt")

    manifest = back_up(tmp_path / "ledger.tar.gz", progress=meanwhile)
    members = _members(tmp_path / "ledger.tar.gz")
    assert manifest.entries == count == len(members["entries.jsonl"].splitlines())
    assert len(list(store.entries())) > count
    _clear()
    from luoshi.ledger.backup import restore

    restore(tmp_path / "ledger.tar.gz")
    assert store.verify_chain() == count


def test_a_backup_that_fails_leaves_nothing(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.ledger import backup

    _fill()
    target = tmp_path / "ledger.tar.gz"
    backup.back_up(target)
    kept = target.read_bytes()

    def full(self: Any, needed: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup._Packer, "_store", full)
    with pytest.raises(LuoshiError, match="磁盘已满"):
        backup.back_up(target)
    assert target.read_bytes() == kept
    assert list(tmp_path.iterdir()) == [target]
    with pytest.raises(BadUsage, match=r"\.tar\.gz"):
        backup.back_up(tmp_path / "ledger.rar")
    assert list(tmp_path.iterdir()) == [target]


def test_a_lost_original_does_not_stop_a_backup_and_is_told(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import store
    from luoshi.ledger.backup import back_up

    file, _ = enter(report(parks=55))
    kept = store.blobs().get(file)
    try:
        store.blobs().path(file).write_bytes(b"changed")
        assert back_up(tmp_path / "ledger.tar.gz").missing == (file,)
    finally:
        store.blobs().path(file).write_bytes(kept)


def test_a_ledger_that_is_there_is_replaced_only_when_that_is_wanted(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import store
    from luoshi.ledger.backup import back_up, restore

    _fill()
    back_up(tmp_path / "first.tar.gz")
    first = snapshot()
    enter(report(growth="9"), "third.txt")
    now = snapshot()
    with pytest.raises(BadUsage, match="已有台账"):
        restore(tmp_path / "first.tar.gz")
    assert snapshot() == now
    _, aside = restore(tmp_path / "first.tar.gz", replace=True)
    assert snapshot() == first
    assert aside is not None
    restore(aside, replace=True)
    assert snapshot() == now
    store.verify_chain()


def _without(members: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {key: data for key, data in members.items() if key != name}


def _resealed(members: dict[str, bytes]) -> dict[str, bytes]:
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members.items() if name != "SHA256SUMS")
    return {**members, "SHA256SUMS": sums.encode()}


def test_an_archive_that_was_tampered_with_is_refused_and_changes_nothing(db: None, tmp_path: Path) -> None:
    from luoshi.ledger.backup import BadArchive, back_up, restore
    from luoshi.ledger.entry import BrokenChain

    _fill()
    back_up(tmp_path / "ledger.tar.gz")
    _clear()
    before = snapshot()
    members = _members(tmp_path / "ledger.tar.gz")
    file = next(name for name in members if name.startswith("files/"))
    lines = members["entries.jsonl"].splitlines(keepends=True)
    changed = {**members, "entries.jsonl": members["entries.jsonl"].replace("区财政局".encode(), "区教育局".encode())}
    cases: list[tuple[dict[str, bytes], type[LuoshiError]]] = [
        (_without(members, "SHA256SUMS"), BadArchive),
        (_without(members, "manifest.json"), BadArchive),
        (_without(members, "entries.jsonl"), BadArchive),
        (_without(members, file), BadArchive),
        ({**members, file: b"other"}, BadArchive),
        ({**members, "manifest.json": b"{"}, BadArchive),
        (changed, BadArchive),
        (_resealed(changed), BrokenChain),
        (_resealed({**members, "entries.jsonl": b"".join(lines[:-1])}), BadArchive),
        (_resealed({**members, "entries.jsonl": b"".join([*lines[:3], *lines[4:]])}), BrokenChain),
        (_resealed({**members, "entries.jsonl": b"not json\n"}), BadArchive),
        ({"hello.txt": b"hello"}, BadArchive),
    ]
    for number, (wrong, error) in enumerate(cases):
        with pytest.raises(error):
            restore(_pack(tmp_path / f"{number}.tar.gz", wrong))
        assert snapshot() == before, number
    data = (tmp_path / "ledger.tar.gz").read_bytes()
    for number, bad in enumerate(
        (data[: len(data) // 2], b"", b"no archive at all", gzip.compress(b"no tar"), data[:50] + b"x" + data[51:])
    ):
        path = tmp_path / f"bad{number}.tar.gz"
        path.write_bytes(bad)
        with pytest.raises(LuoshiError):
            restore(path)
        assert snapshot() == before, number
    with pytest.raises(BadUsage, match="没有这个文件"):
        restore(tmp_path / "absent.tar.gz")


def test_a_member_cannot_leave_the_folder(db: None, tmp_path: Path) -> None:
    from luoshi.ledger import store
    from luoshi.ledger.backup import back_up, restore

    _fill()
    back_up(tmp_path / "ledger.tar.gz")
    members = _members(tmp_path / "ledger.tar.gz")
    _clear()
    evil = {"../../evil.txt": b"evil", "/etc/evil": b"evil", "tables/../../evil.jsonl": b"{}\n", "files/../evil": b"evil"}
    with pytest.raises(LuoshiError):
        restore(_pack(tmp_path / "evil.tar.gz", {**evil, **members}))
    assert not list(tmp_path.parent.rglob("evil*.txt"))
    assert not list(store.blobs().folder.rglob("evil"))


def test_an_address_of_an_older_archive_stays_in_use() -> None:
    from luoshi.ledger.backup import row_of
    from luoshi.notify.models import Contact

    assert row_of("notify.Contact", Contact, {"id": "aone", "email": "lu@qishan.example"}).confirmed
    assert not row_of("notify.Contact", Contact, {"id": "aone", "email": "lu@qishan.example", "confirmed": False}).confirmed
