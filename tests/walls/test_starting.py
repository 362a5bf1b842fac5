"""The portal does not start where people could reach it with what is only for this machine."""

import pytest
from django.core.checks import Tags, run_checks
from django.test import override_settings

from portal.env import BadSettings, read

SITE = "https://portal.example.org"
PRODUCTION = {
    "SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "DEBUG": False,
    "DEMO": False,
    "ALLOWED_HOSTS": ["portal.example.org"],
    "SECRET_KEY": "0123456789abcdefghij" * 3,
    "SESSION_COOKIE_NAME": "__Host-session",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "LOOKS_COOKIE_NAME": "__Host-looks",
}


def found(**values: object) -> list[str]:
    with override_settings(**PRODUCTION | values):
        return [error.id for error in run_checks(tags=[Tags.security]) if error.id.startswith("portal.")]


def test_a_sound_production_has_no_complaint():
    assert found() == []


@pytest.mark.parametrize(
    ("error", "values"),
    [
        ("portal.E001", {"DEBUG": True}),
        ("portal.E002", {"DEMO": True}),
        ("portal.E003", {"ALLOWED_HOSTS": ["*"]}),
        ("portal.E003", {"ALLOWED_HOSTS": [".example.org"]}),
        ("portal.E004", {"SECRET_KEY": "change me"}),
        ("portal.E004", {"SECRET_KEY": "a" * 80}),
        ("portal.E005", {"CHANNEL_LAYERS": {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}}),
        ("portal.E007", {"SESSION_COOKIE_NAME": "sessionid"}),
        ("portal.E008", {"SECURE_SSL_REDIRECT": False}),
    ],
)
@pytest.mark.asvs("6.3.2", "13.4.2")
def test_what_is_only_for_this_machine_stops_a_production(error, values):
    assert found(**values) == [error]


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"SITE_URL": SITE, "DEBUG": "1"}, "DEBUG=1 shows the portal's insides: it is only for this machine itself."),
        (
            {"SITE_URL": SITE, "DEMO": "1"},
            "DEMO=1 has people with a known password: it is only for this machine itself.",
        ),
        (
            {"SITE_URL": "https://*.example.org"},
            "SITE_URL must be an address such as https://portal.example.org, with no path; "
            "“https://*.example.org” is not.",
        ),
    ],
)
def test_the_environment_is_refused_in_words(environ, sentence):
    with pytest.raises(BadSettings) as refused:
        read({"DEMO": "0", **environ})
    assert str(refused.value) == sentence


def test_on_this_machine_they_are_allowed():
    env = read({"DEMO": "1", "DEBUG": "1"})
    assert (env.demo, env.debug) == (True, True)
