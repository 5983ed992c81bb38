"""Where a request to somebody's address may go: never to this machine itself, nor to what only answers machines beside it.

A name is resolved once, looked at, and the request goes to the very address that was looked at: whoever answers for the name cannot send us
elsewhere a moment later. Addresses that the installation itself was told by its environment are its own business.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
#: where clouds tell their machines secrets, outside the ranges that the standard names
_METADATA: Final = frozenset({ipaddress.ip_address("100.100.100.200"), ipaddress.ip_address("fd00:ec2::254")})


class InsideAddress(httpx.UnsupportedProtocol):
    """An address that lies on this machine or on its link; ``said`` tells so without naming it."""

    said = "地址指向本机或链路本地网段，已拒绝 · the address lies on this machine or its own link"


class Reached(msgspec.Struct, frozen=True):
    """Where the request really goes, and what it says besides so that the name stays the one that was meant."""

    url: str
    headers: Mapping[str, str] = {}
    extensions: Mapping[str, Any] = {}


def reached(url: str, *, trusted: frozenset[str] = frozenset(), local: bool = False, proxied: bool = False) -> Reached:
    """The address of a request; ``trusted``: hosts that may be anywhere; ``local``: all may be; ``proxied``: a proxy resolves names.

    Raises ``InsideAddress``, or ``httpx.ConnectError`` where the name means nothing.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if local or host_of(url) in trusted:
        return Reached(url)
    literal = _literal(host)
    if literal is not None:
        _look(literal)
        return Reached(url)
    if host == "localhost" or host.endswith(".localhost"):
        raise InsideAddress("localhost")
    if proxied:
        return Reached(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = _resolved(host, port)
    for address in found:
        _look(address)
    netloc = f"[{found[0]}]" if found[0].version == 6 else str(found[0])
    pinned = parts._replace(netloc=f"{netloc}:{parts.port}" if parts.port else netloc).geturl()
    return Reached(pinned, {"Host": parts.netloc}, {"sni_hostname": host})


def host_of(url: str) -> str:
    """Host and port of an address.

    >>> host_of("https://im.qishan.example:8443/hook?key=1")
    'im.qishan.example:8443'
    """
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _resolved(host: str, port: int) -> list[_Address]:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError("the name means nothing") from error
    found = [address for row in rows if (address := _literal(str(row[4][0]))) is not None]
    if not found:
        raise httpx.ConnectError("the name means nothing")
    return found


def _look(address: _Address) -> None:
    """Nothing, or ``InsideAddress``."""
    plain = address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
    if plain.is_loopback or plain.is_link_local or plain.is_unspecified or plain.is_multicast or plain in _METADATA:
        raise InsideAddress(str(plain.version))
