"""Open311 GeoReport v2: what goes out, in both languages of it, and what comes in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from luoshi.errors import BadUsage
from luoshi.publish import open311
from luoshi.publish.open311 import Attribute, BadRequest, Caller, Choice, Posted, Problem, Query, Receipt, RequestView, Service

OFFICE = timezone(timedelta(hours=8))
TICKET = "t-1"
NOW = datetime(2026, 3, 31, 4, 0, tzinfo=UTC)
LAMP = Service("0301", "路灯不亮", description="道路、小区外公共路灯不亮、常亮、损坏", keywords=("路灯", "照明"), group="市政设施")
HEAT = Service(
    "0502", "供暖", type="batch",
    attributes=(
        Attribute("ROOM", "室内温度（摄氏度）", datatype="number", required=True, order=2),
        Attribute("SINCE", "从什么时候开始", datatype="datetime", order=3, datatype_description="如 2026-01-05T08:00:00+08:00"),
        Attribute("NOTE", "供热时间为 11 月 15 日至次年 3 月 15 日", variable=False, required=True, order=1),
        Attribute("KIND", "哪一种供暖", datatype="singlevaluelist", order=4, values=(Choice("central", "集中供热"), Choice("own", "自采暖"))),
        Attribute("WHERE", "哪些房间", datatype="multivaluelist", order=5, values=(Choice("1", "客厅"), Choice("2", "卧室 <北>"))),
    ),
)  # fmt: skip
SECRET = Service("0903", "线索举报", type="blackbox")
SERVICES = (LAMP, HEAT, SECRET)
VIEWS = (
    RequestView(
        service_request_id="LZ2026-0318", status="open", service_code="0301", service_name="路灯不亮",
        requested_datetime=datetime(2026, 3, 5, 1, 30, tzinfo=UTC), updated_datetime=datetime(2026, 3, 5, 2, 0, 0, 999_999, tzinfo=UTC),
        expected_datetime=datetime(2026, 3, 12, 16, 0, tzinfo=UTC), description="东门 <两盏> 灯不亮 & 一盏常亮", agency_responsible="区城管局",
        address="柳溪苑小区", lat=Decimal("29.7145"), long=Decimal("118.3375120"), media_url="https://qishan.example/e/1?a=1&b=2",
        extended_attributes=(("stage", "办理中"), ("returned_count", "1"), ("hung_until", "")),
    ),
    RequestView(
        service_request_id="LZ2026-0102", status="closed", service_code="0502", service_name="供暖", requested_datetime=NOW,
        status_notes="已办结",
    ),
)  # fmt: skip
OUTGOING = (Service, Attribute, Choice, RequestView, Receipt, Problem, BadRequest)
GOLDEN = Path(__file__).with_name("golden")


def plain(tree: Any) -> Any:
    """A tree of JSON with its leaves as XML would say them."""
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(value) for value in tree]
    if isinstance(tree, Decimal):
        return format(tree, "f")
    return "" if tree is None else str(tree).lower() if isinstance(tree, bool) else str(tree)


def tree(element: Any, lists: tuple[str, ...] = ("services", "service_requests", "errors", "attributes", "values")) -> Any:
    """An element of XML as the tree that JSON would hold."""
    if element.tag in lists:
        return [tree(child) for child in element]
    return {child.tag: tree(child) for child in element} if len(element) else element.text or ""


def same(xml: bytes, written: bytes) -> Any:
    """The content, once both parse and say the same."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    assert xml.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    found = tree(etree.fromstring(xml, parser))
    assert found == plain(json.loads(written, parse_float=Decimal))
    return found


# --- what goes out


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("services.xml", open311.services_xml(SERVICES)), ("services.json", open311.services_json(SERVICES)),
        ("definition.xml", open311.definition_xml(HEAT)), ("definition.json", open311.definition_json(HEAT)),
        ("requests.xml", open311.requests_xml(VIEWS, zone=OFFICE)), ("requests.json", open311.requests_json(VIEWS, zone=OFFICE)),
    ],
)  # fmt: skip
def test_golden(name: str, written: bytes) -> None:
    assert written.strip() == (GOLDEN / name).read_bytes().strip()


def test_services_say_the_same() -> None:
    found = same(open311.services_xml(SERVICES), open311.services_json(SERVICES))
    assert [(one["service_code"], one["metadata"], one["type"]) for one in found] == [
        ("0301", "false", "realtime"), ("0502", "true", "batch"), ("0903", "false", "blackbox"),
    ]  # fmt: skip
    assert found[0]["keywords"] == "路灯, 照明"


