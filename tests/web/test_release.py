"""The page of releases: drawn up, treated, approved by another, published; axe clean."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.ledger import models
from luoshi.ledger.released import Release
from tests.desk.test_release import REGION, WANG, content, do, laid, livelihood, png, report, twice


@pytest.mark.usefixtures("db")
def test_from_drawing_up_to_publishing(client_as: Any) -> None:
    laid()
    report()
    item = livelihood(text="改造老旧小区 24 个，业主方启明已同意。")
    clerk, second = client_as("supervisor"), client_as("leader")
    form = {"title": "2026年民生实事", "region": REGION, "licence": "CC-BY-4.0", "about": ""}
    answer = clerk.post("/releases/draw", form)
    row = Release.objects.get()
    assert answer["Location"] == f"/releases/{row.id}"
    told = clerk.get(f"/releases/{row.id}").content.decode()
    assert "方*" in told
    assert "方启明" not in told
    assert "政府信息公开条例第十五条" in told
    assert content(row).items == ()
    assert clerk.post("/releases/draw", {"release": row.id, "let": item}).status_code == 400
    clerk.post("/releases/draw", {"release": row.id, "mask": item})
    row.refresh_from_db()
    assert "方*" in content(row).items[0].text
    assert clerk.post(f"/releases/{row.id}/approve", {"seen": row.seq}).status_code == 409
    assert second.post(f"/releases/{row.id}/publish").status_code == 403
    assert second.post(f"/releases/{row.id}/approve", {"seen": row.seq - 1}).status_code == 409
    for seen in ("", "²", "9" * 5000, "x"):
        assert second.post(f"/releases/{row.id}/approve", {"seen": seen}).status_code == 400
    assert Release.objects.get().state == "drawn"
    second.post(f"/releases/{row.id}/approve", {"seen": row.seq})
    clerk.post(f"/releases/{row.id}/publish")
    assert Release.objects.get().state == "published"
    assert "已公开" in clerk.get("/releases").content.decode()
    assert second.post(f"/releases/{row.id}/withdraw", {"why": ""}).status_code == 400
    second.post(f"/releases/{row.id}/withdraw", {"why": "数据有误"})
    assert Release.objects.get().state == "withdrawn"


@pytest.mark.usefixtures("db")
def test_what_nobody_saw_held_back_is_not_let_pass(client_as: Any) -> None:
    """The form of a page that is older than what was written since: the number was not there when somebody looked."""
    laid()
    item = livelihood()
    clerk = client_as("supervisor")
    clerk.post("/releases/draw", {"title": "2026年民生实事", "region": REGION, "licence": "CC-BY-4.0", "about": ""})
    row = Release.objects.get()
    assert [one.id for one in content(row).items] == [item]
    models.Item.objects.filter(pk=item).update(text="改造老旧小区 24 个，报名电话13900001207。")
    clerk.post("/releases/draw", {"release": row.id, "let": item, "why": "已征得同意"})
    row.refresh_from_db()
    assert content(row).items == ()


@pytest.mark.usefixtures("db")
def test_a_withdrawal_names_what_is_still_public(client_as: Any) -> None:
    city, district, _ = twice()
    leader = client_as("leader")
    told = leader.post(f"/releases/{district.id}/withdraw", {"why": "误公开"}, follow=True).content.decode()
    assert told.count(city.title) == 2


@pytest.mark.usefixtures("db")
def test_which_documents_were_ticked_and_pictures_are_looked_at_before_they_leave(client_as: Any) -> None:
    laid()
    document, item = report(), livelihood()
    do(WANG, item, "report", 20, count=8, text="按季报数量", pictures=(("现场.png", png()),))
    clerk, second = client_as("supervisor"), client_as("leader")
    form = {"title": "2026年民生实事", "region": REGION, "licence": "CC-BY-4.0", "documents_asked": "1"}
    clerk.post("/releases/draw", form)
    assert content(Release.objects.get()).documents == ()
    clerk.post("/releases/draw", {**form, "documents": [document]})
    row = Release.objects.order_by("-seq")[0]
    assert [one.id for one in content(row).documents] == [document]
    clerk.post("/releases/draw", {"release": row.id, "pictures": models.Evidence.objects.get().id})
    row.refresh_from_db()
    (picture,) = content(row).items[0].pictures
    address = f"/releases/{row.id}/pictures/{picture.file}"
    assert address in second.get(f"/releases/{row.id}").content.decode()
    assert second.get(address)["Content-Type"] == "image/png"
    assert second.get(f"/releases/{row.id}/pictures/{models.Evidence.objects.get().file}").status_code == 404


@pytest.mark.usefixtures("db")
def test_who_may_not_and_whose_region_it_is_not(client_as: Any) -> None:
    laid()
    livelihood()
    clerk = client_as("supervisor")
    clerk.post("/releases/draw", {"title": "2026年民生实事", "region": REGION, "licence": "CC-BY-4.0"})
    row = Release.objects.get()
    assert client_as("liaison").get("/releases").status_code == 403
    elsewhere = client_as("supervisor", username="elsewhere", region="990199")
    leader = client_as("leader", username="leader-elsewhere", region="990199")
    before = models.Entry.objects.count()
    for client in (elsewhere, leader):
        assert client.get(f"/releases/{row.id}").status_code == client.get(f"/releases/{row.id}/pictures/x").status_code == 404
        for act in ("approve", "return", "publish", "withdraw", "drop"):
            assert client.post(f"/releases/{row.id}/{act}", {"why": "看看"}).status_code in (403, 404), act
    assert elsewhere.post("/releases/draw", {"release": row.id}).status_code == 404
    assert models.Entry.objects.count() == before
    assert row.title not in elsewhere.get("/releases").content.decode()
    assert elsewhere.post("/releases/draw", {"title": "别处", "region": REGION, "licence": "CC-BY-4.0"}).status_code == 404


@pytest.mark.parametrize("phone", [False, True])
def test_it_is_clean_on_a_desk_and_on_a_phone(real_db: None, browse: Any, phone: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    laid()
    report()
    livelihood(text="改造老旧小区 24 个，业主方启明已同意。")
    page = browse("supervisor", "/releases", phone=phone)
    page.fill("#title", "2026年民生实事")
    page.click("text=拟定并审查")
    for address in (page.url, page.url.rpartition("/")[0]):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
