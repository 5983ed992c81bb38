"""A provider of OpenID Connect that can be made to lie: an HTTP server that keeps to the code flow with PKCE except where a test tells it not to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey


class Provider:
    """What it says: ``claims`` and ``header`` override the token's, ``metadata`` what it says of itself; ``broken`` answers 500 everywhere."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.keys = {"one": RSAKey.generate_key(2048, {"kid": "one"}, private=True)}
        self.signing = "one"
        self.person: dict[str, Any] = {"sub": "s-1", "preferred_username": "linyu", "name": "林屿"}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.token: dict[str, Any] = {}
        self.key: Any = None
        self.algorithm = "RS256"
        self.broken = False
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def sign_in(self, address: str) -> str:
        """What the person's browser does there; the address it is sent back to, without the host."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = query
        back = urlsplit(query["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': query['state']})}"

    def about(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            **self.metadata,
        }

    def give(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The token for a code, once, to whoever knows the verifier."""
        asked = self.codes.pop(form.get("code", ""), None)
        challenge = _base64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            **self.person,
            "iss": self.address,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "let-me-in", "token_type": "Bearer", "id_token": self.signed(claims), **self.token}

    def signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm in {"none", "HS256"}:
            # what no library would make
            parts = [json.dumps(part).encode() for part in ({"alg": self.algorithm, "kid": self.signing}, claims)]
            body = ".".join(map(_base64, parts))
            return f"{body}.{_base64(hmac.digest(self.key, body.encode(), 'sha256')) if self.algorithm == 'HS256' else ''}"
        key = self.key or self.keys[self.signing]
        return jwt.encode({"alg": self.algorithm, "kid": self.signing}, claims, key, algorithms=[self.algorithm])

    def turn_keys(self) -> None:
        """Other keys from now on."""
        self.keys = {"two": ECKey.generate_key("P-256", {"kid": "two"}, private=True)}  # type: ignore[dict-item]
        self.signing, self.algorithm = "two", "ES256"


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, listening."""
    holder: list[Provider] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider, path = holder[0], urlsplit(self.path).path
            provider.asked.append(path)
            answers = {
                "/.well-known/openid-configuration": provider.about,
                "/keys": lambda: {"keys": [key.as_dict(private=False) for key in provider.keys.values()]},
                "/userinfo": lambda: {**provider.person, **provider.userinfo},
            }
            if path == "/userinfo" and self.headers["Authorization"] != "Bearer let-me-in":
                return self.tell(401, {})
            return self.tell(200, answers[path]())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            holder[0].asked.append("/token")
            self.tell(*holder[0].give({name: values[0] for name, values in form.items()}))

        def tell(self, status: int, values: dict[str, Any]) -> None:
            body = json.dumps(values).encode()
            self.send_response(500 if holder[0].broken else status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    holder.append(Provider(f"http://127.0.0.1:{server.server_port}"))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield holder[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
