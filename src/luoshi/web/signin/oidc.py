"""OpenID Connect: the way to the provider and back (code flow with PKCE, state and nonce), and what its token says of a person."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from luoshi.web.signin.config import Oidc
from luoshi.web.signin.identity import Person
from luoshi.web.signin.refusals import BrokenReturn, ProviderDown

#: signatures that only the provider can make; never "none", never a shared secret
_SIGNATURES: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
#: what the provider says of itself is asked for again after an hour
_KEPT: Final = 3600
#: clocks may differ by so many seconds
_LEEWAY: Final = 60
_SECONDS: Final = 10

_metadata: dict[str, tuple[float, dict[str, Any]]] = {}
_keys: dict[str, Any] = {}


class Way(msgspec.Struct, frozen=True):
    """What must be remembered between the way there and the way back; lies in the session."""

    state: str
    nonce: str
    verifier: str
    redirect: str
    next: str = ""


def new_way(redirect: str, next_: str) -> Way:
    """A way with fresh secrets."""
    return Way(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), redirect, next_)


def address_of(config: Oidc, way: Way) -> str:
    """Where the browser goes to sign in."""
    endpoint = str(_provider(config)["authorization_endpoint"])
    query = {
        "response_type": "code",
        "client_id": config.client,
        "redirect_uri": way.redirect,
        "scope": config.scope,
        "state": way.state,
        "nonce": way.nonce,
        "code_challenge": create_s256_code_challenge(way.verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def address_of_signout(config: Oidc, back: str) -> str:
    """Where the browser goes to sign out there; empty where the provider has no such place."""
    endpoint = str(_provider(config).get("end_session_endpoint", ""))
    return f"{endpoint}?{urlencode({'client_id': config.client, 'post_logout_redirect_uri': back})}" if endpoint else ""


def find_person(config: Oidc, way: Way, returned: Mapping[str, str]) -> Person:
    """Who came back: the code is changed for a token, the token checked, the person read from it."""
    if returned.get("error"):
        raise BrokenReturn("统一身份认证没有完成", remedy=f"请重新登录（{returned['error'][:60]}）")
    if not returned.get("code") or not secrets.compare_digest(returned.get("state", "").encode(), way.state.encode()):
        raise BrokenReturn("这次登录已失效", remedy="请从登录页重新开始")
    if returned.get("iss", config.issuer).rstrip("/") != config.issuer:
        raise BrokenReturn("回来的不是我们的身份平台", remedy="请从登录页重新开始")
    token = _token(config, way, returned["code"])
    claims = _checked(config, way, token)
    if config.username not in claims or (config.groups not in claims and _provider(config).get("userinfo_endpoint")):
        claims = {**_userinfo(config, token, str(claims["sub"])), **claims}
    return Person(
        issuer=config.issuer,
        subject=str(claims["sub"]),
        username=str(claims.get(config.username, "")),
        name=str(claims.get(config.name, "")),
        groups=_texts(claims.get(config.groups)),
        department=next(iter(_texts(claims.get(config.department))), ""),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else (str(value),) if value else ()


def _token(config: Oidc, way: Way, code: str) -> dict[str, Any]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": way.redirect, "code_verifier": way.verifier}
    methods = _provider(config).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if config.secret and "client_secret_basic" in methods:
        return _asked(config, "POST", str(_provider(config)["token_endpoint"]), data=form, auth=(config.client, config.secret))
    secret = {"client_secret": config.secret} if config.secret else {}
    return _asked(config, "POST", str(_provider(config)["token_endpoint"]), data={**form, "client_id": config.client, **secret})


def _checked(config: Oidc, way: Way, token: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of the token of identity after its signature, issuer, audience, times and nonce were checked."""
    said = _provider(config).get("id_token_signing_alg_values_supported") or ["RS256"]
    registry = JWSRegistry(algorithms=[name for name in said if name in _SIGNATURES], strict_check_header=False)
    try:
        try:
            read = jwt.decode(str(token.get("id_token", "")), key=_key_set(config), registry=registry)
        except InvalidKeyIdError:
            # the provider has changed its keys since
            read = jwt.decode(str(token.get("id_token", "")), key=_key_set(config, anew=True), registry=registry)
        options = {
            "iss": {"essential": True, "values": [str(_provider(config)["issuer"])]},
            "aud": {"essential": True, "value": config.client},
        }
        params = {"nonce": way.nonce, "client_id": config.client, "access_token": token.get("access_token")}
        claims = CodeIDToken(read.claims, read.header, options, params)
        claims.validate(leeway=_LEEWAY)
    except (JoseError, AuthlibBaseError, ValueError) as error:
        raise BrokenReturn("身份平台给的令牌不对", remedy=f"请重新登录；仍不行请管理员核对设置（{type(error).__name__}）") from error
    return dict(claims)


def _userinfo(config: Oidc, token: Mapping[str, Any], subject: str) -> dict[str, Any]:
    endpoint = _provider(config).get("userinfo_endpoint")
    if not endpoint:
        return {}
    found = _asked(config, "GET", str(endpoint), headers={"Authorization": f"Bearer {token.get('access_token', '')}"})
    return found if found.get("sub") == subject else {}


def _key_set(config: Oidc, *, anew: bool = False) -> KeySet:
    if anew or config.issuer not in _keys:
        _keys[config.issuer] = _asked(config, "GET", str(_provider(config)["jwks_uri"]))
    return KeySet.import_key_set(_keys[config.issuer])


def _provider(config: Oidc) -> dict[str, Any]:
    """What the provider says of itself; it must bear the name under which it was asked for."""
    kept = _metadata.get(config.issuer)
    if kept and time.monotonic() - kept[0] < _KEPT:
        return kept[1]
    found = _asked(config, "GET", f"{config.issuer}/.well-known/openid-configuration")
    needed = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
    if needed - found.keys() or str(found["issuer"]).rstrip("/") != config.issuer:
        raise ProviderDown("身份平台的说明不对", where=config.issuer, remedy="请管理员核对 LUOSHI_OIDC_ISSUER")
    _metadata[config.issuer] = (time.monotonic(), found)
    return found


def _asked(config: Oidc, method: str, url: str, **values: Any) -> dict[str, Any]:
    """The JSON object that the provider answers with."""
    try:
        with httpx.Client(timeout=_SECONDS, verify=_trust(config), follow_redirects=False) as client:
            response = client.request(method, url, headers={"Accept": "application/json", **values.pop("headers", {})}, **values)
        response.raise_for_status()
        found = response.json()
    except httpx.HTTPStatusError as error:
        if error.response.status_code == 400:
            raise BrokenReturn("身份平台不认这次登录", remedy="请从登录页重新开始") from error
        raise _down(config, f"HTTP {error.response.status_code}") from error
    except (httpx.HTTPError, ValueError, OSError) as error:
        raise _down(config, type(error).__name__) from error
    if not isinstance(found, dict):
        raise _down(config, "no object")
    return found


def _trust(config: Oidc) -> Any:
    """The authorities to trust: the system's, or those of a file."""
    import ssl

    return ssl.create_default_context(cafile=config.authorities or None)


def _down(config: Oidc, why: str) -> ProviderDown:
    return ProviderDown("统一身份认证平台没有回答", where=config.issuer, remedy=f"请稍后再试；管理员请核对地址和证书（{why}）")
