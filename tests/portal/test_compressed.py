"""Pages travel small for the portal's own people, and as they are for whoever asks from another site."""

import gzip

import pytest
from django.test import Client

ZIPPED = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_ones_own_page_travels_small_and_says_the_same(client: Client, db: None, site: str) -> None:
    plain = client.get("/privacy/").content
    answer = client.get("/privacy/", HTTP_SEC_FETCH_SITE=site, **ZIPPED)
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content) == plain
    assert len(answer.content) < len(plain) / 2


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_lengths_tell_another_site_nothing(client: Client, db: None, site: str | None) -> None:
    asked = {} if site is None else {"HTTP_SEC_FETCH_SITE": site}
    answer = client.get("/privacy/", **asked, **ZIPPED)
    assert "Content-Encoding" not in answer
    assert answer.content.startswith(b"<!doctype html>")


def test_no_two_answers_have_a_length_to_rely_on(client: Client, db: None) -> None:
    lengths = {len(client.get("/help/", HTTP_SEC_FETCH_SITE="none", **ZIPPED).content) for _ in range(12)}
    assert len(lengths) > 3
