"""Charts in pages: whole without a script, interactive on demand, under the policy of every page."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import brotli
import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import path

from luoshi.errors import NotDrawn
from luoshi.publish.chart import Bar, Point, Series, bars, indicator_chart, table_of, table_of_bars
from luoshi.web.chart import figure, library_file, library_name
from luoshi.web.page import Page, guarded
from luoshi.web.urls import urlpatterns as ours
from luoshi.web.words import current_lang
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

_HOSTILE = "</svg><script>alert(1)</script>"
_SERIES = (
    Series(
        unit="元",
        points=(
            *(
                Point(year=year, role="result", value=value * 10**8, place="栖山区", quote=f"地区生产总值完成{value}亿元{_HOSTILE}", link=f"/profile?f={year}")
                for year, value in ((2021, 980), (2022, 1040), (2024, 1180))
            ),
            Point(year=2025, role="target", value=1250 * 10**8, comparator="ge", place="栖山区", quote="达到1250亿元以上", link="/profile?f=target"),
        ),
    ),
    Series(
        unit="%", measure="growth",
        points=(Point(year=2025, role="target", value=6, value_max=6.5, comparator="range", place="栖山区", quote="增长6%—6.5%", link="/profile?f=growth"),),
    ),
)  # fmt: skip
_LONG = (
    Series(
        unit="人",
        points=tuple(
            Point(year=year, role="result", value=year * 1000, place=place) for place in ("栖山区", _HOSTILE) for year in range(1995, 2025)
        ),
    ),
)
_BARS = tuple(
    Bar(label=unit, group=state, value=3, link="/profile")
    for unit in ("区财政局", "区经济贸易和信息化发展局")
    for state in ("已接受", "待核对")
)
_TEMPLATE = """{% extends "layout/layout.html" %}{% block title %}图{% endblock %}{% block main %}<h1>图</h1>
{% for chart in charts %}<section class="panel">{{ chart }}</section>{% endfor %}{% endblock %}"""


def _show(request: HttpRequest) -> HttpResponse:
    lang = current_lang()
    charts = [
        figure(lambda narrow: indicator_chart("栖山区地区生产总值", _SERIES, lang=lang, narrow=narrow), table=table_of(_SERIES, lang), level=2),
        figure(lambda narrow: indicator_chart("户籍人口", _LONG, lang=lang, narrow=narrow), level=2),
        figure(
            lambda narrow: bars("核对情况", _BARS, unit="条", tones={"已接受": "good", "待核对": "open"}, lang=lang, narrow=narrow),
            table=table_of_bars(_BARS, "条", lang), level=2,
        ),
    ]  # fmt: skip
    return HttpResponse(engines["django"].from_string(_TEMPLATE).render({"charts": charts}, request))


_PAGE = Page("home", "charts-here", _show)
urlpatterns = [path("charts-here", guarded(_PAGE, _show, "home"), name="charts-here"), *ours]


@pytest.fixture(autouse=True)
def _with_a_page_of_charts() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def _live(page: Any, number: int = 0) -> Any:
    """The interactive chart, asked for by its button."""
    page.locator("[data-chart-button]").nth(number).click()
    box = page.locator(".chart").nth(number).locator(".chart-box")
    box.locator("svg").wait_for(timeout=60_000)
    return box


def _watch_policy(page: Any) -> None:
    page.evaluate(
        "window.broken = []; document.addEventListener('securitypolicyviolation', (event) => window.broken.push(event.violatedDirective + ' ' + event.sample))"
    )


@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("dark", [False, True])
def test_the_drawing_is_whole_without_a_script(browse: Callable[..., Any], site: str, phone: bool, dark: bool) -> None:
    page = browse("supervisor", "/charts-here", phone=phone, dark=dark, script=False)
    assert page.locator(".chart").count() == 3
    assert page.locator(".chart-narrow svg").first.is_visible() == phone
    assert page.locator(".chart-wide svg").first.is_visible() != phone
    assert page.locator(".chart svg:visible").first.locator("text", has_text="亿元").is_visible()
    assert page.locator("[data-chart-button]").first.is_hidden()
    page.locator("summary", has_text="数据表").first.click()
    link = page.get_by_role("link", name="不低于1250亿元")
    assert link.get_attribute("href") == "/profile?f=target"
    assert_fits(page)
    assert_small(page, f"{site}/charts-here")
    screenshot(page, f"charts-{'phone' if phone else 'desk'}-{'dark' if dark else 'light'}")


@pytest.mark.parametrize("phone", [False, True])
def test_charts_are_accessible(browse: Callable[..., Any], phone: bool) -> None:
    page = browse("supervisor", "/charts-here", phone=phone)
    assert_accessible(page)
    for number in range(3):
        _live(page, number)
    assert_accessible(page)
    assert_fits(page)


def test_the_library_is_fetched_only_by_who_wants_it(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here", phone=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "vega" in url]
    _live(page)
    assert len([url for url in asked if library_name() in url]) == 1


def test_every_point_tells_its_source_by_keyboard(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here")
    _watch_policy(page)
    box = _live(page)
    box.focus()
    said = []
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        said.append(page.locator(".chart-tip b").inner_text())
    assert said == ["2021年结果 980亿元", "2022年结果 1040亿元", "2024年结果 1180亿元", "2025年目标 不低于1250亿元", "2025年目标 6%至6.5%"]
    assert page.locator(".chart-tip q").inner_text() == "增长6%—6.5%"
    page.keyboard.press("Home")
    assert _HOSTILE in page.locator(".chart-tip q").inner_text()
    page.keyboard.press("Escape")
    assert page.locator(".chart-tip").count() == 0
    page.keyboard.press("End")
    assert page.evaluate("window.broken") == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/profile?f=growth")


def test_a_point_tells_its_source_to_the_pointer(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here")
    box = _live(page)
    mark = box.locator(".mark-symbol.role-mark path").last
    place = mark.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2 + 6, place["y"] + place["height"] / 2)
    assert page.locator(".chart-tip b").inner_text() == "2025年目标 不低于1250亿元"
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.wait_for_url("**/profile?f=target")


def test_a_finger_asks_first_and_opens_with_the_next_touch(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here", phone=True)
    mark = _live(page).locator(".mark-symbol.role-mark path").last
    mark.scroll_into_view_if_needed()
    place = mark.bounding_box()
    middle = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.touchscreen.tap(*middle)
    assert page.locator(".chart-tip b").inner_text() == "2025年目标 不低于1250亿元"
    assert page.url.endswith("/charts-here")
    page.touchscreen.tap(*middle)
    page.wait_for_url("**/profile?f=target")


def test_many_years_are_zoomed_and_places_chosen_within_the_policy(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here")
    _watch_policy(page)
    box = _live(page, 1)
    years = "(box) => [...box.querySelectorAll('.role-axis-label text')].map((text) => text.textContent).filter((words) => /^(19|20)\\d\\d$/.test(words))"
    before = box.evaluate(years)
    assert len(before) > 3
    box.scroll_into_view_if_needed()
    place = box.locator("svg").bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    page.keyboard.down("Shift")
    page.mouse.wheel(0, -600)
    page.keyboard.up("Shift")
    page.wait_for_function(
        f"(before) => JSON.stringify(({years})(document.querySelectorAll('.chart')[1])) !== JSON.stringify(before)", arg=before
    )
    box.locator(".role-legend-label text", has_text="栖山区").click(force=True)
    page.wait_for_function(
        "() => [...document.querySelectorAll('.chart-box .mark-line path')].some((line) => line.getAttribute('opacity') === '0.15')"
    )
    assert page.evaluate("window.broken") == []
    assert page.evaluate("document.querySelectorAll('style').length") == 0


def test_back_to_the_drawing(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here")
    _live(page)
    button = page.locator("[data-chart-button]").first
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.locator(".chart-still").first.is_visible()
    assert page.locator(".chart-live").first.is_hidden()
    page.emulate_media(media="print")
    assert page.locator(".chart-wide svg").first.is_visible()


def test_the_drawing_stays_where_the_library_does_not_come(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/charts-here", allow=("Failed to load", "ERR_FAILED"))
    page.route("**/chart/*", lambda route: route.abort())
    page.locator("[data-chart-button]").first.click()
    page.get_by_text("交互图没有载入").wait_for()
    assert page.locator(".chart-still").first.is_visible()


def test_the_data_is_there_where_nothing_can_be_drawn(client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise NotDrawn("绘图程序没有答复")

    monkeypatch.setattr("luoshi.web.chart.draw_svg", fail)
    page = client_as("supervisor").get("/charts-here").content.decode()
    assert "图暂时画不出来" in page
    assert "不低于1250亿元" in page


def test_english(client_as: Callable[..., Any]) -> None:
    page = client_as("supervisor").get("/charts-here?lang=en").content.decode()
    assert "Interactive chart" in page
    assert "target at least" in page


def test_nothing_hostile_is_markup(client_as: Callable[..., Any]) -> None:
    page = client_as("supervisor").get("/charts-here").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert " style=" not in page
    assert "https://" not in page.replace("http://www.w3.org", "")


@pytest.mark.parametrize(("accepted", "packing"), [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", None)])
def test_the_library_is_packed_and_kept_for_ever(client_as: Callable[..., Any], accepted: str, packing: str | None) -> None:
    answer = client_as("supervisor").get(f"/chart/{library_name()}", headers={"Accept-Encoding": accepted})
    body = b"".join(answer.streaming_content)
    unpacked = brotli.decompress(body) if packing == "br" else gzip.decompress(body) if packing else body
    assert unpacked.endswith(b"as embed};")
    assert answer.get("Content-Encoding") == packing
    assert "immutable" in answer["Cache-Control"]
    assert answer["Content-Type"].startswith("text/javascript")
    assert len(body) < (320_000 if packing else 1_000_000)


@pytest.mark.parametrize("name", ["vega-0000000000000000.js", "..%2Fledger.sqlite3", "drawn", "vega.js"])
def test_nothing_else_is_served_there(client_as: Callable[..., Any], name: str) -> None:
    assert client_as("supervisor").get(f"/chart/{name}").status_code == 404


def test_the_library_is_made_once(tmp_path: Any) -> None:
    made = library_file(tmp_path)
    assert sorted(file.name for file in made.parent.iterdir()) == [made.name, f"{made.name}.br", f"{made.name}.gz"]
    before = made.stat().st_mtime_ns
    assert library_file(tmp_path) == made
    assert made.stat().st_mtime_ns == before
