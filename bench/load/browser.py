"""A browser of few features: cookies, forgery words, one kept connection, static files once; it notes how long each answer took."""

from __future__ import annotations

import http.client
import json
import re
import threading
from time import monotonic, perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

_CSRF = re.compile(r'<meta name="csrf" content="([^"]+)"')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"#]+)')
#: the server may close a kept connection at any moment; a browser then asks once more
_STALE = (http.client.RemoteDisconnected, http.client.CannotSendRequest, BrokenPipeError, ConnectionResetError)


class Sample(msgspec.Struct, frozen=True):
    """One answer: what was asked for, when it came (seconds), how long it took (milliseconds), its status and size."""

    name: str
    at: float
    took: float
    status: int
    size: int


class Notes:
    """What all browsers note; errors with their addresses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.samples: list[Sample] = []
        self.errors: list[str] = []

    def add(self, sample: Sample, error: str = "") -> None:
        with self._lock:
            self.samples.append(sample)
            if error:
                self.errors.append(error)


class Browser:
    """One person's browser."""

    def __init__(self, host: str, port: int, notes: Notes) -> None:
        self._host, self._port, self._notes = host, port, notes
        self._connection = http.client.HTTPConnection(host, port, timeout=60)
        self._cookies: dict[str, str] = {}
        self._seen: set[str] = set()
        self.csrf = ""

    def get(self, name: str, path: str, query: dict[str, Any] | None = None, *, script: bool = False) -> str:
        """A page (or, for a ``script``, its data)."""
        address = f"{path}?{urlencode(query, doseq=True)}" if query else path
        headers = {"Accept": "application/json"} if script else {"Accept": "text/html"}
        text = self._ask(name, "GET", address, b"", headers).decode("utf-8", "replace")
        if not script:
            self._take(text)
        return text

    def download(self, name: str, path: str, query: dict[str, Any]) -> int:
        """A file; its size."""
        return len(self._ask(name, "GET", f"{path}?{urlencode(query, doseq=True)}", b"", {"Accept": "*/*"}))

    def post_json(self, name: str, path: str, value: dict[str, Any]) -> dict[str, Any]:
        """What a page's script sends and gets."""
        headers = {"Accept": "application/json", "Content-Type": "application/json", "X-CSRFToken": self.csrf}
        return self._json(self._ask(name, "POST", path, json.dumps(value).encode(), headers))

    def post_form(self, name: str, path: str, value: dict[str, Any]) -> str:
        """A form that is sent, and the page that it leads to."""
        body = urlencode({**value, "csrfmiddlewaretoken": self.csrf}, doseq=True).encode()
        headers = {
            "Accept": "text/html",
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{self._host}:{self._port}{path}",
        }
        text = self._ask(name, "POST", path, body, headers).decode("utf-8", "replace")
        self._take(text)
        return text

    def post_file(self, name: str, path: str, fields: dict[str, str], file: tuple[str, bytes]) -> dict[str, Any]:
        """A file that is sent by a script."""
        mark = b"----load"
        parts = [
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, key.encode(), value.encode())
            for key, value in fields.items()
        ]
        parts.append(
            b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\nContent-Type: text/plain\r\n\r\n'
            % (mark, file[0].encode())
        )
        body = b"".join([*parts, file[1], b"\r\n--%s--\r\n" % mark])
        headers = {"Accept": "application/json", "Content-Type": f"multipart/form-data; boundary={mark.decode()}", "X-CSRFToken": self.csrf}
        return self._json(self._ask(name, "POST", path, body, headers))

    def _json(self, data: bytes) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads(data)
        except ValueError:
            return {}
        return found

    def _take(self, text: str) -> None:
        """The page's forgery word, and its static files where they are new."""
        found = _CSRF.search(text)
        self.csrf = found[1] if found else self.csrf
        for address in dict.fromkeys(_STATIC.findall(text)):
            if address not in self._seen:
                self._seen.add(address)
                self._ask("static", "GET", address, b"", {})

    def _ask(self, name: str, method: str, address: str, body: bytes, headers: dict[str, str]) -> bytes:
        begun = perf_counter()
        status, data, location, error = 0, b"", "", ""
        try:
            status, data, location = self._once(method, address, body, headers)
        except (OSError, http.client.HTTPException) as failure:
            self._connection.close()
            error = f"{name} {method} {address}: {type(failure).__name__} {failure}"
        if status >= 400:
            error = f"{name} {method} {address}: {status}"
        self._notes.add(Sample(name, monotonic(), (perf_counter() - begun) * 1000, status, len(data)), error)
        if location:
            parts = urlsplit(location)
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            return self._ask(f"{name} →" if not name.endswith("→") else name, "GET", target, b"", {"Accept": "text/html"})
        return data

    def _once(self, method: str, address: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
        sent = {**headers, "Cookie": "; ".join(f"{key}={value}" for key, value in self._cookies.items()), "User-Agent": "luoshi-load"}
        for last in (False, True):
            try:
                self._connection.request(method, address, body or None, sent)
                answer = self._connection.getresponse()
                break
            except _STALE:
                self._connection.close()
                if last:
                    raise
        data = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            key, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[key.strip()] = value.strip()
        return answer.status, data, answer.headers.get("Location", "") if answer.status in (301, 302, 303) else ""
