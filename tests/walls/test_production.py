"""The portal as people reach it: a real server that knows itself by an https address, behind a proxy."""

import http.client
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import cast
from tests.serving import SITE, LivePortal

pytestmark = pytest.mark.django_db(transaction=True)
HOST = SITE.removeprefix("https://")
LIMIT = 12 * 1024 * 1024
PROXIED = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}


def ask(portal: LivePortal, method: str, path: str, headers: dict[str, str], body=None) -> http.client.HTTPResponse:
    link = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=20)
    link.request(method, path, body, headers)
    return link.getresponse()


def cookies_of(answer: http.client.HTTPResponse) -> dict[str, str]:
    found = answer.headers.get_all("Set-Cookie", [])
    return {cookie.split("=", 1)[0]: cookie for cookie in found}


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.4.1", "7.2.4")
def test_signing_in_over_https(production):
    """Cookies that no other host can set and no script can read, a session of one's own, and no server's name."""
    cast.person("Ben")
    page = ask(production, "GET", "/account/login/", PROXIED)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())[1]
    csrf = cookies_of(page)["__Host-csrf"]
    form = {"csrfmiddlewaretoken": token, "login": "ben@example.org", "password": cast.PASSWORD}
    sent = {
        **PROXIED,
        "Cookie": f"{csrf.split(';')[0]}; __Host-session={'a' * 32}",  # a session somebody else has chosen
        "Origin": SITE,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    answer = ask(production, "POST", "/account/login/", sent, urlencode(form))

    assert (answer.status, answer.headers["Location"]) == (302, "/")
    session = cookies_of(answer)["__Host-session"]
    assert "a" * 32 not in session
    for cookie in (csrf, session):
        attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "path=/", "samesite=lax"} <= attributes
        assert not any(attribute.startswith("domain") for attribute in attributes)
    for one in (page, answer):
        assert one.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
        assert one.headers["Server"] is None


def test_plain_http_leads_to_https_and_other_names_lead_nowhere(production):
    plain = ask(production, "GET", "/help/", {"Host": HOST})
    assert (plain.status, plain.headers["Location"]) == (301, f"{SITE}/help/")
    for host in ("evil.example", "127.0.0.1", f"{HOST}.evil.example"):
        assert ask(production, "GET", "/help/", {**PROXIED, "Host": host}).status == 400
    assert ask(production, "GET", "/livez", {"Host": HOST}).status == 200


def test_the_demo_and_its_pages_are_not_there(production):
    assert [ask(production, "GET", path, PROXIED).status for path in ("/kit/", "/mail/", "/admin/")] == [404, 404, 404]
    page = ask(production, "GET", "/account/login/", PROXIED).read().decode()
    assert "demo" not in page.lower()


def memory(portal: LivePortal) -> int:
    """Kilobytes the server holds."""
    status = Path(f"/proc/{portal.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def flood(megabytes: int) -> Iterator[bytes]:
    block = b"x" * (1024 * 1024)
    for _ in range(megabytes):
        yield block


@pytest.mark.parametrize("says", ["its length", "nothing"])
def test_a_flood_of_a_body_is_broken_off_in_flat_memory(production, says):
    ask(production, "GET", "/account/login/", PROXIED).read()
    before, size = memory(production), 64
    headers = {**PROXIED, "Origin": SITE, "Content-Type": "application/x-www-form-urlencoded"}
    if says == "its length":
        headers["Content-Length"] = str(size * 1024 * 1024)
    try:
        answer = ask(production, "POST", "/account/login/", headers, flood(size))
    except (BrokenPipeError, ConnectionResetError):
        pass  # the door was shut while we were still speaking
    else:
        assert answer.status == 413
    assert ask(production, "GET", "/help/", PROXIED).status == 200
    assert memory(production) - before < 24 * 1024


def test_a_flood_of_headers_is_broken_off_in_flat_memory(production):
    ask(production, "GET", "/help/", PROXIED).read()
    before = memory(production)
    for headers in ({f"X-Flood-{n}": "x" * 1000 for n in range(5000)}, {"Cookie": "a" * 5_000_000}):
        with suppress(BrokenPipeError, ConnectionResetError, http.client.HTTPException):
            assert ask(production, "GET", "/help/", {**PROXIED, **headers}).status in (400, 431)
    assert ask(production, "GET", "/help/", PROXIED).status == 200
    assert memory(production) - before < 24 * 1024
