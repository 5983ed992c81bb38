"""The parts that pages are put together from, shown on one page: open to everyone, on every screen, and they work."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.looking import assert_accessible, assert_fits, screenshot

_ROWS = (
    ("f1", "地区生产总值", "target", 125e9, "元", 2025, "地区生产总值达到1250亿元左右", "open"),
    ("f2", "规上工业增加值", "result", 6.5, "%", 2024, "规上工业增加值增长6.5%", "accepted"),
    ("f3", "城镇新增就业", "result", 6600, "人", 2024, "城镇新增就业6600人，完成年度任务的110%", "corrected"),
    ("f4", "森林覆盖率", "attribute", 7, "个百分点", 2024, "其中森林覆盖率比2020年提高7个百分点", "rejected"),
    ("f5", "固定资产投资", "target", 2.48e9, "元", 2025, "力争固定资产投资24.8亿元", "disputed"),
)
_KINDS = (
    *("target", "result", "attribute", "measure", "task", "project", "term"),
    *("open", "accepted", "corrected", "rejected", "doubt", "good", "warn", "wrong"),
)


@pytest.fixture
def gallery(browse: Callable[..., Any], rf: Callable[..., Any], site: str) -> Callable[..., Any]:
    """Opens the page of all parts."""

    def show(**options: Any) -> Any:
        from django.core.paginator import Paginator
        from django.template import engines
        from django.utils import translation

        from luoshi.web.context import GROUPS, Link, Menu
        from luoshi.web.words import DJANGO_NAMES

        names = ("id", "name", "role", "value", "unit", "year", "text", "state")
        values = {
            "rows": [dict(zip(names, row, strict=True)) for row in _ROWS],
            "kinds": _KINDS,
            "page_obj": Paginator(range(95), 10).page(3),
            "navigation": [
                Menu(group.name if len(links) > 1 else "", group.icon, links, group.name == "reading")
                for group in GROUPS
                for links in [tuple(Link(one.name, one.icon, f"/{one.name}", one.name == "all_documents") for one in group.entries)]
            ],
            "search_address": "/search",
            "notes": [{"words": "已采纳 3 条", "kind": "done", "undo": "/undo/1"}],
        }
        template = engines["django"].from_string(Path(__file__).with_name("gallery.html").read_text("utf-8"))
        with translation.override(DJANGO_NAMES["en" if options.get("lang") == "en" else "zh"]):
            html = template.render(values, rf("supervisor", "/gallery?sort=-year&page=3"))
        page = browse("supervisor", "/nowhere", allow=("status of 404", "status of 409"), **options)
        page.route("**/gallery", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        page.goto(f"{site}/gallery")
        return page

    return show


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_parts_are_open_to_everyone(gallery: Callable[..., Any], phone: bool, dark: bool) -> None:
    page = gallery(phone=phone, dark=dark)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"parts-{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 390, 600, 800, 1024, 1100, 1280, 1440, 1920])
def test_the_parts_fit_every_window(gallery: Callable[..., Any], width: int, lang: str) -> None:
    page = gallery(lang=lang)
    page.set_viewport_size({"width": width, "height": 700})
    assert_fits(page)
    if width == 1280:
        screenshot(page, f"parts-1280-{lang}")


def test_rows_are_chosen(gallery: Callable[..., Any]) -> None:
    page = gallery()
    rows = page.locator("[data-row]")
    assert not page.locator("[data-bulk]").is_visible()
    rows.nth(0).check()
    rows.nth(3).click(modifiers=["Shift"])
    assert page.locator("[data-row]:checked").count() == 4
    assert page.inner_text("[data-count]") == "已选 4 项"
    assert page.evaluate("document.querySelector('[data-all]').indeterminate")
    screenshot(page, "parts-chosen")
    page.locator("[data-all]").check()
    assert page.locator("[data-row]:checked").count() == 5
    page.locator("[data-all]").uncheck()
    assert not page.locator("[data-bulk]").is_visible()


def test_a_dialog_opens_and_gives_the_focus_back(gallery: Callable[..., Any]) -> None:
    page = gallery()
    page.get_by_role("button", name="新建事项").click()
    assert page.locator("#sample").is_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert not page.locator("#sample").is_visible()
    assert "新建事项" in page.evaluate("document.activeElement.textContent")


def test_a_note_offers_the_way_back_and_closes(gallery: Callable[..., Any]) -> None:
    page = gallery()
    note = page.locator(".toast")
    assert note.locator("form").get_attribute("action") == "/undo/1"
    note.locator("[data-close]").click()
    assert note.count() == 0


def test_the_slash_goes_to_the_search(gallery: Callable[..., Any]) -> None:
    page = gallery()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("g?")
    assert page.input_value("#find") == "g?"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") != "find"


def test_scripts_ask_tell_and_fail_in_words(gallery: Callable[..., Any]) -> None:
    page = gallery()
    heard: list[Any] = []
    error = {"slug": "conflict", "what": "别人刚改过", "where": "第 3 条", "remedy": "请刷新"}
    page.route("**/refused", lambda route: (heard.append(route.request), route.fulfill(status=409, json={"error": error})))
    told = page.evaluate(
        """async () => {
             const { post } = await import("/static/layout/js/fetch.js");
             const { toast, toastError } = await import("/static/layout/js/toast.js");
             toast("<b>已保存</b>", { undo: async () => { window.undone = true; } });
             try { await post("/refused", { a: 1 }); } catch (error) { toastError(error); return [error.slug, error.status, error.message]; }
             return null;
           }"""
    )
    assert told == ["conflict", 409, "第 3 条：别人刚改过。请刷新"]
    assert heard[0].post_data == '{"a":1}'
    assert heard[0].headers["x-csrftoken"]
    assert page.locator(".toast", has_text="<b>已保存</b>").count() == 1
    assert page.locator(".toast.wrong").inner_text() == "第 3 条：别人刚改过。请刷新"
    page.locator(".toast", has_text="已保存").get_by_role("button", name="撤销").click()
    page.wait_for_function("window.undone === true")


def test_a_question_is_answered(gallery: Callable[..., Any]) -> None:
    page = gallery()
    page.evaluate(
        """() => { import("/static/layout/js/dialog.js").then(({ confirm }) => confirm("撤回这份文件？", { danger: true, act: "撤回文件" }))
             .then((yes) => { window.answered = yes; }); }"""
    )
    page.get_by_role("button", name="撤回文件").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="撤回文件").click()
    page.wait_for_function("window.answered === true")


def test_paper_shows_the_matter_and_not_the_frame(gallery: Callable[..., Any]) -> None:
    page = gallery()
    page.emulate_media(media="print")
    assert not page.locator(".top").is_visible()
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".toasts").is_visible()
    assert page.locator(".table thead").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.table-box')).overflowX") == "visible"
    page.set_viewport_size({"width": 700, "height": 990})
    assert_fits(page)
    screenshot(page, "parts-print")