def test_definition_says_the_same_and_is_ordered() -> None:
    found = same(open311.definition_xml(HEAT), open311.definition_json(HEAT))
    assert [one["code"] for one in found["attributes"]] == ["NOTE", "ROOM", "SINCE", "KIND", "WHERE"]
    assert found["attributes"][4]["values"] == [{"key": "1", "name": "客厅"}, {"key": "2", "name": "卧室 <北>"}]
    assert "values" not in found["attributes"][0]


def test_requests_say_the_same() -> None:
    found = same(open311.requests_xml(VIEWS, zone=OFFICE), open311.requests_json(VIEWS, zone=OFFICE))
    assert found[0]["requested_datetime"] == "2026-03-05T09:30:00+08:00"
    assert found[0]["updated_datetime"] == "2026-03-05T10:00:00+08:00"
    assert found[0]["long"] == "118.3375120"
    assert found[0]["extended_attributes"] == {"stage": "办理中", "returned_count": "1", "hung_until": ""}
    assert "extended_attributes" not in found[1]
    assert found[1]["lat"] == ""


def test_receipts_tell_no_more_than_the_type_allows() -> None:
    receipts = [open311.receipt_of(service, number="LZ-1", token=TICKET) for service in SERVICES]
    assert same(open311.receipts_xml(receipts), open311.receipts_json(receipts)) == [
        {"service_request_id": "LZ-1", "service_notice": ""}, {"token": "t-1", "service_notice": ""}, {"service_notice": ""},
    ]  # fmt: skip


def test_the_answer_to_a_token_has_both() -> None:
    receipts = [Receipt(service_request_id="LZ-1", token=TICKET, service_notice="五个工作日内答复")]
    assert same(open311.receipts_xml(receipts), open311.receipts_json(receipts))[0] == {
        "service_request_id": "LZ-1", "token": "t-1", "service_notice": "五个工作日内答复",
    }  # fmt: skip


