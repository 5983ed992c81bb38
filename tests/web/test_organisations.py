"""The organisations and the page of one: names, doubts, members, changes, items; each act through the page and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from luoshi.ledger import models
from luoshi.ledger.organisations import organisation_id
from tests.web.district import DISTRICT, FINANCE, ITEM, MEMBERS, STREETS, lay
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


@pytest.fixture
def clerk(client_as: Callable[..., Any]) -> Any:
    """A supervisor's client, in the district."""
    lay()
    return client_as("supervisor")


def _post(client: Any, path: str, **data: str) -> Any:
    answer = client.post(path, data, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer


def _undo(client: Any, answer: Any) -> None:
    """Presses the button in the toast."""
    words = answer.content.decode()
    at = words.index('action="/undo/')
    client.post(words[at + 8 : words.index('"', at + 9)])


def test_list_and_its_filters(clerk: Any) -> None:
    names = {"财政局": FINANCE, "街道办": STREETS, "招商引资领导小组成员单位": MEMBERS}

    def shown(query: str) -> set[str]:
        words = clerk.get(f"/organisations?{query}").content.decode()
        return {name for name, key in names.items() if f'href="/organisations/{key}"' in words}

    assert shown("") == set(names)
    assert shown("doubt=1") == {"街道办"}
    assert shown("kind=group") == {"招商引资领导小组成员单位"}
    assert shown("q=区财政") == {"财政局"}
    assert shown(f"region={DISTRICT}&sort=-name") == set(names)
    assert shown("region=110000") == set()
    assert "没有符合条件的单位" in clerk.get("/organisations?q=没有的").content.decode()


def test_an_empty_ledger_says_what_to_do(client_as: Callable[..., Any]) -> None:
    assert "还没有单位" in client_as("supervisor").get("/organisations").content.decode()
    assert "还没有单位" in client_as("reader", username="r").get("/organisations?lang=zh").content.decode()


def test_page_tells_names_reasons_and_items(clerk: Any) -> None:
    words = clerk.get(f"/organisations/{FINANCE}").content.decode()
    for told in (
        "区财政局",
        "带级别字（区、市、省）、规范名称",
        f'href="/item/{ITEM}"',
        "新建公园3个",
        "2025年12月31日",
        "云川省澜州市栖山区",
    ):
        assert told in words
    english = clerk.get(f"/organisations/{FINANCE}?lang=en").content.decode()
    assert "a word for the level in front, canonical name" in english


def test_a_doubt_says_what_to_do_and_is_settled(clerk: Any) -> None:
    words = clerk.get(f"/organisations/{STREETS}").content.decode()
    assert "没有说是哪一个" in words
    assert "同类的单位不止一个" in words
    answer = _post(clerk, f"/organisations/{STREETS}/settle")
    assert models.Organisation.objects.get(pk=STREETS).doubt == ""
    _undo(clerk, answer)
    assert models.Organisation.objects.get(pk=STREETS).doubt == "which-one"


def test_really_another_takes_items_and_names_along(clerk: Any) -> None:
    _post(clerk, "/organisations/add/unit", name="墨棠街道办事处", region="云川省澜州市栖山区", kind="body")
    heir = organisation_id(DISTRICT, "墨棠街道办事处")
    answer = _post(clerk, f"/organisations/{STREETS}/same", other="墨棠街道办事处（云川省澜州市栖山区）")
    words = clerk.get(f"/organisations/{heir}").content.decode()
    assert f'href="/item/{ITEM}"' in words
    assert "同一单位的另一写法" in words
    assert "与这个单位是同一个" in clerk.get(f"/organisations/{STREETS}").content.decode()
    _undo(clerk, answer)
    assert f'href="/item/{ITEM}"' not in clerk.get(f"/organisations/{heir}").content.decode()


def test_names_are_added_and_removed(clerk: Any) -> None:
    answer = _post(clerk, f"/organisations/{FINANCE}/names", name="国资局", region="云川省澜州市栖山区")
    alias = models.Alias.objects.get(name="国资局", live=True)
    assert (alias.organisation, alias.region_code) == (FINANCE, DISTRICT)
    assert "人工认定" in answer.content.decode()
    _undo(clerk, _post(clerk, f"/organisations/{FINANCE}/names/remove", alias=alias.id))
    assert models.Alias.objects.get(pk=alias.id).live


def test_members_of_a_group(clerk: Any) -> None:
    answer = _post(clerk, f"/organisations/{MEMBERS}/members", member="财政局", valid_from="2025-01-01")
    member = models.Member.objects.get(group=MEMBERS)
    assert "2025年1月1日 起" in answer.content.decode()
    assert "招商引资领导小组成员单位" in clerk.get(f"/organisations/{FINANCE}").content.decode()
    answer = _post(clerk, f"/organisations/{MEMBERS}/members/remove", member=member.id, valid_to="2025-06-30")
    assert "以前的成员" in answer.content.decode()
    _undo(clerk, answer)
    assert models.Member.objects.get(pk=member.id).live


def test_a_new_name_keeps_the_items_in_view(clerk: Any) -> None:
    answer = _post(clerk, f"/organisations/{FINANCE}/rename", name="财政和国资局", day="2026-01-01", source="机构改革方案")
    assert "起更名为" in answer.content.decode()
    heir = organisation_id(DISTRICT, "财政和国资局")
    words = clerk.get(f"/organisations/{heir}").content.decode()
    assert f'href="/item/{ITEM}"' in words
    assert "机构改革方案" in words
    assert f'href="/organisations/{FINANCE}"' not in clerk.get("/organisations").content.decode()
    assert f'href="/organisations/{FINANCE}"' in clerk.get("/organisations?former=1").content.decode()
    _undo(clerk, answer)
    assert models.Organisation.objects.get(pk=FINANCE).successor == ""


def test_a_merge_and_a_circle(clerk: Any) -> None:
    _post(clerk, f"/organisations/{STREETS}/merge", into="财政局", day="2026-01-01")
    answer = clerk.post(f"/organisations/{FINANCE}/merge", {"into": STREETS, "day": "2026-02-01"})
    assert answer.status_code == 409
    assert "两个单位会互相接替" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("merge", {"into": "没有这个局", "day": "2026-01-01"}, "没有叫“没有这个局”的单位"),
        ("merge", {"into": "街道办", "day": ""}, "不是日期"),
        ("names", {"name": " ", "region": ""}, "不能空着"),
        ("names", {"name": "国资局", "region": "没有的地区"}, "没有叫“没有的地区”的地区"),
        ("names/remove", {"alias": "nnothing"}, "没有这个别名"),
    ],
)
def test_bad_input_is_told_in_words(clerk: Any, path: str, data: dict[str, str], words: str) -> None:
    answer = clerk.post(f"/organisations/{FINANCE}/{path}", data)
    assert answer.status_code in {400, 404}
    assert words in answer.content.decode()


