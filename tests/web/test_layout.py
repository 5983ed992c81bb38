"""The frame of the web: words, door, headers, errors, and how it looks and works in a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luoshi.desk.actor import Role
from luoshi.desk.rights import OPEN, RIGHTS
from luoshi.errors import BadTable
from luoshi.messages import Message
from luoshi.tables import load_table
from luoshi.web.context import GROUPS
from luoshi.web.page import Page, guarded
from luoshi.web.pages import PAGES
from luoshi.web.words import catalogue, check_message
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

WEB = Path(__file__).parents[2] / "src/luoshi/web"
TEMPLATES = sorted(WEB.rglob("*.html"))


# --- words


@pytest.mark.parametrize("path", sorted(WEB.rglob("words.yaml")), ids=lambda path: path.parent.name)
def test_every_word_is_there_in_both_languages(path: Path) -> None:
    words = load_table("luoshi.web", path.relative_to(WEB).as_posix(), dict[str, Message])
    for key, message in words.items():
        check_message(key, message, path.parent.name)


def test_every_word_of_a_template_is_in_the_catalogue() -> None:
    used = {key: path.name for path in TEMPLATES for key in re.findall(r"""{%\s*say\s+["']([^"']+)["']""", path.read_text("utf-8"))}
    assert {key: path for key, path in used.items() if key not in catalogue()} == {}
    assert len(used) > 20


def test_every_word_of_the_code_is_in_the_catalogue() -> None:
    used = {
        key: path.name
        for path in WEB.rglob("*.py")
        for key in re.findall(r"""(?<![\w.])say\(\s*f?["']([^"'{]+)["']""", path.read_text("utf-8"))
        if key in catalogue() or "." in key
    }
    assert {key: path for key, path in used.items() if key not in catalogue()} == {}


@pytest.mark.parametrize("path", sorted(WEB.rglob("*.js")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_word_of_a_script_is_sent_to_it(path: Path) -> None:
    page = path.parent.name if path.parent.parent.name == "pages" else ""
    for key in re.findall(r"""(?<![\w.])say\(\s*["']([^"']+)["']""", path.read_text("utf-8")):
        # a script of a page may put the page's name before the key by itself
        known = {name for name in (key, f"{page}.{key}") if name in catalogue()}
        assert known, key
        assert any(name.startswith(("js.", f"{page}.js.")) for name in known), f"{key} is not sent to this page"


def test_words_of_the_navigation_are_there() -> None:
    assert {f"nav.{one.name}" for group in GROUPS for one in (group, *group.entries)} <= set(catalogue())


def test_the_navigation_leads_to_every_page_once() -> None:
    entries = [entry for group in GROUPS for entry in group.entries]
    led = [page for entry in entries for page in (*entry.pages, *entry.inside)]
    assert len(led) == len(set(led))
    # the rest belongs to whoever is signed in and stands in their own menu, is for programs, or comes before the door
    own = {"notices", "password", "profile", "signin", "signout", "tokens", "undo", "api", "health", "open311"}
    assert {page.name for page in PAGES} - own <= set(led)


@pytest.mark.parametrize(
    ("key", "message", "what"),
    [
        ("title", Message(zh="标题", en=""), "缺一种语言"),
        ("title", Message(zh="{count} 份", en="documents"), "占位符不同"),
        ("The title", Message(zh="标题", en="title"), "写法不对"),
    ],
)
def test_words_that_do_not_fit_are_refused(key: str, message: Message, what: str) -> None:
    with pytest.raises(BadTable, match=what):
        check_message(key, message, "words.yaml")


def test_an_unknown_key_says_what_to_do() -> None:
    from luoshi.web.words import say

    with pytest.raises(BadTable, match=r"没有 nowhere\.title 这个键"):
        say("nowhere.title")
    with pytest.raises(BadTable, match="缺少值"):
        say("frame.page_of", page=1)


# --- templates: nothing that the content policy would block, nothing unescaped


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_templates_keep_the_content_policy(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|javascript:|<style", text)
    assert not re.search(r"\|\s*safe\b|autoescape\s+off", text)
    assert "//" not in re.sub(r"{#.*?#}", "", text)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", text)


# --- pages and their rights


def test_every_page_has_its_folder_and_its_right() -> None:
    for page in PAGES:
        folder = WEB / "pages" / page.name
        assert folder.joinpath("view.py").is_file()
        assert folder.joinpath("words.yaml").is_file() or not folder.joinpath("page.html").is_file()
        assert page.key in RIGHTS
        assert page.public == (page.key in OPEN)
        for route in page.routes:
            assert not route.path.startswith("/")


def test_names_are_given_once() -> None:
    names = [page.name for page in PAGES] + [f"{page.name}.{route.name}" for page in PAGES for route in page.routes]
    assert len(names) == len(set(names))


# --- the door


def test_the_unsigned_are_sent_to_sign_in(client_as: Callable[..., Any]) -> None:
    client = client_as(None)
    answer = client.get("/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/signin?next=%2F%3Fa%3D1")
    told = client.get("/", headers={"Accept": "application/json"})
    assert told.status_code == 401
    assert json.loads(told.content)["error"]["slug"] == "unsigned"


def test_who_has_no_right_is_refused(client_as: Callable[..., Any], rf: Any) -> None:
    secret = Page("secret", "secret", lambda request: None, right="admin.audit")  # type: ignore[arg-type,return-value]
    seen = guarded(secret, secret.view, secret.key)(rf("supervisor", "/secret"))
    assert seen.status_code == 403
    assert "没有权限" in seen.content.decode()


def test_a_wrong_method_is_refused(rf: Any) -> None:
    page = Page("home", "", lambda request: None)  # type: ignore[arg-type,return-value]
    refused = guarded(page, page.view, page.key, "POST")(rf("supervisor", "/"))
    assert (refused.status_code, refused["Allow"]) == (405, "POST")


def test_a_password_to_be_changed_comes_first(rf: Any) -> None:
    page = Page("home", "", lambda request: None)  # type: ignore[arg-type,return-value]
    request = rf("supervisor", "/")
    request.session["must_change_password"] = True
    answer = guarded(page, page.view, page.key)(request)
    assert (answer.status_code, answer["Location"]) == (302, "/password")


def test_an_inactive_account_is_nobody(client_as: Callable[..., Any]) -> None:
    from luoshi.ledger.models import Account

    client = client_as("reader")
    assert client.get("/").status_code == 200
    Account.objects.update(active=False)
    assert client.get("/").status_code == 302


def test_an_idle_session_ends(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    assert client.get("/").status_code == 200
    session = client.session
    seen = session["seen"]
    session["seen"] = seen - 19 * 60
    session.save()
    assert client.get("/").status_code == 200
    assert client.session["seen"] >= seen
    session = client.session
    session["seen"] = seen - 21 * 60
    session.save()
    assert client.get("/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_session_is_written_once_a_minute(client_as: Callable[..., Any]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_as("reader")
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert not [query["sql"] for query in queries if re.match('(UPDATE|INSERT INTO) "django_session"', query["sql"])]


# --- headers, language, errors


def test_headers_of_security(client_as: Callable[..., Any]) -> None:
    answer = client_as("reader").get("/")
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert re.fullmatch("[0-9a-f]{16}", answer["X-Request-ID"])


def test_a_request_number_of_the_proxy_is_kept(client_as: Callable[..., Any]) -> None:
    client = client_as(None)
    assert client.get("/nowhere", headers={"X-Request-ID": "abc-12345678"})["X-Request-ID"] == "abc-12345678"
    assert client.get("/nowhere", headers={"X-Request-ID": "a b\tc<script>"})["X-Request-ID"] != "a b\tc<script>"


def test_language_is_asked_for_and_kept(client_as: Callable[..., Any]) -> None:
    client = client_as(None)
    assert '<html lang="zh-CN">' in client.get("/nowhere").content.decode()
    assert '<html lang="en">' in client.get("/nowhere?lang=en").content.decode()
    assert "There is no such page" in client.get("/nowhere").content.decode()
    assert '<html lang="en">' in client.get("/nowhere?lang=xx").content.decode()


def test_errors_are_pages_for_people_and_json_for_scripts(client_as: Callable[..., Any]) -> None:
    client = client_as(None)
    page = client.get("/nowhere/<b>")
    assert page.status_code == 404
    assert "<b>" not in page.content.decode().split("<main")[1].replace("<b>在哪里", "")
    told = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (told.status_code, json.loads(told.content)["error"]) == (
        404,
        {"slug": "not-found", "what": "没有这个页面", "where": "", "remedy": "地址可能写错，或者内容已经合并、撤回；可以搜索一下"},
    )


def test_a_post_without_its_token_is_refused() -> None:
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post("/")
    assert answer.status_code == 403
    assert "这张表单已经过期" in answer.content.decode()


def test_too_much_at_once_is_413(rf: Any) -> None:
    from django.core.exceptions import RequestDataTooBig, SuspiciousOperation

    from luoshi.web.pages.trouble.view import bad_request

    assert bad_request(rf(None, "/"), RequestDataTooBig("…")).status_code == 413
    assert bad_request(rf(None, "/"), SuspiciousOperation("…")).status_code == 400


def test_an_error_of_ours_says_what_where_and_what_to_do(rf: Any) -> None:
    from luoshi.errors import UnreadableFile

    def view(request: Any) -> Any:
        raise UnreadableFile("文件是空的", where="<报告>.txt", remedy="请重新导出", slug="empty")

    page = Page("home", "", view)
    answer = guarded(page, view, page.key)(rf("supervisor", "/"))
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "文件是空的" in text
    assert "&lt;报告&gt;.txt" in text
    assert "请重新导出" in text


def test_a_defect_is_a_page_even_without_a_database(rf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    from luoshi.web.pages.trouble.view import broken

    def fail(self: Any) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(SessionStore, "load", fail)
    request = rf(None, "/")
    request.session._session_key = "x" * 32
    answer = broken(request)
    assert answer.status_code == 500
    assert "程序出了差错" in answer.content.decode()


# --- static files


def test_static_files_lie_beside_the_pages(client_as: Callable[..., Any]) -> None:
    from luoshi.web.static_files import Finder

    names = {name for name, _ in Finder().list(None)}
    assert {"layout/css/base.css", "layout/js/frame.js", "layout/icons.svg"} <= names
    assert not [name for name in names if name.endswith((".html", ".py", ".yaml"))]
    assert Finder().find("layout/css/base.css")
    assert not Finder().find("layout/words.yaml")
    assert not Finder().find("../settings.py")
    assert Finder().find("layout/nothing.css", find_all=True) == []


def test_hashed_files_import_each_other(tmp_path: Path) -> None:
    """Every name in the manifest is hashed, and a script asks for the hashed names of the others."""
    from luoshi.web.static_files import WEB as SOURCE
    from luoshi.web.static_files import Finder, HashedFiles

    storage = HashedFiles(location=str(tmp_path), base_url="/static/")
    paths = {}
    for name, source in Finder().list(None):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((SOURCE / name).read_bytes())
        paths[name] = (source, name)
    problems = [error for _, _, error in storage.post_process(paths) if isinstance(error, Exception)]
    assert not problems
    frame = (tmp_path / storage.stored_name("layout/js/frame.js")).read_text("utf-8")
    assert re.search(r'from "\./dialog\.[0-9a-f]{12}\.js"', frame)
    # whatever is imported is in the manifest
    for script in tmp_path.rglob("*.*.js"):
        for imported in re.findall(r'from "(\.[^"]+)"', script.read_text("utf-8")):
            assert (script.parent / imported).resolve().is_file(), f"{script.name} asks for {imported}"


# --- in a browser


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_frame_is_open_to_everyone(browse: Callable[..., Any], phone: bool, dark: bool) -> None:
    page = browse("supervisor", "/", phone=phone, dark=dark)
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"home-{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}")
    assert_small(page, page.url)


def test_the_menu_of_the_phone_opens_and_closes(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/", phone=True)
    assert not page.locator(".nav").is_visible()
    page.locator(".menu summary").click()
    assert page.locator(".nav").is_visible()
    page.locator(".nav summary:has-text('办理')").click()
    assert page.locator(".nav a:has-text('督办看板')").is_visible()
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, "menu-phone")
    page.keyboard.press("Escape")
    assert not page.locator(".nav a:has-text('督办看板')").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".nav").is_visible()


def test_a_menu_opens_by_keyboard_and_closes_when_left(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/")
    menu = page.locator(".nav details", has=page.locator("summary:has-text('办理')"))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    first, last = menu.locator("a").first, menu.locator("a").last
    assert first.is_visible()
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, "menu-wide")
    page.keyboard.press("Escape")
    assert not first.is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Enter")
    last.focus()
    page.keyboard.press("Tab")
    assert not first.is_visible()
    page.locator(".nav summary:has-text('对账')").click()
    page.locator(".nav summary:has-text('台账')").click()
    assert page.locator(".nav details[open]").count() == 1
    page.get_by_role("link", name="事实台账").click()
    page.wait_for_url("**/ledger")
    assert page.locator(".nav summary[aria-current]").inner_text() == "台账"
    assert page.locator(".nav a[aria-current]").get_attribute("href") == "/ledger"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_head_of_each_role_stays_in_one_line(
    browse: Callable[..., Any], make_account: Callable[..., Any], role: Role, lang: str
) -> None:
    from luoshi.desk import settings
    from luoshi.desk.actor import SYSTEM

    account = make_account(role.value, name="欧阳照野")
    settings.change(SYSTEM, {"office": "栖山区人民政府督查室", "portal": "1"})
    page = browse(role.value, "/", account=account, lang=lang)
    assert_fits(page)
    shown = page.locator(".nav > ul > li").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [box.top, box.right])"
    )
    assert len({top for top, _ in shown}) == 1
    assert shown[-1][1] <= page.locator(".top-end").bounding_box()["x"]
    assert page.locator(".top").bounding_box()["height"] < 70


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_led_only_where_it_may_go(client_as: Callable[..., Any], role: Role) -> None:
    from luoshi.desk import settings
    from luoshi.desk.actor import SYSTEM

    settings.change(SYSTEM, {"portal": "1"})
    client = client_as(role.value)
    head = client.get("/").content.decode().split("</header>")[0]
    links = re.findall(r'<a href="(/[^"?]*)"', head)
    assert {"/", "/public"} <= set(links)
    assert {link: client.get(link).status_code for link in links if client.get(link).status_code != 200} == {}


def test_the_public_pages_are_named_once_they_are_open(client_as: Callable[..., Any]) -> None:
    assert 'href="/public"' not in client_as("reader").get("/").content.decode()


def test_the_frame_works_without_scripts(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/", phone=True, script=False)
    page.locator(".menu summary").click()
    page.get_by_role("link", name="首页").first.wait_for()
    page.locator(".nav summary:has-text('文件')").click()
    page.get_by_role("link", name="全部文件").wait_for()
    assert_fits(page)
    page.locator(".user summary").click()
    assert page.locator(".user-menu").is_visible()


def test_keys_show_their_help(browse: Callable[..., Any]) -> None:
    page = browse("supervisor", "/")
    page.keyboard.press("Shift+?")
    dialog = page.locator("#keys-help")
    dialog.wait_for()
    assert "显示这份说明" in dialog.inner_text()
    assert_accessible(page)
    screenshot(page, "keys")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_the_skip_link_comes_first(browse: Callable[..., Any]) -> None:
    page = browse("reader", "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_page_of_an_error(browse: Callable[..., Any]) -> None:
    page = browse("reader", "/nowhere", allow=("status of 404",))
    assert "没有这个页面" in page.inner_text("main")
    assert_accessible(page)
    screenshot(page, "trouble")


def test_it_speaks_english(browse: Callable[..., Any]) -> None:
    page = browse("reader", "/", lang="en")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("link", name="中文").click()
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
