"""Files come in through the web: kept, read, told, never lost; bad ones get one clear word and the server lives."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ledger.making import report
from tests.web.looking import assert_accessible, assert_fits


def send(client: Any, *files: tuple[str, bytes]) -> dict[str, Any]:
    """What the server answers to files."""
    data = {"files": [SimpleUploadedFile(name, body) for name, body in files], "name": [name for name, _ in files]}
    response = client.post("/intake/upload", data, HTTP_ACCEPT="application/json")
    assert response.status_code == 200, response.content.decode()
    return dict(json.loads(response.content))


def read_all() -> None:
    """Reads what waits, in this process."""
    from luoshi.errors import LuoshiError
    from luoshi.ledger.enter import refuse, take_in
    from luoshi.ledger.models import File
    from luoshi.ledger.reading import stored
    from luoshi.ledger.store import blobs
    from luoshi.pipeline import read_data

    for file in File.objects.filter(state="received"):
        try:
            take_in(file.id, stored(read_data(blobs().get(file.id), file.name)), file.received_by, form="txt")
        except LuoshiError as error:
            refuse(file.id, error, "system")


def status(client: Any, *ids: str) -> list[dict[str, Any]]:
    response = client.get(f"/intake/status?ids={','.join(ids)}", HTTP_ACCEPT="application/json")
    return list(json.loads(response.content)["files"])


def test_a_file_is_told_from_receipt_to_reading(db: None, client_as: Any) -> None:
    client = client_as("supervisor")
    sent = send(client, ("2025.txt", report().encode()))["files"][0]
    assert status(client, sent["id"])[0]["state"] == "waiting"
    read_all()
    told = status(client, sent["id"])[0]
    assert (told["state"], told["done"]) == ("read", True)
    document = told["documents"][0]
    assert (document["region"], document["years"], document["open"]) == ("安徽省安庆市岳西县", "2025", True)
    client.post("/intake/confirm", {"document": document["id"]})
    assert not status(client, sent["id"])[0]["documents"][0]["open"]


def test_the_same_again_and_a_new_version(db: None, client_as: Any) -> None:
    from luoshi.ledger.models import Document, Fact

    client = client_as("supervisor")
    send(client, ("2025.txt", report().encode()))
    read_all()
    facts = Fact.objects.count()
    again = send(client, ("copy.txt", report().replace("\n", "\r\n").encode()))["files"][0]
    read_all()
    assert (Fact.objects.count(), Document.objects.count()) == (facts, 1)
    assert status(client, again["id"])[0]["known"]
    newer = send(client, ("2025b.txt", report(parks=9).encode()))["files"][0]
    read_all()
    assert status(client, newer["id"])[0]["documents"][0]["version"] == 2


def zipped(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files:
            archive.writestr(name, body)
    return out.getvalue()


def test_an_archive(db: None, client_as: Any) -> None:
    client = client_as("supervisor")
    body = zipped(
        ("甲/2025.txt", report().encode()), ("甲/2024.txt", report(year=2024).encode()), ("甲/图.png", b"x"), ("__MACOSX/._a.txt", b"x")
    )
    answer = send(client, ("all.zip", body))
    assert [file["name"] for file in answer["files"]] == ["甲/2025.txt", "甲/2024.txt"]
    assert [(bad["name"], bad["slug"]) for bad in answer["refused"]] == [("甲/图.png", "unknown-kind")]


HOSTILE = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\n", "empty"),
    "half.docx": (zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w"))[:60], "damaged"),
    "bomb.docx": (zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b" " * 100_000_000)), "zip-bomb"),
    "picture.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), None),
    "half.pdf": (b"%PDF-1.7\n1 0 obj\n<<", None),
    "bomb.zip": (zipped(*((f"{at}.txt", b"0" * 40_000_000) for at in range(8))), "zip-bomb"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_files_get_one_clear_word(db: None, client_as: Any, name: str) -> None:
    """The good file beside the bad one is read all the same."""
    body, slug = HOSTILE[name]
    client = client_as("supervisor")
    answer = send(client, (name, body), ("2025.txt", report().encode()))
    read_all()
    told = status(client, *(file["id"] for file in answer["files"]))
    bad = [file["error"] for file in told if file["state"] == "refused"] + answer["refused"]
    assert len(bad) == 1
    assert bad[0]["what"]
    assert bad[0]["remedy"]
    assert slug is None or bad[0]["slug"] == slug
    assert [file["state"] for file in told if file["name"] == "2025.txt"] == ["read"]
    assert client.get("/intake").status_code == 200


def test_a_full_disk_is_said_before_anything_is_kept(db: None, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil
    from collections import namedtuple

    from luoshi.ledger.models import File

    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil gives it
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 10**6))
    response = client_as("supervisor").post(
        "/intake/upload", {"files": [SimpleUploadedFile("a.txt", b"x")]}, HTTP_ACCEPT="application/json"
    )
    assert response.status_code == 400
    assert json.loads(response.content)["error"]["slug"] == "disk-full"
    assert not File.objects.exists()


def test_all_archives_of_an_upload_have_one_limit(db: None, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small upload may not fill memory and disk; what fits is kept, and files by themselves always are."""
    from luoshi.web.pages.intake import view

    monkeypatch.setattr(view, "MOST_BYTES", 100_000)
    bodies = [zipped((f"{at}.txt", f"{at}".encode() * 60_000)) for at in range(3)]
    answer = send(client_as("supervisor"), *((f"{at}.zip", body) for at, body in enumerate(bodies)), ("a.txt", b"x"))
    assert [file["name"] for file in answer["files"]] == ["0.txt", "a.txt"]
    assert [(bad["name"], bad["slug"]) for bad in answer["refused"]] == [("1.zip", "too-large"), ("2.zip", "too-large")]
    monkeypatch.setattr(view, "MOST_FILES", 1)
    answer = send(client_as("supervisor"), ("p.zip", zipped(("p.txt", b"p"))), ("q.zip", zipped(("q.txt", b"q"))))
    assert [(len(answer["files"]), bad["name"]) for bad in answer["refused"]] == [(1, "q.zip")]