def test_suggestions(clerk: Any) -> None:
    assert clerk.get("/organisations/find/units?q=财政").json() == {"found": ["财政局（云川省澜州市栖山区）"]}
    assert clerk.get("/organisations/find/units?q=区财政局").json() == {"found": ["财政局（云川省澜州市栖山区）"]}
    assert clerk.get("/organisations/find/regions?q=栖山").json() == {"found": ["云川省澜州市栖山区"]}
    assert clerk.get("/organisations/find/units?q=").json() == {"found": []}


def test_who_may_not_act_sees_no_forms(client_as: Callable[..., Any]) -> None:
    lay()
    words = client_as("reader").get(f"/organisations/{STREETS}").content.decode()
    assert "没有说是哪一个" in words
    assert f'action="/organisations/{STREETS}' not in words
    assert client_as("reader").get("/organisations/onothing").status_code == 404


def test_a_liaison_sees_the_own_items_only(client_as: Callable[..., Any]) -> None:
    lay()
    own = client_as("liaison", unit=FINANCE, region=DISTRICT, username="own")
    other = client_as("liaison", unit=MEMBERS, region=DISTRICT, username="other")
    assert f'href="/item/{ITEM}"' in own.get(f"/organisations/{FINANCE}").content.decode()
    assert f'href="/item/{ITEM}"' not in other.get(f"/organisations/{FINANCE}").content.decode()


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}], ids=str)
def test_looks(browse: Callable[..., Any], options: dict[str, Any]) -> None:
    lay()
    for name, path in (
        ("organisations", "/organisations"),
        ("organisation", f"/organisations/{STREETS}"),
        ("group", f"/organisations/{MEMBERS}"),
    ):
        page = browse("supervisor", path, **options)
        assert_accessible(page)
        assert_fits(page)
        assert_small(page, page.url)
        screenshot(page, f"{name}-{'-'.join(options) or 'wide'}")


def test_a_member_by_typing(browse: Callable[..., Any]) -> None:
    lay()
    page = browse("supervisor", f"/organisations/{MEMBERS}")
    page.get_by_label("添加成员").press_sequentially("财政")
    page.wait_for_selector("#member-list option", state="attached")
    page.get_by_label("添加成员").fill(page.locator("#member-list option").first.get_attribute("value"))
    page.get_by_role("button", name="添加成员").click()
    page.get_by_text("已添加成员“财政局”").wait_for()
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("还没有成员").wait_for()
    assert not models.Member.objects.filter(live=True).exists()