def test_errors_say_the_same() -> None:
    problems = [Problem(403, "没有权限 · no right"), Problem(400, "<&>")]
    assert same(open311.errors_xml(problems), open311.errors_json(problems)) == [
        {"code": "403", "description": "没有权限 · no right"}, {"code": "400", "description": "<&>"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("xml", "written", "root"),
    [
        (open311.services_xml([]), open311.services_json([]), "services"),
        (open311.requests_xml([]), open311.requests_json([]), "service_requests"),
        (open311.errors_xml([]), open311.errors_json([]), "errors"),
    ],
)
def test_nothing_is_an_empty_list(xml: bytes, written: bytes, root: str) -> None:
    assert etree.fromstring(xml).tag == root
    assert same(xml, written) == []


@settings(max_examples=150)
@given(st.text(st.characters(codec=None), max_size=40), st.text(max_size=10), st.decimals(-90, 90, places=8))
def test_any_text_can_be_written(text: str, other: str, lat: Decimal) -> None:
    view = msgspec.structs.replace(VIEWS[0], description=text, status_notes=other, lat=lat, extended_attributes=(("stage", text),))
    # XML gives no more than it holds: what it cannot hold is the same replacement in both
    same(open311.requests_xml([view]), open311.requests_json([view]))


def test_what_cannot_be_written_is_refused() -> None:
    with pytest.raises(BadUsage, match="时区"):
        open311.requests_xml([msgspec.structs.replace(VIEWS[0], requested_datetime=datetime(2026, 3, 5))])  # noqa: DTZ001 - the point
    with pytest.raises(BadUsage, match="扩展项"):
        open311.requests_xml([msgspec.structs.replace(VIEWS[0], extended_attributes=(("a><b", "x"),))])


def test_no_outgoing_type_has_a_place_for_the_caller() -> None:
    outgoing = {field for type_ in OUTGOING for field in type_.__struct_fields__}
    assert not outgoing & set(Caller.__struct_fields__)
    assert set(Caller.__struct_fields__) == {"first_name", "last_name", "phone", "email", "device_id", "account_id"}


# --- reports that come in


def post(**fields: str | list[str]) -> Posted | BadRequest:
    given = {"service_code": "0301", "address_string": "梧桐路与云川大道路口"} | fields
    return open311.read_post({name: [value] if isinstance(value, str) else value for name, value in given.items() if value}, SERVICES)


def refused(answer: object) -> list[tuple[int, str]]:
    assert isinstance(answer, BadRequest)
    assert answer.status == answer.problems[0].code
    return [(problem.code, problem.description.split(" · ")[0]) for problem in answer.problems]


def test_a_report_with_everything() -> None:
    posted = open311.read_post(
        {
            "service_code": ["0502"], "lat": ["29.7145"], "long": ["118.3375"], "address_id": ["4711"], "description": ["  屋里冷\r\n孩子小 "],
            "media_url": ["https://qishan.example/1.jpg"], "first_name": ["远山"], "last_name": ["陆"], "phone": ["13900001207"],
            "email": ["lu@qishan.example"], "device_id": ["d-1"], "account_id": ["a-1"], "api_key": ["k"], "jurisdiction_id": ["x"],
            "attribute[ROOM]": ["14.5"], "attribute[SINCE]": ["2026-01-05T08:00:00+08:00"], "attribute[KIND]": ["central"],
            "attribute[WHERE][]": ["1", "2", "1"],
        },
        SERVICES,
    )  # fmt: skip
    assert posted == Posted(
        service_code="0502", description="屋里冷\r\n孩子小", lat=Decimal("29.7145"), long=Decimal("118.3375"), address_string="", address_id="4711",
        media_url="https://qishan.example/1.jpg",
        answers=(("ROOM", ("14.5",)), ("SINCE", ("2026-01-05T08:00:00+08:00",)), ("KIND", ("central",)), ("WHERE", ("1", "2"))),
        caller=Caller("远山", "陆", "13900001207", "lu@qishan.example", "d-1", "a-1"),
    )  # fmt: skip


def test_the_least_that_makes_a_report() -> None:
    for place in (
        {"address_string": "路口"},
        {"address_string": "", "address_id": "4711"},
        {"address_string": "", "lat": "0", "long": "-0.5"},
    ):
        posted = post(**place)
        assert isinstance(posted, Posted)
        assert posted.caller == Caller()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"service_code": ""}, [(400, "没有给 service_code")]),
        ({"service_code": "9999"}, [(404, "没有 service_code 9999")]),
        ({"service_code": ["0301", "0301"]}, [(400, "service_code 给了 2 次，只能一次"), (400, "没有给 service_code")]),
        ({"address_string": ""}, [(400, "没有地点：请给 lat 和 long，或 address_string，或 address_id")]),
        ({"lat": "29.7"}, [(400, "lat 和 long 要一起给")]),
        ({"lat": "91", "long": "0"}, [(400, "lat 应当是 -90 到 90 的数")]),
        ({"lat": "NaN", "long": "1e2"}, [(400, "lat 应当是 -90 到 90 的数"), (400, "long 应当是 -180 到 180 的数")]),
        ({"lat": "９", "long": "1"}, [(400, "lat 应当是 -90 到 90 的数")]),
        ({"description": "冷" * 4001}, [(400, "description 太长：4001 字，最多 4000 字")]),
        ({"description": "a\x00b"}, [(400, "description 里有不能用的控制字符")]),
        ({"phone": "139\n0000"}, [(400, "phone 里有不能用的控制字符")]),
        ({"email": "lu"}, [(400, "email 不像邮箱")]),
        ({"media_url": "javascript:alert(1)"}, [(400, "media_url 应当是 http 或 https 网址")]),
        ({"media_url": "http://[::1"}, [(400, "media_url 应当是 http 或 https 网址")]),
        ({"attribute[ROOM]": "14"}, [(400, "0301 没有问 attribute[ROOM]")]),
        ({"service_code": "0502"}, [(400, "attribute[ROOM] 必须回答")]),
        ({"service_code": "0502", "attribute[ROOM]": "冷"}, [(400, "attribute[ROOM] 应当是数")]),
        ({"service_code": "0502", "attribute[ROOM]": ["14", "15"]}, [(400, "attribute[ROOM] 最多 1 个回答")]),
        ({"service_code": "0502", "attribute[ROOM]": "14", "attribute[KIND]": "gas"}, [(400, "attribute[KIND] 不在可选的值里")]),
        ({"service_code": "0502", "attribute[ROOM]": "14", "attribute[WHERE]": ["1", "9"]}, [(400, "attribute[WHERE] 不在可选的值里")]),
        ({"service_code": "0502", "attribute[ROOM]": "14", "attribute[SINCE]": "去年"}, [(400, "attribute[SINCE] 应当是带时区的时刻")]),
        ({"service_code": "0502", "attribute[ROOM]": "14", "attribute[NOTE]": "好"}, [(400, "0502 没有问 attribute[NOTE]")]),
        ({"description": "冷" * 100_001}, [(413, "内容太多：最多 200 项、100000 字")]),
        ({f"x{number}": "1" for number in range(200)}, [(413, "内容太多：最多 200 项、100000 字")]),
    ],
)  # fmt: skip
def test_refused(fields: dict[str, Any], wanted: list[tuple[int, str]]) -> None:
    assert refused(post(**fields)) == wanted


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["service_code", "lat", "long", "address_string", "email", "media_url", "attribute[ROOM]", "attribute[", "x"])
        | st.text(max_size=6),
        st.lists(st.sampled_from(["0301", "0502", "14", "-3", "http://a"]) | st.text(st.characters(codec=None), max_size=8), max_size=3),
        max_size=6,
    )
)
def test_any_form_is_read_or_refused(fields: dict[str, list[str]]) -> None:
    answer = open311.read_post(fields, SERVICES)
    if isinstance(answer, BadRequest):
        same(open311.errors_xml(answer.problems), open311.errors_json(answer.problems))
    else:
        assert answer.service_code in {"0301", "0502"}


