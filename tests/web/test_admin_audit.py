"""The audit trail: both logs with filters, the file, the check of both chains; for the audit administrator alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from luoshi.ledger import models
from luoshi.web.signin.models import Access
from tests.web.district import FINANCE, STREETS, lay
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


@pytest.fixture
def auditor(client_as: Callable[..., Any]) -> Any:
    """An auditor's client, after some people have seen and done something."""
    lay()
    clerk = client_as("supervisor", name="温照野", username="ducha")
    clerk.get(f"/organisations/{FINANCE}")
    clerk.post(f"/organisations/{STREETS}/settle")
    client_as("reader", name="宋微云", username="duzhe").get("/admin/settings")
    return client_as("audit_admin")


def _words(client: Any, query: str = "") -> str:
    answer = client.get(f"/admin/audit?{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_who_saw_what(auditor: Any) -> None:
    words = _words(auditor)
    for told in ("温照野 ducha", "宋微云 duzhe", "财政局", "被拒绝", "403"):
        assert told in words
    assert "宋微云 duzhe" not in _words(auditor, "who=ducha")
    assert "温照野 ducha</td>" in _words(auditor, "who=温照野")
    assert "温照野 ducha</td>" not in _words(auditor, "refused=1")
    assert "宋微云 duzhe</td>" in _words(auditor, "kind=refused")
    assert "宋微云 duzhe</td>" not in _words(auditor, f"subject={FINANCE}")
    assert "没有符合条件的记录" in _words(auditor, "who=nobody")
    assert "没有符合条件的记录" in _words(auditor, "until=2020-01-01")


def test_who_did_what(auditor: Any) -> None:
    words = _words(auditor, "log=entries")
    for told in ("温照野 ducha", "修改单位", "街道办", "添加职务"):
        assert told in words
    assert "添加职务</td>" not in _words(auditor, "log=entries&act=organisation.correct")
    assert "修改单位</td>" in _words(auditor, "log=entries&who=ducha&since=2020-01-01")
    assert "修改单位</td>" in _words(auditor, f"log=entries&subject={STREETS}")


def test_older_ones_follow(auditor: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.web.pages.admin_audit import logs

    monkeypatch.setattr(logs, "SIZE", 2)
    first = _words(auditor, "log=entries")
    assert "更早的" in first
    last = models.Entry.objects.order_by("-seq")[1].seq
    assert f"before={last}" in first
    older = _words(auditor, f"log=entries&before={last}")
    assert f">{last - 1}</span>" in older
    assert "最近的" in older


@pytest.mark.parametrize(("log", "path"), [("access", ""), ("entries", "&act=organisation.correct")])
def test_the_file_holds_what_fits(auditor: Any, log: str, path: str) -> None:
    answer = auditor.get(f"/admin/audit/export.csv?log={log}&who=ducha{path}")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    wanted = Access.objects.filter(account="aducha").count() if log == "access" else 1
    assert len(rows) == wanted + 1
    assert all("温照野 ducha" in row for row in rows[1:])


def test_chains_that_hold(auditor: Any) -> None:
    words = auditor.post("/admin/audit/check?log=entries&who=ducha").content.decode()
    assert f"台账记录完整：{models.Entry.objects.count()} 条" in words
    assert "访问日志完整" in words
    assert 'name="who" value="ducha"' in words


def test_chains_that_were_touched(auditor: Any) -> None:
    models.Entry.objects.filter(act="alias.add").update(data="{}")
    Access.objects.filter(account="aducha", method="POST").delete()
    words = auditor.post("/admin/audit/check").content.decode()
    assert "notice wrong" in words
    assert "完整" not in words.split("<main", 1)[1].split("</section>", 1)[0]


@pytest.mark.parametrize("query", ["since=gestern", "until=2026-13-01", "log=other"])
def test_bad_questions_are_told(auditor: Any, query: str) -> None:
    assert auditor.get(f"/admin/audit?{query}").status_code in {400, 404}
    assert auditor.get(f"/admin/audit/export.csv?{query}").status_code in {400, 404}


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "supervisor", "leader"])
def test_nobody_else(client_as: Callable[..., Any], role: str) -> None:
    client = client_as(role)
    assert client.get("/admin/audit").status_code == 403
    assert client.get("/admin/audit/export.csv").status_code == 403
    assert client.post("/admin/audit/check").status_code == 403


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}], ids=str)
def test_looks(browse: Callable[..., Any], options: dict[str, Any]) -> None:
    lay()
    for path in ("/admin/audit", "/admin/audit?log=entries"):
        page = browse("audit_admin", path, **options)
        assert_accessible(page)
        assert_fits(page)
        assert_small(page, page.url)
        screenshot(page, f"admin-audit-{'entries' if 'entries' in path else 'access'}-{'-'.join(options) or 'wide'}")
    page = browse("audit_admin", "/admin/audit", **options)
    page.get_by_role("button", name="Check for changes" if options.get("lang") == "en" else "校验是否被改动").click()
    page.locator(".notice.good").first.wait_for()
    assert_accessible(page)
