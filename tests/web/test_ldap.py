"""Sign-in through a directory, against a real one: OpenLDAP's slapd, started here where it is installed."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import Client, override_settings

from luoshi.desk.actor import Role
from luoshi.ledger.models import Account, Organisation
from luoshi.web.signin import failures
from luoshi.web.signin import ldap as door
from luoshi.web.signin.config import Directory, Ldap, Signin
from luoshi.web.signin.ldap import find_person
from luoshi.web.signin.refusals import ProviderDown

SLAPD = shutil.which("slapd") or ("/usr/sbin/slapd" if Path("/usr/sbin/slapd").exists() else None)
BASE = "dc=qishan,dc=example"
ROOT = f"cn=admin,{BASE}"
SEARCHER = f"cn=luoshi,{BASE}"
SECRET = "Lake+Qishan7"  # noqa: S105 - of a directory that lives for a minute
CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {secret}
directory {folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pyasn1", "ignore::DeprecationWarning:ldap3")


class Running(msgspec.Struct):
    """A directory that listens."""

    plain: str
    tls: str
    authorities: str
    stranger: str


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """slapd with a few fictional people."""
    if SLAPD is None or not Path("/usr/lib/ldap/back_mdb.so").exists():
        pytest.skip("slapd is not installed (apt-get install slapd)")
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "data").mkdir()
    _certificates(folder)
    (folder / "slapd.conf").write_text(CONFIG.format(folder=folder, base=BASE, root=ROOT, secret=SECRET), encoding="utf-8")
    process, plain, tls = _started(folder)
    try:
        _people(plain)
        yield Running(plain, tls, str(folder / "ca.pem"), str(folder / "stranger.pem"))
    finally:
        _stop(process)


def _started(folder: Path) -> tuple[subprocess.Popen[bytes], str, str]:
    """slapd that answers, and its two addresses. A port that was free may be another's when slapd asks for it: it is tried with others then."""
    words = folder / "words"
    for _ in range(3):
        one, other = _free_ports()
        plain, tls = f"ldap://127.0.0.1:{one}", f"ldaps://127.0.0.1:{other}"
        with words.open("wb") as told:
            process = subprocess.Popen(
                [str(SLAPD), "-d", "0", "-f", str(folder / "slapd.conf"), "-h", f"{plain} {tls}"], stdout=told, stderr=told
            )
        if _answers(process, plain):
            return process, plain, tls
        _stop(process)
    pytest.skip(f"slapd does not run here: {words.read_text(encoding='utf-8', errors='replace')[-500:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_ports() -> tuple[int, int]:
    """Two ports: both held until both are known, so that they are two."""
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    """Whether slapd lets its root in before it ends or a minute is over: it listens before it can answer, the longer the busier the machine."""
    host, _, port = url.removeprefix("ldap://").partition(":")
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((host, int(port)), timeout=5).close()
        except OSError:
            time.sleep(0.05)
        else:
            server = door.ldap3.Server(url, get_info=door.ldap3.NONE)
            # a fault of its own from here on is one of the test
            door.ldap3.Connection(server, ROOT, SECRET, auto_bind=True, raise_exceptions=True, receive_timeout=60).unbind()
            return process.poll() is None
    return False


def _certificates(folder: Path) -> None:
    """An authority with a server's certificate, and an authority that has nothing to do with it."""
    keys = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("ca", "server", "stranger")}
    for name, issuer in (("ca", "ca"), ("server", "ca"), ("stranger", "stranger")):
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
            .public_key(keys[name].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.now(UTC) - timedelta(days=1))
            .not_valid_after(datetime.now(UTC) + timedelta(days=2))
            .add_extension(x509.BasicConstraints(ca=name != "server", path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .sign(keys[issuer], hashes.SHA256())
        )
        (folder / f"{name}.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key = keys["server"].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(key)


def _people(url: str) -> None:
    connection = door.ldap3.Connection(
        door.ldap3.Server(url, get_info=door.ldap3.NONE), ROOT, SECRET, auto_bind=True, raise_exceptions=True
    )

    def add(name: str, kind: str, **values: Any) -> None:
        connection.add(f"{name},{BASE}" if name else BASE, kind.split(), values)

    add("", "domain", dc="qishan")
    for unit in ("people", "zone", "groups"):
        add(f"ou={unit}", "organizationalUnit")
    add("cn=luoshi", "applicationProcess simpleSecurityObject", userPassword=SECRET)
    for uid, name, place, department in (
        ("linyu", "林屿", "people", "0301"),
        ("wei(zhi)*", "魏止", "people", "0302"),
        ("twice", "甲", "people", "0301"),
        ("twice", "乙", "zone", "0301"),
    ):
        dn = f"uid={uid},ou={place}"
        add(dn, "inetOrgPerson", cn=name, sn=name[0], departmentNumber=department, userPassword=SECRET)
    add("cn=ducha,ou=groups", "groupOfNames", member=[f"uid=linyu,ou=people,{BASE}"])
    add("cn=kaohe,ou=groups", "groupOfNames", member=[f"uid=twice,ou=people,{BASE}"])
    connection.unbind()


def _search(directory: Running, **more: Any) -> Ldap:
    return Ldap(**{"url": directory.plain, "base": BASE, "bind_dn": SEARCHER, "bind_password": SECRET, **more})


def _direct(directory: Running, **more: Any) -> Ldap:
    return Ldap(**{"url": directory.plain, "dn": f"uid={{username}},ou=people,{BASE}", **more})


BOTH = pytest.mark.parametrize("way", [_search, _direct])


@BOTH
def test_right_password_finds_the_person(directory: Running, way: Callable[..., Ldap]) -> None:
    person = find_person(way(directory), "linyu", SECRET)
    assert person is not None
    assert (person.username, person.name, person.department) == ("linyu", "林屿", "0301")
    assert person.subject == f"uid=linyu,ou=people,{BASE}"
    assert person.groups == (f"cn=ducha,ou=groups,{BASE}", "ducha")


@BOTH
@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("linyu", "wrong"),
        ("linyu", ""),
        ("", SECRET),
        ("nobody", SECRET),
        ("*", SECRET),
        ("lin*", SECRET),
        ("linyu)(uid=*", SECRET),
        ("linyu,ou=people", SECRET),
        ("x\x00", SECRET),
        ("linyu", "x\x00"),
        ("linyu", SECRET + "\x00"),
    ],
)
def test_what_does_not_fit_finds_nobody(directory: Running, way: Callable[..., Ldap], username: str, password: str) -> None:
    assert find_person(way(directory), username, password) is None


