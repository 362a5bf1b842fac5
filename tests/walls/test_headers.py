"""What every answer carries, whoever asks for whatever. Every route is looked at by the permission matrix."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.walls.walled import assert_walled

pytestmark = pytest.mark.django_db


def test_errors_carry_the_same_as_pages():
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    answers = {
        404: browser.get("/there/is/nothing/here/"),
        405: Client().put("/help/"),
        403: browser.post("/account/login/"),
        400: browser.get("/help/", headers={"host": "evil.example"}),
        302: browser.get("/people/"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert_walled(answer)


def test_a_fault_of_ours_says_nothing_and_carries_the_same(monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("canary-of-a-fault")

    monkeypatch.setattr("portal.home.render", fail)
    monkeypatch.setattr("django.utils.log.log_response", lambda *args, **kwargs: None)
    answer = Client(raise_request_exception=False).get("/help/")
    assert answer.status_code == 500
    assert b"canary" not in answer.content
    assert b"Traceback" not in answer.content
    assert_walled(answer)


def test_a_static_file_is_kept_and_walled():
    from django.contrib.staticfiles.storage import staticfiles_storage

    answer = Client().get(staticfiles_storage.url("css/base.css"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
    assert_walled(answer, kept=True)


def test_over_https_browsers_are_told_to_stay_there():
    assert "Strict-Transport-Security" not in Client().get("/help/").headers
    with override_settings(SECURE=True, SECURE_HSTS_SECONDS=63_072_000):
        for answer in (Client().get("/help/"), Client().get("/help/", headers={"host": "evil.example"})):
            assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_no_page_stands_in_anothers_frame_or_draws_from_elsewhere():
    assert settings.X_FRAME_OPTIONS == "DENY"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "data:"} & {
        source for sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values() for source in sources
    }
