"""Following every link a person can see, by plain requests: GET only."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.browser.walk import Walk

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class Answer:
    """What came for one address."""

    path: str  # with what stands after the question mark
    status: int
    headers: Message
    title: str = ""
    links: list[str] = field(default_factory=list)  # whole addresses, of this site and of others
    asks_in_address: list[str] = field(default_factory=list)  # text fields of forms that send by GET


class Pages(HTMLParser):
    """The title, the links and the open forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.title, self.links, self.asks = "", [], []
        self._inside, self._by_get = "", False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._inside = tag
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self._by_get = given.get("method", "get").lower() == "get"
        elif self._by_get and (tag == "textarea" or (tag == "input" and given.get("type", "text") in TYPED)):
            self.asks.append(given.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag == "form":
            self._by_get = False

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data


TYPED = {"text", "search", "email", "tel", "url", "password"}


def crawl(walk: Walk, email: str, *, each: int) -> Iterator[Answer]:
    """Every page this person can get to from the front page and from the pages of their looks. Of pages that differ
    by their ids alone, `each` many are read."""
    site = urlsplit(walk.site)
    line = HTTPConnection(site.hostname or "", site.port, timeout=20)
    cookie = {"Cookie": f"session-{site.port}={walk.sessions[email]}"} if email else {}
    waiting = ["/", *(look.path for look in walk.looks if look.email == email)]
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.pop(0)
        kind = UUID.sub("*", path)
        if path in seen or kinds[kind] >= each:
            continue
        seen.add(path)
        kinds[kind] += 1
        answer = ask(line, walk.site, path, cookie)
        waiting += [link.removeprefix(walk.site) for link in answer.links if link.startswith(f"{walk.site}/")]
        yield answer
    line.close()


def ask(line: HTTPConnection, site: str, path: str, headers: dict[str, str]) -> Answer:
    """One request. A redirect is an answer with one link."""
    line.request("GET", path, headers=headers)
    got = line.getresponse()
    body = got.read()
    answer = Answer(path, got.status, got.headers)
    found = [got.headers["Location"]] if "Location" in got.headers else []
    if got.headers.get_content_type() == "text/html":
        page = Pages(body.decode())
        answer.title, answer.asks_in_address = page.title.strip(), page.asks
        found += page.links
    answer.links = [urldefrag(urljoin(site + path, link))[0] for link in found]
    return answer
