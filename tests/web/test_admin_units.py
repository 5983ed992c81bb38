"""Administration of organisations, posts, regions and names: through the pages, as those see them who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.store import append
from tests.web.district import CITY, CLERK, DISTRICT, FINANCE, MEMBERS, STREETS, lay
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

PAGES = ("/admin/units", f"/admin/units/{STREETS}", f"/admin/units/{MEMBERS}", "/admin/posts", "/admin/regions", "/admin/aliases")


@pytest.fixture(params=["supervisor", "system_admin"])
def keeper(request: Any, client_as: Callable[..., Any]) -> Any:
    """A client of each who keeps them; the system administrator sees no documents and items."""
    lay()
    return client_as(request.param)


def _post(client: Any, path: str, **data: Any) -> Any:
    answer = client.post(path, data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer


def _undo(client: Any, answer: Any) -> None:
    words = answer.content.decode()
    at = words.index('action="/undo/')
    client.post(words[at + 8 : words.index('"', at + 9)])


# --- units


def test_doubtful_ones_stand_first_and_are_settled_together(keeper: Any) -> None:
    append(CLERK, [Draft("organisation.correct", MEMBERS, {"doubt": "which-body"})])
    words = keeper.get("/admin/units").content.decode()
    assert "存疑 2 个" in words
    assert max(words.index(f'value="{key}"') for key in (STREETS, MEMBERS)) < words.index("财政局")
    answer = _post(keeper, "/admin/units/settle", id=[STREETS, MEMBERS])
    assert "已确认 2 个单位的名称" in answer.content.decode()
    assert "没有存疑的单位" in answer.content.decode()
    _undo(keeper, answer)
    assert models.Organisation.objects.exclude(doubt="").count() == 2
    assert keeper.post("/admin/units/settle").status_code == 400


def test_acts_on_one_unit_lead_back_to_a_page_that_may_be_seen(keeper: Any) -> None:
    for path in (f"/admin/units/{STREETS}", f"/admin/units/{MEMBERS}"):
        assert keeper.get(path).status_code == 200
    answer = _post(keeper, f"/organisations/{STREETS}/names", name="街办", region="")
    assert "街办" in answer.content.decode()
    answer = _post(keeper, "/organisations/add/unit", name="文化馆", region="云川省澜州市栖山区")
    assert "文化馆" in answer.content.decode()


# --- posts


def test_a_person_without_a_post_gets_one_by_one_click(keeper: Any) -> None:
    words = keeper.get("/admin/posts").content.decode()
    assert "有事项、没有职务的人" in words
    assert "竹知节" in words
    answer = _post(keeper, "/admin/posts/hold", post="pdeputy", person="竹知节")
    assert "竹知节 已任职，1 项责任转到职务名下" in answer.content.decode()
    assert "每个牵头领导都有职务" in answer.content.decode()
    assert models.Duty.objects.get(role="leader").post == "pdeputy"
    _undo(keeper, answer)
    assert "有事项、没有职务的人" in keeper.get("/admin/posts").content.decode()


def test_a_post_with_a_wrong_day_is_not_half_made(keeper: Any) -> None:
    data = {"title": "区长", "region": "云川省澜州市栖山区", "unit": "", "person": "松问渠", "valid_from": "2023年1月"}
    assert keeper.post("/admin/posts/add", data).status_code == 400
    assert not models.Post.objects.filter(title="区长").exists()
    answer = _post(keeper, "/admin/posts/add", **{**data, "valid_from": "2023-01-10"})
    post = models.Post.objects.get(title="区长")
    assert models.Holding.objects.get(post=post.id).live
    _undo(keeper, answer)
    assert not models.Post.objects.get(pk=post.id).live
    assert not models.Holding.objects.get(post=post.id).live


def test_a_post_from_beginning_to_end(keeper: Any) -> None:
    _post(keeper, "/admin/posts/add", title="区长", region="云川省澜州市栖山区", unit="", person="松问渠", valid_from="2023-01-10")
    post = models.Post.objects.get(title="区长")
    holding = models.Holding.objects.get(post=post.id)
    assert keeper.post("/admin/posts/leave", {"holding": holding.id, "valid_to": "2022-01-01"}).status_code == 400
    answer = _post(keeper, "/admin/posts/leave", holding=holding.id, valid_to="2025-01-01")
    assert "以前任职" in answer.content.decode()
    assert "区长" in keeper.get("/admin/posts?vacant=1").content.decode()
    _undo(keeper, _post(keeper, "/admin/posts/remove", post=post.id))
    assert models.Post.objects.get(pk=post.id).live
    assert "没有符合条件的职务" in keeper.get("/admin/posts?q=没有这个").content.decode()
    assert "松问渠" in keeper.get(f"/admin/posts?q=松问渠&region={DISTRICT}").content.decode()


# --- regions


def test_a_place_is_corrected_and_back(keeper: Any) -> None:
    assert "云川省澜州市栖山区" in keeper.get("/admin/regions").content.decode()
    answer = _post(keeper, f"/admin/regions/{CITY}", name="澜洲市", parent="云川省", valid_from="1998", valid_to="")
    assert "云川省澜洲市栖山区" in answer.content.decode()
    _undo(keeper, answer)
    assert models.Region.objects.get(pk=DISTRICT).full_name == "云川省澜州市栖山区"
    assert keeper.post(f"/admin/regions/{CITY}", {"name": "澜州市", "parent": "云川省", "valid_from": "去年"}).status_code == 400
    assert keeper.post(f"/admin/regions/{CITY}", {"name": "澜州市", "parent": "云川省澜州市栖山区"}).status_code == 409
    assert "没有符合条件的地方" in keeper.get("/admin/regions?q=没有").content.decode()


def test_documents_without_a_region_are_told(client_as: Callable[..., Any]) -> None:
    from luoshi.ledger.models import Document

    lay()
    Document.objects.create(id="dunplaced", title="无名镇工作报告", kind="report", region_code="", newest=True, state="open", number=1)
    assert "无名镇工作报告" in client_as("supervisor").get("/admin/regions").content.decode()
    words = client_as("system_admin").get("/admin/regions").content.decode()
    assert "无名镇工作报告" not in words
    assert "有 1 份文件没有说明地区" in words


# --- names


def test_names_decided_and_by_rule(keeper: Any) -> None:
    assert "带级别字（区、市、省）" in keeper.get("/admin/aliases?kind=rule").content.decode()
    answer = _post(keeper, "/admin/aliases/add", name="国资局", region="云川省澜州市栖山区", unit="财政局")
    assert "国资局" in keeper.get("/admin/aliases?kind=decided").content.decode()
    alias = models.Alias.objects.get(name="国资局")
    assert alias.organisation == FINANCE
    _undo(keeper, answer)
    assert not models.Alias.objects.get(pk=alias.id).live
    assert "没有符合条件的写法" in keeper.get(f"/admin/aliases?kind=decided&region={DISTRICT}").content.decode()


# --- how they look


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}], ids=str)
def test_looks(browse: Callable[..., Any], options: dict[str, Any]) -> None:
    lay()
    for path in PAGES:
        page = browse("system_admin", path, **options)
        assert_accessible(page)
        assert_fits(page)
        assert_small(page, page.url)
        screenshot(page, f"{path.strip('/').replace('/', '-')}-{'-'.join(options) or 'wide'}")


def test_the_form_of_a_post_by_keyboard(browse: Callable[..., Any]) -> None:
    lay()
    page = browse("supervisor", "/admin/posts")
    page.get_by_role("button", name="副区长（城建和交通）").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    assert_accessible(page)
    dialog.get_by_label("姓名").fill("竹知节")
    page.keyboard.press("Enter")
    page.get_by_text("竹知节 已任职").wait_for()


def test_empty_states(client_as: Callable[..., Any]) -> None:
    client = client_as("system_admin")
    for path, words in (("units", "还没有单位"), ("posts", "还没有职务"), ("aliases", "还没有写法")):
        assert words in client.get(f"/admin/{path}").content.decode()


def test_whose_account_a_holder_has_is_said_on_the_page(client_as: Callable[..., Any]) -> None:
    lay()
    for at, name in enumerate(("王伟", "王 伟")):
        models.Account.objects.create(id=f"aw{at}", username=f"wangwei{at}", name=name, roles='["leader"]')
    office = client_as("supervisor")
    answer = _post(office, "/admin/posts/hold", post="pdeputy", person="王伟", valid_from="2023-01-10")
    assert "同名的领导账号不止一个，请指明" in answer.content.decode()
    holding = models.Holding.objects.get(post="pdeputy", person="王伟")
    assert client_as("system_admin").post("/admin/posts/bind", {"holding": holding.id, "account": "aw1"}).status_code == 403
    office = client_as("supervisor")
    assert office.post("/admin/posts/bind", {"holding": holding.id, "account": "anobody"}).status_code == 400
    words = _post(office, "/admin/posts/bind", holding=holding.id, account="aw1").content.decode()
    assert "已记下是哪个账号" in words
    assert "同名的领导账号不止一个" not in words
    assert models.Holding.objects.get(pk=holding.id).account == "aw1"
