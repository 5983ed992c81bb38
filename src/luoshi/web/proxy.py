"""Requests that come through a proxy of ours (``LUOSHI_PROXY=1``)."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponseBase


def unproxied(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Puts the address of who asks where that of the proxy stands, for the audit trail and the lock after failed sign-ins."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        asking = last_address(request.headers.get("X-Forwarded-For", ""))
        if asking:
            request.META["REMOTE_ADDR"] = asking
        return get_response(request)

    return answer


def last_address(chain: str) -> str:
    """The address that our own proxy wrote, the last of the chain; those before it were sent by whoever asked and may be invented.

    >>> last_address("1.2.3.4, 10.0.0.7"), last_address("not an address"), last_address("[2001:db8::1]:443")
    ('10.0.0.7', '', '2001:db8::1')
    """
    told = chain.rpartition(",")[2].strip()
    if told.startswith("["):
        told = told[1:].partition("]")[0]
    try:
        return str(ip_address(told))
    except ValueError:
        return ""
