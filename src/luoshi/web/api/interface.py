"""The interface as a whole: its rooms, its errors, its description, its addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from luoshi.errors import LuoshiError
from luoshi.ledger.settings_now import now
from luoshi.web.api.door import TokenDoor
from luoshi.web.api.problems import NoAddress, SwitchedOff, WrongMethod, WrongType, answer_of, handle
from luoshi.web.api.rooms import documents, finding, items, places, promises

View = Callable[..., HttpResponseBase]
_ABOUT: Final = (
    "落实的程序接口：问到的、办成的与页面上相同，权限就是令牌主人的权限。每条事实都带引文：文件编号、名称、起止位置和原文。"
    "The same questions and acts as on the pages, within the rights of whoever made the token; every fact comes with its quotation. "
    "列表按固定的次序分页：把答复里的 next 作为 cursor 带回来。Lists go on with the cursor that the answer gives as next. "
    "错误一律是 {error: {slug, what, where, remedy}}。Every error has this one shape."
)
_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


class Readable(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


@cache
def interface() -> NinjaAPI:
    """The interface with all its rooms; made once."""
    api = NinjaAPI(
        title="落实 · Luoshi", version="1", description=_ABOUT, openapi_url=None, docs_url=None, auth=TokenDoor(), renderer=Readable(),
        urls_namespace="api",
    )  # fmt: skip
    handle(api)
    for room in (documents, items, places, promises, finding):
        api.add_router("", room.router)
    return api


def description() -> dict[str, Any]:
    """The description of the interface (OpenAPI 3.1), the same on every machine."""
    return dict(interface().get_openapi_schema(path_prefix="/api/v1/"))


def addresses() -> list[URLPattern | URLResolver]:
    """The addresses under ``api/v1/``, each behind the switch; what is none of them gets an error in the same shape."""
    found, _, _ = interface().urls
    patterns = [pattern for pattern in found if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    behind = [
        path(f"api/v1/{pattern.pattern}", _behind(pattern.callback, _type_of(str(pattern.pattern))), name=f"api.{pattern.name}")
        for pattern in patterns
    ]
    return [
        path("api/v1/openapi.json", _behind(_described, ""), name="api.openapi"),
        *behind,
        re_path(r"^api/v1/", _behind(_nothing, ""), name="api.none"),
    ]


def _type_of(route: str) -> str:
    """The type of the body that an address takes."""
    return "multipart/form-data" if route.endswith("evidence") else "application/json"


def _behind(view: View, takes: str) -> View:
    """The view behind what is common to all: switched on? a body of the right type? a method that is taken?"""

    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        try:
            if now().api != "1":
                raise SwitchedOff("接口没有开通", where="/api/v1", remedy="请系统管理员在“管理 · 接口”开通")
            if takes and request.method in _BODY and request.content_type != takes:
                raise WrongType(f"正文应是 {takes}", where="Content-Type", remedy=f"请写 Content-Type: {takes}")
            response = view(request, *args, **values)
        except LuoshiError as error:
            return answer_of(error)
        return _told(response) if response.status_code == 405 else response

    entered.csrf_exempt = True  # type: ignore[attr-defined]
    return entered


def _told(response: HttpResponseBase) -> HttpResponse:
    """A method that is not taken, in the shape of all errors."""
    allowed = response.headers.get("Allow", "")
    told = answer_of(WrongMethod("不支持这种请求方法", where="method", remedy=f"可用：{allowed}"))
    told["Allow"] = allowed
    return told


def _described(request: HttpRequest) -> HttpResponseBase:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET"})
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False})


def _nothing(request: HttpRequest, *args: Any) -> HttpResponseBase:
    raise NoAddress("没有这个地址", where=request.path[:100], remedy="所有地址见 /api/v1/openapi.json")
