"""The page in a real browser: it filters, ties source and facts together, obeys the keyboard, and is open to everyone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")]
sync_api = pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import luoshi.demo
    from luoshi.pipeline import read_data
    from luoshi.publish import load_format
    from luoshi.publish.part import Part
    from tests.publish.test_formats import hostile

    path = tmp_path_factory.mktemp("page") / "page.html"
    form = load_format("html")
    documents = sorted(Path(luoshi.demo.__file__).with_name("documents").glob("*.txt"))
    read = [read_data(file.read_bytes(), file.name) for file in documents]
    parts = [Part(reading.text.name, form.encode(reading, "zh")) for reading in (*read, hostile())]
    with path.open("wb") as out:
        form.write(parts, out, lang="zh", several=True)
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, page_file: Path) -> Iterator[Any]:
    yield from _open(browser, page_file, {"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Any, page_file: Path) -> Iterator[Any]:
    yield from _open(browser, page_file, {"width": 390, "height": 800})


def _open(browser: Any, page_file: Path, size: dict[str, int]) -> Iterator[Any]:
    page = browser.new_page(viewport=size)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
    page.goto(page_file.as_uri())
    yield page
    page.close()
    assert not wrong


def _count(page: Any, selector: str) -> int:
    return int(page.locator(selector).count())


LISTED = "ol.facts:not([hidden]) li:not([hidden]):not(.sec)"


def test_opens_quickly(page: Any) -> None:
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domComplete") < 3000
    assert _count(page, LISTED) > 100


def test_kinds_are_filtered_in_list_and_source(page: Any) -> None:
    before = _count(page, LISTED)
    measures = _count(page, f"{LISTED}[data-k=measure]")
    marked = _count(page, "article:not([hidden]) [class*='m-']")
    page.uncheck("input[value=measure]")
    assert _count(page, LISTED) == before - measures
    assert marked > 0
    assert _count(page, "article:not([hidden]) [class*='m-']") == 0
    page.check("input[value=measure]")
    assert _count(page, "article:not([hidden]) [class*='m-']") == marked


def test_roles_are_filtered(page: Any) -> None:
    page.select_option("#role", "result")
    assert _count(page, LISTED) == _count(page, f"{LISTED}[data-r=result]") > 0


def test_sections_are_filtered(page: Any) -> None:
    page.select_option("#section", index=2)
    option = page.evaluate(
        "(() => { const o = document.querySelector('#section').selectedOptions[0]; return [+o.value, +o.dataset.end]; })()"
    )
    sections = page.eval_on_selector_all(LISTED, "items => items.map(item => +item.dataset.s)")
    assert all(option[0] <= section < option[1] for section in sections)


def test_search(page: Any) -> None:
    before = _count(page, LISTED)
    page.fill("#find", "亿元")
    sync_api.expect(page.locator(LISTED)).not_to_have_count(before)
    assert all("亿元" in words for words in page.locator(LISTED).all_text_contents())
    page.fill("#find", "决不会有的词")
    sync_api.expect(page.locator("#count")).to_contain_text("没有符合")


def test_keys_walk_and_show(page: Any) -> None:
    page.keyboard.press("j")
    first = page.text_content("#detailtitle")
    page.keyboard.press("j")
    assert page.text_content("#detailtitle") != first
    page.keyboard.press("k")
    assert page.text_content("#detailtitle") == first
    assert page.locator(".chosen").first.is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#detail").is_hidden()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("jk")
    assert page.locator("#detail").is_hidden()


def test_a_click_goes_either_way(page: Any) -> None:
    item = page.locator(f"{LISTED}[data-k=measure]").nth(20)
    item.locator("button").click()
    chosen = page.locator("article:not([hidden]) .chosen").first
    box = chosen.bounding_box()
    assert box is not None
    assert 0 < box["y"] < 800
    assert item.evaluate("node => node.classList.contains('on')")
    mark = page.locator("article:not([hidden]) .m-target[data-f], article:not([hidden]) .m-result[data-f]").first
    mark.click()
    fact = mark.get_attribute("data-f").split()[0]
    assert page.locator(f"ol.facts:not([hidden]) li[data-i='{fact}']").evaluate("node => node.classList.contains('on')")


def test_overlapping_facts_are_reached_by_further_clicks(page: Any) -> None:
    marks = page.locator("article:not([hidden]) [data-f*=' '].m-target")
    assert marks.count() > 0
    mark = marks.first
    mark.scroll_into_view_if_needed()
    seen = set()
    for _ in mark.get_attribute("data-f").split():
        mark.click()
        seen.add(page.locator("ol.facts:not([hidden]) li.on").get_attribute("data-i"))
    assert len(seen) > 1


def test_documents_are_changed(page: Any) -> None:
    title = page.text_content("article:not([hidden]) h2")
    page.select_option("#document", "1")
    assert page.text_content("article:not([hidden]) h2") != title
    assert _count(page, "article:not([hidden])") == 1


def test_gap_leads_to_its_place(page: Any) -> None:
    page.select_option("#document", index=_count(page, "#document option") - 1)
    page.click("article:not([hidden]) .gaps summary")
    page.click("[data-gap]:visible")
    assert page.locator("article:not([hidden]) .gap").first.is_visible()


def test_hostile_words_stay_words(page: Any) -> None:
    page.select_option("#document", index=_count(page, "#document option") - 1)
    for _ in range(5):
        page.keyboard.press("j")
    assert "alert(1)" in page.text_content("article:not([hidden]) .source")


def test_phone_has_no_sideways_scrolling(phone: Any) -> None:
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.click("#factstab")
    assert phone.locator("#facts .lists").is_visible()
    phone.locator(LISTED).nth(3).locator("button").click()
    chosen = phone.locator("article:not([hidden]) .chosen").first.bounding_box()
    sheet = phone.locator("#detail").bounding_box()
    assert chosen["y"] + chosen["height"] <= sheet["y"]
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing(browser: Any, page_file: Path, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.goto(page_file.as_uri())
    page.keyboard.press("j")
    if width == 390:
        page.click("#factstab")
    result = axe.Axe().run(page)
    page.close()
    assert result.violations_count == 0, result.generate_report()


def test_prints_source_and_facts(page: Any, tmp_path: Path) -> None:
    page.emulate_media(media="print")
    assert page.locator("header").is_hidden()
    assert page.locator("article:not([hidden]) .source").is_visible()
    assert page.locator("#facts .lists").is_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    assert (tmp_path / "page.pdf").stat().st_size > 50_000