@BOTH
def test_odd_user_names_are_only_names(directory: Running, way: Callable[..., Ldap]) -> None:
    person = find_person(way(directory), "wei(zhi)*", SECRET)
    assert person is not None
    assert person.name == "魏止"


def test_two_of_a_name_are_nobody(directory: Running) -> None:
    assert find_person(_search(directory), "twice", SECRET) is None
    assert find_person(_search(directory, base=f"ou=zone,{BASE}"), "twice", SECRET) is not None


def test_groups_by_search(directory: Running) -> None:
    """Where people do not bear their groups."""
    person = find_person(_search(directory, groups="description", group_base=f"ou=groups,{BASE}"), "linyu", SECRET)
    assert person is not None
    assert "ducha" in person.groups
    assert "kaohe" not in person.groups


@BOTH
def test_tls(directory: Running, way: Callable[..., Ldap]) -> None:
    assert find_person(way(directory, url=directory.tls, authorities=directory.authorities), "linyu", SECRET)
    assert find_person(way(directory, starttls=True, authorities=directory.authorities), "linyu", SECRET)
    for config in (
        way(directory, url=directory.tls, authorities=directory.stranger),
        way(directory, starttls=True, authorities=directory.stranger),
        way(directory, url=directory.tls),
    ):
        with pytest.raises(ProviderDown, match="没有回答"):
            find_person(config, "linyu", SECRET)


def test_searcher_that_is_refused(directory: Running) -> None:
    with pytest.raises(ProviderDown, match="查询账号"):
        find_person(_search(directory, bind_password="wrong"), "linyu", SECRET)  # noqa: S106


def test_nobody_listens(directory: Running) -> None:
    with pytest.raises(ProviderDown, match="没有回答"):
        find_person(_direct(directory, url=f"ldap://127.0.0.1:{_free_ports()[0]}"), "linyu", SECRET)


# --- through the page


def _post(username: str, password: str) -> tuple[Client, Any]:
    client = Client()
    return client, client.post("/signin", {"username": username, "password": password})


def test_whole_way(db: None, directory: Running) -> None:
    Organisation.objects.create(id="ofinance", name="区财政局")
    map_ = Directory(roles={"ducha": Role.LIAISON}, units={"0301": "ofinance"}, regions={"0301": "no-such-region"}, create=True)
    with override_settings(LUOSHI_SIGNIN=Signin(ldap=_search(directory), directory=map_)):
        assert "用单位统一的用户名和密码" in Client().get("/signin").content.decode()
        client, answer = _post("linyu", SECRET)
        assert answer.status_code == 302
        account = Account.objects.get(username="linyu")
        assert (json.loads(account.roles), account.name, account.has_usable_password()) == (["liaison"], "林屿", False)
        page = client.get("/profile").content.decode()
        assert "用单位的密码" in page
        assert "到那里修改" in client.get("/password").content.decode()
        assert _post("linyu", "wrong")[1].status_code == 401


def test_a_map_that_names_what_is_not_there_lets_people_in(db: None, directory: Running, caplog: pytest.LogCaptureFixture) -> None:
    map_ = Directory(units={"0301": "no-such-unit"}, create=True)
    with override_settings(LUOSHI_SIGNIN=Signin(ldap=_search(directory), directory=map_)):
        assert _post("linyu", SECRET)[1].status_code == 302
    assert "no such unit for department 0301" in caplog.text


def test_failures_lock_before_the_directory_is_asked(db: None, directory: Running) -> None:
    with override_settings(LUOSHI_SIGNIN=Signin(ldap=_search(directory), directory=Directory(create=True))):
        assert [_post("linyu", "wrong")[1].status_code for _ in range(6)] == [401, 401, 401, 401, 429, 429]
        assert _post("linyu", SECRET)[1].status_code == 429


def test_a_directory_that_is_down_locks_nobody(db: None, directory: Running, make_account: Callable[..., Any]) -> None:
    make_account("reader", username="rescue", password=SECRET)
    down = _direct(directory, url=f"ldap://127.0.0.1:{_free_ports()[0]}")
    with override_settings(LUOSHI_SIGNIN=Signin(ldap=down, directory=Directory(create=True), break_glass="rescue")):
        for _ in range(7):
            answer = _post("linyu", SECRET)[1]
            assert answer.status_code == 502
            assert "目录服务没有回答" in answer.content.decode()
        assert "linyu" not in failures.locks(["linyu"], datetime.now(UTC))
        assert _post("rescue", "wrong")[1].status_code == 401
        assert _post("rescue", SECRET)[1].status_code == 302
