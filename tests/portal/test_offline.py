"""The page for days without a network, and the worker that keeps it: open to all, and about nobody."""

import re
from collections.abc import Callable
from pathlib import Path

from django.test import Client

from portal.accounts.models import User
from portal.offline import worker_address

Browser = Callable[[User], Client]


def test_the_page_is_the_same_for_everybody(sam: User, eve: User, signed_in: Browser) -> None:
    pages = {client.get("/offline/").content for client in (Client(), signed_in(sam), signed_in(eve))}
    assert len(pages) == 1
    page = pages.pop().decode()
    assert "988" in page
    assert ("csrf" in page, "Sam" in page, "<title>Portal</title>" in page) == (False, False, True)


def test_the_page_wears_only_what_the_worker_keeps(db: None) -> None:
    source = Path("static/js/worker.js").read_text()
    worn = re.compile(re.search(r"/\\/static.*?(?=/g)", source)[0][1:].replace("\\/", "/"))
    asked = re.findall(r'(?:href|src)="(/[^"]+)"', Client().get("/offline/").content.decode())
    assert len(asked) == 2
    assert [url for url in asked if not worn.fullmatch(url)] == []


def test_only_who_signed_in_is_given_the_worker(sam: User, signed_in: Browser) -> None:
    assert b"data-worker" not in Client().get("/").content
    assert f'data-worker="{worker_address()}"' in signed_in(sam).get("/help/").content.decode()


def test_the_worker_looks_after_every_page_and_may_be_kept_for_good(db: None) -> None:
    answer = Client().get(worker_address())
    assert answer["Service-Worker-Allowed"] == "/"
    assert "immutable" in answer["Cache-Control"]
    assert "worker-src 'self'" in answer["Content-Security-Policy"]
    answer.close()


def test_no_other_script_looks_after_more_than_its_folder(db: None) -> None:
    page = Client().get("/help/").content.decode()
    script = re.search(r'src="(/static/js/portal[^"]+)"', page)[1]
    answer = Client().get(script)
    assert "Service-Worker-Allowed" not in answer
    answer.close()