def test_room_is_asked_for_what_an_archive_unpacks_to(db: None, client_as: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.ledger.models import File
    from luoshi.web.pages.intake import view

    monkeypatch.setattr(view, "_free", lambda: view._SPARE + 1_000_000)
    body = zipped(("a.txt", b"0" * 5_000_000))
    answer = send(client_as("supervisor"), ("all.zip", body))
    assert [(bad["name"], bad["slug"]) for bad in answer["refused"]] == [("a.txt", "disk-full")]
    assert not File.objects.exists()


def test_files_of_other_regions_are_not_told(db: None, client_as: Any) -> None:
    """Neither on the page nor for their hash; of what one sent oneself the documents elsewhere are counted, not named."""
    from luoshi.ledger.models import Document

    body = report().encode()
    owner = client_as("supervisor", region="340828", username="owner", name="温照野")
    other = client_as("supervisor", region="110101", username="other")
    sent = send(owner, ("岳西.txt", body), ("空.txt", b" "))["files"]
    keys = [file["id"] for file in sent]
    # while it waits, after it was read, and refused
    for _ in range(2):
        assert status(other, *keys) == []
        page = other.get("/intake").content.decode()
        assert "岳西.txt" not in page
        assert "空.txt" not in page
        assert len(status(owner, *keys)) == len(status(client_as("supervisor"), *keys)) == 2
        read_all()
    assert json.loads(other.get("/intake/status?ids=").content)["waiting"] == 0
    again = send(other, ("甲.txt", body))["files"][0]
    assert (again["id"], again["known"]) == (keys[0], False)
    told = status(other, *keys)
    assert [(file["documents"], file["by"]) for file in told] == [([], "")]
    assert "其中 1 份" in told[0]["elsewhere"]
    assert "其中 1 份" in other.get("/intake").content.decode()
    document = Document.objects.get()
    assert other.post("/intake/confirm", {"document": document.id}).status_code == 404
    assert send(owner, ("乙.txt", body))["files"][0]["known"]


def test_colleagues_see_each_others_files_and_the_city_those_below(db: None, client_as: Any) -> None:
    owner = client_as("supervisor", region="340828", username="owner")
    key = send(owner, ("岳西.txt", report().encode()))["files"][0]["id"]
    for region in ("340828", "340800", ""):
        assert status(client_as("supervisor", region=region, username=f"of-{region}"), key)[0]["name"] == "岳西.txt"
    read_all()
    for region, opened in (("340828", True), ("340800", True), ("", True)):
        assert status(client_as("supervisor", region=region, username=f"of-{region}"), key)[0]["documents"][0]["open"] == opened


def test_who_died_while_reading_reads_no_more(db: None, client_as: Any) -> None:
    from luoshi.ledger.models import Lease

    client = client_as("supervisor")
    key = send(client, ("2025.txt", report().encode()))["files"][0]["id"]
    for until, state in ((2**40, "reading"), (1, "waiting")):
        Lease.objects.update_or_create(file=key, defaults={"until": until, "step": "reading"})
        assert status(client, key)[0]["state"] == state


def test_only_who_may(db: None, client_as: Any) -> None:
    assert client_as("reader").get("/intake").status_code == 403
    assert client_as("reader").post("/intake/upload", {}).status_code == 403


def test_in_a_browser(browse: Any, tmp_path: Any) -> None:
    """Two files chosen: their rows appear, are read, and can be confirmed without leaving the page."""
    import threading

    good, bad = tmp_path / "2025.txt", tmp_path / "空.txt"
    good.write_text(report(), encoding="utf-8")
    bad.write_bytes(b" ")
    page = browse("supervisor", "/intake")
    assert_accessible(page)
    page.set_input_files("#files", [str(good), str(bad)])
    page.locator('[data-file]:has-text("2025.txt")').wait_for()
    page.locator('[data-file]:has-text("空.txt")').wait_for()
    reader = threading.Thread(target=_read_in_thread)
    reader.start()
    reader.join()
    page.get_by_role("button", name="确认无误").click()
    page.get_by_role("button", name="确认无误").wait_for(state="detached")
    assert (
        "文件里没有文字" in page.locator('[data-file]:has-text("空.txt")').inner_text()
        or "空" in page.locator(".notice.wrong").inner_text()
    )
    phone = browse("supervisor", "/intake", phone=True)
    assert_fits(phone)
    assert_accessible(phone)


def _read_in_thread() -> None:
    from django.db import connection

    read_all()
    connection.close()