# --- questions that come in


def ask(**fields: str | list[str]) -> Query | BadRequest:
    return open311.read_query({name: [value] if isinstance(value, str) else value for name, value in fields.items()}, NOW)


def test_nothing_asked_is_the_last_ninety_days() -> None:
    assert ask() == Query(start=NOW - timedelta(days=90), end=NOW)


def test_one_date_is_ninety_days_from_it_or_up_to_it() -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    assert ask(start_date="2026-01-01T08:00:00+08:00") == Query(start=first, end=first + timedelta(days=90))
    assert ask(end_date="2026-01-01T00:00:00Z") == Query(start=first - timedelta(days=90), end=first)
    # a plus that was not written as %2B comes as a blank
    assert ask(start_date="2026-01-01T08:00:00 08:00") == ask(start_date="2026-01-01T08:00:00+08:00")


def test_ninety_days_are_the_most() -> None:
    assert isinstance(ask(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:00Z"), Query)
    assert refused(ask(start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:01Z")) == [(400, "start_date 到 end_date 最多 90 天")]


def test_lists_and_pages() -> None:
    query = ask(service_code=["0301,0502", " 0301 ,,"], status="closed,open", page="2", page_size="1000")
    assert isinstance(query, Query)
    assert (query.service_codes, query.statuses, query.page, query.page_size) == (("0301", "0502"), ("closed", "open"), 2, 1000)


def test_numbers_override_all_else() -> None:
    assert ask(service_request_id="LZ-1, LZ-2", status="open", service_code="0301") == Query(service_request_ids=("LZ-1", "LZ-2"))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"status": "open,done"}, "status 只能是 open 或 closed，不能是 done"),
        ({"start_date": "2026-01-01"}, "start_date 应当像 2026-03-05T09:30:00+08:00，带时区"),
        ({"start_date": "2026-01-01T00:00:00"}, "start_date 应当像 2026-03-05T09:30:00+08:00，带时区"),
        ({"start_date": "2026-02-30T00:00:00Z"}, "start_date 应当像 2026-03-05T09:30:00+08:00，带时区"),
        ({"end_date": "0001-01-01T00:00:00+14:00"}, "end_date 应当像 2026-03-05T09:30:00+08:00，带时区"),
        ({"end_date": "9999-12-31T23:59:59-12:00"}, "end_date 应当像 2026-03-05T09:30:00+08:00，带时区"),
        ({"start_date": "2026-03-02T00:00:00Z", "end_date": "2026-03-01T00:00:00Z"}, "start_date 晚于 end_date"),
        ({"page": "0"}, "page 应当是 1 到 1000000 的整数"),
        ({"page": "１"}, "page 应当是 1 到 1000000 的整数"),
        ({"page_size": "1001"}, "page_size 应当是 1 到 1000 的整数"),
        ({"service_request_id": ",".join(f"LZ-{number}" for number in range(101))}, "service_request_id 最多 100 个"),
        ({"service_code": "0" * 65}, "service_code 太长：65 字，最多 64 字"),
    ],
)
def test_bad_questions(fields: dict[str, str], wanted: str) -> None:
    assert refused(ask(**fields)) == [(400, wanted)]


def test_jurisdiction() -> None:
    assert open311.read_jurisdiction({}, {"qishan"}) is None
    assert open311.read_jurisdiction({"jurisdiction_id": ["qishan"]}, {"qishan"}) is None
    assert refused(open311.read_jurisdiction({"jurisdiction_id": ["other"]}, {"qishan"})) == [(404, "没有 jurisdiction_id other")]
