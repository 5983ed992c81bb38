"""``/open311/v2``: services, requests and their numbers as GeoReport v2 has them, in XML and JSON. Off until an administrator switches it on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from html import escape
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from luoshi.desk.api_keys import ApiKey, key_of, keys
from luoshi.desk.matters.public import MECHANISM, receive_request, services
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.settings_now import now as settings_now
from luoshi.publish import open311
from luoshi.publish.open311 import BadRequest, Problem, Receipt
from luoshi.web.page import Page, Route
from luoshi.web.pages.open311 import limits
from luoshi.web.pages.open311.limits import QUESTIONS_ASKED, is_over, too_many
from luoshi.web.pages.open311.listing import found_by, public, views
from luoshi.web.seen import zone
from luoshi.web.signin.sessions import address_of

_TYPES: Final = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_LONGEST_KEY: Final = 100
#: a report is words; files are named by their address
_LONGEST_REPORT: Final = 256 * 1024
View = Callable[..., HttpResponseBase]


class Wrong(Exception):
    """What is answered instead: one or more problems with a status of HTTP."""

    def __init__(self, bad: BadRequest) -> None:
        super().__init__(bad.status)
        self.bad = bad


def _wrong(status: int, zh: str, en: str) -> Wrong:
    return Wrong(BadRequest(status, (Problem(status, f"{zh} · {en}"),)))


def _door(view: View) -> View:
    """The view behind what is common to all: switched on? a form that we write? not too often? Errors as GeoReport v2 writes them."""

    @wraps(view)
    def entered(request: HttpRequest, form: str, **values: Any) -> HttpResponseBase:
        try:
            if form not in _TYPES:
                form = "xml"
                raise _wrong(404, "只有 xml 和 json", "xml and json only")
            if settings_now().open311 != "1":
                raise _wrong(404, "接口没有开通", "this service is switched off")
            if request.method not in {"GET", "HEAD", "POST"} or (request.method == "POST" and view.__name__ != "_requests"):
                raise _wrong(405, "不支持这种请求方法", "method not allowed")
            if request.method != "POST" and QUESTIONS_ASKED.too_many(address_of(request)):
                raise _wrong(429, "问得太多，请一分钟后再试", "too many questions, try again in a minute")
            return view(request, form, **values)
        except Wrong as wrong:
            return _refused(wrong.bad, form)
        except LuoshiError as error:
            status = getattr(error, "status", 0) or 400
            return _refused(BadRequest(status, (Problem(status, f"{error.what}。{error.remedy}"),)), form)

    return entered


def _refused(bad: BadRequest, form: str) -> HttpResponse:
    response = _answer(form, open311.errors_xml(bad.problems), open311.errors_json(bad.problems), status=bad.status)
    if bad.status == 429:
        response["Retry-After"] = "60"
    return response


def _answer(form: str, xml: bytes, json: bytes, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(xml if form == "xml" else json, content_type=_TYPES[form], status=status)
    # open data: the page of anybody may read it
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "no-store"
    return response


def _fields(given: Any) -> dict[str, list[str]]:
    return {name: [str(value) for value in values] for name, values in given.lists()}


def _jurisdiction(fields: dict[str, list[str]]) -> str:
    """The region whose requests are meant; all where none is said."""
    if bad := open311.read_jurisdiction(fields, {key.region for key in keys() if key.live}):
        raise Wrong(bad)
    return next((value for value in fields.get("jurisdiction_id", ()) if value.strip()), "").strip()


@_door
def _services(request: HttpRequest, form: str) -> HttpResponseBase:
    _jurisdiction(_fields(request.GET))
    found = services()
    return _answer(form, open311.services_xml(found), open311.services_json(found))


@_door
def _service(request: HttpRequest, form: str, code: str) -> HttpResponseBase:
    _jurisdiction(_fields(request.GET))
    found = next((one for one in services() if one.service_code == code), None)
    if found is None:
        raise _wrong(404, f"没有 service_code {code[:40]}", "service_code was not found")
    return _answer(form, open311.definition_xml(found), open311.definition_json(found))


@csrf_exempt
@_door
def _requests(request: HttpRequest, form: str) -> HttpResponseBase:
    if request.method == "POST":
        return _reported(request, form)
    fields = _fields(request.GET)
    place, query = _jurisdiction(fields), open311.read_query(fields, datetime.now(UTC))
    if isinstance(query, BadRequest):
        raise Wrong(query)
    return _told(form, found_by(query, place))


def _told(form: str, found: Sequence[open311.RequestView]) -> HttpResponse:
    return _answer(form, open311.requests_xml(found, zone=zone()), open311.requests_json(found, zone=zone()))


def _reported(request: HttpRequest, form: str) -> HttpResponse:
    """A report: the key first, then what it says; nothing of it is said again but the number."""
    if is_over("wrong", address_of(request), limits.WRONG_KEYS):
        raise _wrong(429, "密钥错得太多，请一分钟后再试", "too many wrong keys, try again in a minute")
    # the key stands in the form, so that the form is read before anybody is known: no more of it than a report can have
    if not (request.META.get("CONTENT_LENGTH") or "0").isdecimal() or int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST_REPORT:
        raise _wrong(413, "报送的内容太长", "the report is too long")
    fields = _fields(request.POST)
    key = _key(request, fields)
    _jurisdiction(fields)
    posted = open311.read_post(fields, services())
    if isinstance(posted, BadRequest):
        raise Wrong(posted)
    _, number = receive_request(posted, key)
    receipts = [Receipt(service_request_id=number, service_notice="已收到，将由工作人员受理")]
    return _answer(form, open311.receipts_xml(receipts), open311.receipts_json(receipts), status=201)


def _key(request: HttpRequest, fields: dict[str, list[str]]) -> ApiKey:
    address = address_of(request)
    given = next(iter(fields.get("api_key", ())), "")
    key = key_of(given) if given and len(given) <= _LONGEST_KEY else None
    if key is None:
        too_many("wrong", address, limits.WRONG_KEYS)
        raise _wrong(403, "api_key 不对或没有给", "api_key is missing or wrong")
    if too_many("key", key.id, limits.REPORTS_BY_KEY) or too_many("address", address, limits.REPORTS_BY_ADDRESS):
        raise _wrong(429, "报送太多，请一分钟后再试", "too many reports, try again in a minute")
    return key


@_door
def _request(request: HttpRequest, form: str, number: str) -> HttpResponseBase:
    row = public(_jurisdiction(_fields(request.GET))).filter(number=number).first()
    if row is None:
        raise _wrong(404, f"没有 service_request_id {number[:40]}", "service_request_id was not found")
    return _told(form, views([row]))


@_door
def _token(request: HttpRequest, form: str, token: str) -> HttpResponseBase:
    """The number of a token. Ours are told at once with the report, so that a token is only the id of the matter, for clients that ask so."""
    number = public().filter(pk=token, mechanism=MECHANISM).values_list("number", flat=True).first()
    if number is None:
        raise _wrong(404, "没有这个 token", "token was not found")
    receipts = [Receipt(service_request_id=number, token=token)]
    return _answer(form, open311.receipts_xml(receipts), open311.receipts_json(receipts))


@_door
def _discovery(request: HttpRequest, form: str) -> HttpResponseBase:
    """What there is and where, as Open311 service discovery has it."""
    changed = models.Setting.objects.filter(pk="open311").values_list("changed_at", flat=True).first() or ""
    address = request.build_absolute_uri("/open311/v2")
    endpoint = {"specification": _SPECIFICATION, "url": address, "changeset": changed, "type": "production"}
    contact, formats = settings_now().office, [_TYPES[one].partition(";")[0] for one in ("xml", "json")]
    key_service = "请向本单位的系统管理员申请 api_key · ask the administrator for an api_key"
    json = {"changeset": changed, "contact": contact, "key_service": key_service, "endpoints": [{**endpoint, "formats": formats}]}
    xml = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<discovery>{_plain({"changeset": changed, "contact": contact, "key_service": key_service})}'
        f"<endpoints><endpoint>{_plain(endpoint)}<formats>{''.join(f'<format>{one}</format>' for one in formats)}</formats></endpoint></endpoints>"
        "</discovery>\n"
    )
    return _answer(form, xml.encode(), msgspec.json.encode(json))


def _plain(values: dict[str, str]) -> str:
    return "".join(f"<{name}>{escape(value, quote=False)}</{name}>" for name, value in values.items())


PAGE = Page(
    "open311", "open311/v2/services.<str:form>", _services, public=True,
    routes=(
        Route("service", "open311/v2/services/<str:code>.<str:form>", _service),
        Route("requests", "open311/v2/requests.<str:form>", _requests),
        Route("request", "open311/v2/requests/<str:number>.<str:form>", _request),
        Route("token", "open311/v2/tokens/<str:token>.<str:form>", _token),
        Route("discovery", "open311/discovery.<str:form>", _discovery),
    ),
)  # fmt: skip
