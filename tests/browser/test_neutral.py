"""Nothing that stays in a browser gives anybody away: titles, addresses, the history. And every answer says to the
browser what it must not do.

The quick run reads a few pages of each kind, in every role; the slow one reads all.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, URLResolver, get_resolver, resolve

from portal.demo import content
from tests.browser.crawl import UUID, Answer, crawl
from tests.browser.looks import ADMIN, FACILITATOR, NEWCOMER, PATIENT, WAITING
from tests.browser.visits import Visit
from tests.browser.walk import Walk

PEOPLE = ("", PATIENT, FACILITATOR, ADMIN, NEWCOMER, WAITING)
SENSITIVE = (
    "ketamine esketamine spravato infusion nasal depress ptsd trauma anxiety bipolar migraine suicid therap clinic"
)
# Where links may lead: "Leave quickly", who answers the numbers, and what the people of the tests write themselves.
ELSEWHERE = {"www.weather.gov", "988lifeline.org", "example.org", "meet.example.org"}
MEANS_NOTHING = re.compile(rf"{UUID.pattern}|\d+|[a-z_.]*")  # after a question mark: ids, numbers, words of the routes
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store, private",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture(scope="module")
def read(walk: Walk) -> Callable[[str, int], list[Answer]]:
    """A person's crawl, made once for all tests here."""
    return cache(lambda email, each: list(crawl(walk, email, each=each)))


FEW, ALL = 2, 100_000
DEPTHS = [pytest.param(FEW, id="few"), pytest.param(ALL, id="all", marks=pytest.mark.slow)]


@pytest.fixture(params=DEPTHS)
def answers(request: pytest.FixtureRequest, read: Callable[[str, int], list[Answer]]) -> list[Answer]:
    """What everybody gets."""
    return [answer for email in PEOPLE for answer in read(email, request.param)]


@cache
def telling() -> re.Pattern[str]:
    """What nothing may say: names of groups, people, places and posts, drugs and conditions."""
    names = [group["name"] for group in content.groups()] + [article.title for article in content.articles()]
    for person in (person for people in content.people().values() for person in people):
        names += [person["name"], person["legal"], person["email"]]
    names += [settings.CLINIC_NAME, settings.PORTAL_NAME]
    whole = "|".join(rf"\b{re.escape(name)}\b" for name in names)
    return re.compile(f"{whole}|{'|'.join(SENSITIVE.split())}", re.IGNORECASE)


def test_the_words_looked_for_are_the_right_ones() -> None:
    for words in ("After the Infusion · Portal", "/groups/steady%20ground/", "Chat with Rosa", "spravato"):
        assert telling().search(unquote(words)), words
    assert not telling().search("Group · Portal")


def test_everybody_was_followed_far(answers: list[Answer]) -> None:
    assert len(answers) > 200
    routes = {resolve(urlsplit(answer.path).path).view_name for answer in answers if answer.status == 200}
    assert {"chat:room", "membership:people", "moderation:case", "accounts:person", "schedule:cancel"} <= routes


def test_no_page_answers_with_an_error_of_its_own(answers: list[Answer]) -> None:
    wrong = [(answer.path, answer.status) for answer in answers if answer.status not in (200, 302, 403, 404)]
    assert wrong == []


def test_no_title_gives_anybody_away(answers: list[Answer]) -> None:
    titles = {answer.title for answer in answers if answer.status != 302}
    assert [title for title in titles if telling().search(title)] == []
    assert {title.rpartition(" · ")[2] for title in titles} == {settings.NEUTRAL_NAME}


def test_no_address_gives_anybody_away(answers: list[Answer], walk: Walk) -> None:
    links = {link for answer in answers for link in answer.links if link.startswith(walk.site)}
    told = [link for link in links if telling().search(unquote(link))]
    assert told == []
    assert [link for link in links if not is_opaque(link)] == []


def is_opaque(link: str) -> bool:
    """Whether an address is made of the routes' own words and of ids that mean nothing."""
    parts = urlsplit(link)
    try:
        given = resolve(parts.path).captured_kwargs
    except Resolver404:
        return parts.path == "/nowhere/"
    opaque = all(isinstance(value, uuid.UUID) or value in settings.MODERATION_TARGETS for value in given.values())
    asked = [value for _, value in parse_qsl(parts.query)]
    own = all(is_opaque(value) if value.startswith("/") else MEANS_NOTHING.fullmatch(value) for value in asked)
    return own and (opaque or "token" in given)


def test_addresses_are_made_of_fixed_words_and_ids_alone() -> None:
    typed = {
        (entry.name, name)
        for entry in every_route()
        for name, converter in entry.pattern.converters.items()
        if type(converter).__name__ != "UUIDConverter"
    }
    assert {what for _, what in typed if what not in ("kind", "key", "uidb36")} == {"token"}


def every_route(patterns: list | None = None) -> Iterator:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            yield from every_route(entry.url_patterns)
        else:
            yield entry


def test_links_lead_nowhere_else(answers: list[Answer], walk: Walk) -> None:
    links = {link for answer in answers for link in answer.links}
    foreign = {urlsplit(link) for link in links if not link.startswith(walk.site)}
    assert {link.scheme for link in foreign} <= {
        "https",
        "tel",
        "sms",
        "otpauth",
    }  # the last opens an app on the same phone
    assert {link.hostname for link in foreign if link.scheme == "https"} <= ELSEWHERE


def test_what_people_type_never_comes_to_stand_in_an_address(answers: list[Answer]) -> None:
    assert [(answer.path, answer.asks_in_address) for answer in answers if answer.asks_in_address] == []


def test_the_history_keeps_nothing_telling(visits: list[Visit]) -> None:
    assert [visit.look.name for visit in visits if telling().search(unquote(" ".join(visit.history)))] == []
    assert [visit.look.name for visit in visits if len(visit.history) != 4] == []  # the empty page, and this one


def test_the_console_stays_silent(visits: list[Visit]) -> None:
    """No script failed, and nothing broke the security policy."""
    assert [(visit.look.name, words) for visit in visits for words in visit.said] == []


def test_every_answer_has_the_headers(answers: list[Answer]) -> None:
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, answer.path
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert POLICY.items() <= policy.items(), answer.path
        assert set(policy.values()) <= {"'self'", "'none'"}, answer.path
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Server"] is None
        assert answer.headers["X-Powered-By"] is None
        for cookie in answer.headers.get_all("Set-Cookie", []):
            assert "HttpOnly" in cookie, answer.path
            assert "SameSite=Lax" in cookie, answer.path
