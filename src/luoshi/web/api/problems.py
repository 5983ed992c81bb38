"""The one shape of an error: ``{"error": {"slug", "what", "where", "remedy"}}``, with the status of HTTP that fits."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from luoshi.desk.tokens import BadToken
from luoshi.errors import LuoshiError
from luoshi.web.words import current_lang, say_error

log = logging.getLogger(__name__)
#: the status of an error whose class names none
_STATUS: Final[Mapping[str, int]] = {"not-found": 404, "conflict": 409, "too-large": 413}
_LONGEST: Final = 300


class BadRequest(LuoshiError):
    """A request that is not as the description says."""

    slug = "bad-request"
    status = 422


class WrongType(LuoshiError):
    """A body of a type that is not taken."""

    slug = "wrong-type"
    status = 415


class WrongMethod(LuoshiError):
    """A method that the address does not take."""

    slug = "wrong-method"
    status = 405


class TooMany(LuoshiError):
    """More requests in a minute than the token has."""

    slug = "too-many"
    status = 429

    def __init__(self, what: str, *, wait: int, where: str = "", remedy: str = "") -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.wait = wait


class SwitchedOff(LuoshiError):
    """The interface is off."""

    slug = "api-off"
    status = 404


class NoAddress(LuoshiError):
    """Nothing has this address."""

    slug = "not-found"
    status = 404


def answer_of(error: LuoshiError) -> HttpResponse:
    """The error as it is answered."""
    status = getattr(error, "status", 0) or _STATUS.get(error.slug, 400)
    told = {key: value[:_LONGEST] for key, value in say_error(error).items()}
    if current_lang() == "en" and error.remedy:
        # what the engine says would be possible is worth reading in any language
        told["remedy"] = error.remedy[:_LONGEST]
    response = JsonResponse({"error": told}, status=status, json_dumps_params={"ensure_ascii": False})
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.wait)
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="luoshi"'
    return response


def handle(api: NinjaAPI) -> None:
    """Lets the interface answer every error in the one shape."""
    api.add_exception_handler(LuoshiError, _ours)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(AuthenticationError, _unknown)
    api.add_exception_handler(HttpError, _other)


def _ours(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_of(error)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """What did not fit first, and how many more."""
    first = error.errors[0] if error.errors else {}
    # the parts of the place: where it came in (query, body), then the name; what ninja puts between says nothing to anybody
    place = ".".join(str(part) for part in first.get("loc", ()) if part not in {"filters", "given", "asked"})
    more = f"；另有 {len(error.errors) - 1} 处" if len(error.errors) > 1 else ""
    said = str(first.get("msg", ""))
    return answer_of(BadRequest(f"请求的写法不对：{said}{more}", where=place[:100], remedy="请按 /api/v1/openapi.json 的说明写"))


def _unknown(request: HttpRequest, error: Any) -> HttpResponse:
    return answer_of(BadToken("没有令牌", where="Authorization", remedy="请写 Authorization: Bearer 令牌；在“我的令牌”可以做一个"))


def _other(request: HttpRequest, error: Any) -> HttpResponse:
    """A body that is no JSON, mostly."""
    broken = LuoshiError("正文不是 JSON", where="body", remedy="请检查正文", slug="bad-request")
    broken.status = error.status_code  # type: ignore[attr-defined]
    return answer_of(broken)
