"""The door for assistants, asked by the official client library: every answer quotes, and nothing is done that nobody has switched on."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from asgiref.sync import async_to_sync
from django.db import DEFAULT_DB_ALIAS, connection, connections

from luoshi.desk import settings as desk_settings
from luoshi.desk import tokens
from luoshi.desk.actor import Actor, Role
from luoshi.desk.tokens import Wanted
from luoshi.ledger import models
from luoshi.ledger.linking import link_waiting
from luoshi.web.assistant.asking import Assistant
from luoshi.web.assistant.server import add_acts, server
from tests.web.filled import fill, make_items
from tests.web.hotline import SECRETS, Hotline
from tests.web.living import District
from tests.web.programs import actor

Answer = TypeVar("Answer")
ADMIN = Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,))
READS = {"search", "verify_quotation", "read_fact", "read_item", "read_place", "list_regions", "list_indicators", "list_promises"}


def run(talk: Callable[[], Awaitable[Answer]]) -> Answer:
    """What comes of it, in a thread of its own: a browser of other tests leaves a loop running in this one, and in it no second may begin.

    The connection goes with it, or what the test wrote and has not committed would not be seen there.
    """
    with ThreadPoolExecutor(1) as threads:
        connection.inc_thread_sharing()
        try:
            return threads.submit(_talk, talk, connections[DEFAULT_DB_ALIAS]).result()
        finally:
            connection.dec_thread_sharing()


def _talk(talk: Callable[[], Awaitable[Answer]], shared: Any) -> Answer:
    connections[DEFAULT_DB_ALIAS] = shared
    return async_to_sync(talk)()


def told(who: Assistant, ask: Callable[[Any], Awaitable[Any]], *, acts: bool = False) -> Any:
    """What the client of the official library is told, in memory."""
    from mcp.shared.memory import create_connected_server_and_client_session

    made = server(who)
    if acts:
        add_acts(made, who)

    async def talk() -> Any:
        async with create_connected_server_and_client_session(made) as client:
            return await ask(client)

    return run(talk)


def call(who: Assistant, tool: str, *, acts: bool = False, **given: Any) -> Any:
    """The answer of one tool as plain data; of an error its words."""
    answer = told(who, lambda client: client.call_tool(tool, given), acts=acts)
    return answer.content[0].text if answer.isError else answer.structuredContent


@pytest.fixture
def filled(db: None) -> dict[str, str]:
    ids = fill()
    while link_waiting():
        pass
    make_items(ids["breakdown"])
    return ids


def assert_quoted(answer: Any) -> None:
    """There are quotations, and each stands word for word where it says."""
    assert answer["quotations"]
    for one in answer["quotations"]:
        assert one["title"]
        given = {name: one[name] for name in ("document", "start", "end", "text")}
        assert call(Assistant(), "verify_quotation", **given)["verdict"]["matches"]


def test_the_tools_only_read(db: None) -> None:
    listed = told(Assistant(), lambda client: client.list_tools()).tools
    assert {tool.name for tool in listed} == READS
    assert all(tool.annotations.readOnlyHint and tool.outputSchema and tool.description for tool in listed)


def test_every_answer_quotes(filled: dict[str, str]) -> None:
    who = Assistant()
    fact = models.Fact.objects.filter(kind="measure", role="target").first()
    item = models.Item.objects.first()
    assert fact is not None
    assert item is not None
    assert_quoted(call(who, "search", words="公园"))
    assert_quoted(call(who, "read_fact", fact=fact.id))
    assert_quoted(call(who, "read_item", item=item.id))
    assert_quoted(call(who, "read_place", region="340828"))
    assert_quoted(call(who, "read_place", region="安徽省安庆市岳西县"))
    assert_quoted(call(who, "list_regions"))
    assert_quoted(call(who, "list_indicators"))
    ends = call(who, "list_promises", region="340828", year="2024")
    assert_quoted(ends)
    assert {one["year"] for one in ends["promises"]} == {2024}
    assert "validation error" in call(who, "list_promises", verdict="perhaps")
    moved = call(who, "verify_quotation", document=fact.document, start=fact.start + 1, end=fact.end + 1, text=fact.text)
    assert not moved["verdict"]["matches"]
    assert moved["quotations"][0]["text"] == fact.text


def test_what_is_wrong_is_told_in_words(filled: dict[str, str]) -> None:
    assert "没有这条事实" in call(Assistant(), "read_fact", fact="none")
    assert "没有这个地区" in call(Assistant(), "read_place", region="none")
    assert "validation error" in call(Assistant(), "search", words="")
    assert "Unknown tool" in call(Assistant(), "act", item="i", act="sign")
    assert "令牌" in call(Assistant("lsk_wrong"), "search", words="公园")


def test_of_another_region_and_of_inside_nothing(filled: dict[str, str], make_account: Callable[..., Any]) -> None:
    elsewhere = tokens.make(actor(make_account, "reader", region="110101"), Wanted("助手"))[1]
    assert call(Assistant(elsewhere), "search", words="公园")["found"]["data"] == []
    item = models.Item.objects.first()
    assert item is not None
    assert "没有这个事项" in call(Assistant(elsewhere), "read_item", item=item.id)
    admin = tokens.make(ADMIN, Wanted("程序"), account=make_account("system_admin", username="svc-x").id)[1]
    assert "没有权限" in call(Assistant(admin), "search", words="公园")


def test_inside_and_personal(db: None) -> None:
    hotline = Hotline()
    item = hotline.handling("我是陆远山，电话13900001207，路灯不亮", contact=False)
    number = models.Matter.objects.get(pk=item).number
    seen = str(call(Assistant(), "read_item", item=number))
    assert "路灯不亮" in seen
    assert not [secret for secret in SECRETS if secret in seen]
    models.Matter.objects.filter(pk=item).update(internal=True)
    assert "没有这个事项" in call(Assistant(), "read_item", item=number)


def test_acting_needs_the_switch_and_a_token(db: None) -> None:
    district = District()
    item = district.assigned("新建幼儿园3所", ago=5)
    token = tokens.make(district.wang, Wanted("助手", ("read", "act")))[1]
    # nobody has switched it on: even a server that has the tools refuses
    assert not Assistant(token).may_act()
    assert "助手不能办理" in call(Assistant(token), "act", acts=True, item=item, act="sign")
    desk_settings.change(ADMIN, {"assistant_acts": "1"})
    assert not Assistant().may_act()
    assert "助手不能办理" in call(Assistant(), "act", acts=True, item=item, act="sign")
    reads = tokens.make(district.wang, Wanted("只读助手", ("read",)))[1]
    assert "act" in call(Assistant(reads), "act", acts=True, item=item, act="sign")
    now = call(Assistant(token), "list_acts", acts=True, item=item)
    assert "sign" in [one["act"] for one in now["acts"]["data"]]
    number = models.Matter.objects.get(pk=item).number
    assert call(Assistant(token), "list_acts", acts=True, item=number)["acts"] == now["acts"]
    assert "inputs.text" in call(Assistant(token), "act", acts=True, item=number, act="sign", inputs={"text": "a\0b"})
    done = call(Assistant(token), "act", acts=True, item=number, act="sign", seen=now["acts"]["seen"])
    entry = models.Entry.objects.get(seq=done["done"]["entries"][-1])
    assert (entry.actor, '"through":"助手"' in entry.data) == (district.wang.id, True)
    assert "refused-act" in call(Assistant(token), "act", acts=True, item=item, act="close")
    desk_settings.change(ADMIN, {"assistant_acts": "0"})
    assert "助手不能办理" in call(Assistant(token), "act", acts=True, item=item, act="sign")


def test_what_is_asked_stands_in_the_access_log(filled: dict[str, str]) -> None:
    from luoshi.web.signin.models import Access

    call(Assistant(), "read_place", region="340828")
    seen = Access.objects.get(page="mcp.place")
    assert (seen.account, seen.subject, seen.method) == ("", "340828", "MCP")


@pytest.mark.slow
def test_the_command_is_a_server_for_the_official_client(tmp_path: Path) -> None:
    """``luoshi mcp`` as an assistant starts it: over the standard input and output of a process of its own."""
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    parameters = StdioServerParameters(
        command=sys.executable, args=["-c", "from luoshi.cli import main; main()", "mcp", "--data", str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path)},
    )  # fmt: skip

    async def talk() -> Any:
        with (tmp_path / "said.txt").open("w") as said:
            async with stdio_client(parameters, errlog=said) as (read, write), ClientSession(read, write) as client:
                hello = await client.initialize()
                listed = await client.list_tools()
                found = await client.call_tool("search", {"words": "公园"})
                return hello, listed.tools, found

    hello, tools, found = run(talk)
    assert "quotations" in hello.instructions
    assert {tool.name for tool in tools} == READS
    assert not found.isError
    assert found.structuredContent["found"]["total"] == 0
