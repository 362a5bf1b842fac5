"""What the environment may say: every wrong value gets its sentence, all at once."""

from pathlib import Path

import pytest

from portal.env import ROOT, BadSettings, Env, is_loopback, read

EVERYWHERE = "0.0.0.0"  # noqa: S104 (what the tests refuse)
SECRET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO_ADDRESS = "SITE_URL must be an address such as https://portal.example.org, with no path;"


def problems(**environ: str) -> list[str]:
    with pytest.raises(BadSettings) as refusal:
        read(environ)
    return str(refusal.value).splitlines()


def test_nothing_has_to_be_set() -> None:
    assert read({}) == Env(
        port=8000,
        host="127.0.0.1",
        data_dir=ROOT / "var",
        database_url=None,
        redis_url=None,
        secret_key=None,
        demo=True,
        debug=False,
        site_url="http://127.0.0.1:8000",
        asgi_server="daphne",
        workers=1,
        ask_for_account=True,
        field_keys=[],
        staff_need_factor=False,  # the demo's people share one password
        clinic_time_zone="America/New_York",
        email_port=587,
        sockets_from_one_place=400,
        sockets_in_all=4000,
    )


def test_all_of_it_can_be_set() -> None:
    env = read(
        {
            "PORT": "443",
            "HOST": EVERYWHERE,
            "DATA_DIR": "/srv/portal",
            "DATABASE_URL": "postgres://portal@db/portal",
            "REDIS_URL": "rediss://valkey:6379/1",
            "SECRET_KEY": SECRET,
            "DEMO": "off",
            "DEBUG": "no",
            "SITE_URL": "https://portal.example.org/",
            "ASGI_SERVER": "uvicorn",
            "WORKERS": "4",
            "ASK_FOR_ACCOUNT": "false",
            "FIELD_KEYS": f"{SECRET}, {SECRET[::-1]}",
            "STAFF_NEED_FACTOR": "1",
            "CLINIC_TIME_ZONE": "Europe/Zurich",
            "EMAIL_PORT": "25",
            "SOCKETS_PER_ADDRESS": "8",
            "SOCKETS_PER_PROCESS": "100000",
        }
    )
    assert env == Env(
        port=443,
        host=EVERYWHERE,
        data_dir=Path("/srv/portal"),
        database_url="postgres://portal@db/portal",
        redis_url="rediss://valkey:6379/1",
        secret_key=SECRET,
        demo=False,
        debug=False,
        site_url="https://portal.example.org",
        asgi_server="uvicorn",
        workers=4,
        ask_for_account=False,
        field_keys=[SECRET, SECRET[::-1]],
        staff_need_factor=True,
        clinic_time_zone="Europe/Zurich",
        email_port=25,
        sockets_from_one_place=8,
        sockets_in_all=100_000,
    )
    assert (env.secure, env.site_host, env.embedded) == (True, "portal.example.org", False)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "0", "PORT must be a number from 1 to 65535; “0” is not."),
        ("PORT", "65536", "PORT must be a number from 1 to 65535; “65536” is not."),
        ("SOCKETS_PER_ADDRESS", "7", "SOCKETS_PER_ADDRESS must be a number from 8 to 100000; “7” is not."),
        ("PORT", "http", "PORT must be a number from 1 to 65535; “http” is not."),
        ("HOST", "not a host", "HOST must be a host name or an address; “not a host” is not."),
        ("HOST", "http://localhost", "HOST must be a host name or an address; “http://localhost” is not."),
        ("HOST", "localhost:8000", "HOST must be a host name or an address; “localhost:8000” is not."),
        ("DATABASE_URL", "mysql://u:secret@h/d", "DATABASE_URL must be a postgres:// address; what is set is not."),
        (
            "REDIS_URL",
            "http://secret@h",
            "REDIS_URL must be a redis://, rediss:// or unix:// address; what is set is not.",
        ),
        (
            "SECRET_KEY",
            "too short",
            "SECRET_KEY must be at least 50 characters with 10 different ones; what is set is not.",
        ),
        (
            "SECRET_KEY",
            "a" * 60,
            "SECRET_KEY must be at least 50 characters with 10 different ones; what is set is not.",
        ),
        (
            "FIELD_KEYS",
            f"{SECRET},short",
            "FIELD_KEYS must be keys of at least 50 characters, with commas; what is set is not.",
        ),
        ("STAFF_NEED_FACTOR", "perhaps", "STAFF_NEED_FACTOR must be 0 or 1; “perhaps” is not."),
        ("DEMO", "maybe", "DEMO must be 0 or 1; “maybe” is not."),
        ("DEBUG", "2", "DEBUG must be 0 or 1; “2” is not."),
        (
            "SITE_URL",
            "portal.example.org",
            f"{NO_ADDRESS} “portal.example.org” is not.",
        ),
        (
            "SITE_URL",
            "https://h/path",
            f"{NO_ADDRESS} “https://h/path” is not.",
        ),
        ("ASGI_SERVER", "gunicorn", "ASGI_SERVER must be daphne or uvicorn; “gunicorn” is not."),
        ("WORKERS", "33", "WORKERS must be a number from 1 to 32; “33” is not."),
        ("ASK_FOR_ACCOUNT", "later", "ASK_FOR_ACCOUNT must be 0 or 1; “later” is not."),
        (
            "CLINIC_TIME_ZONE",
            "Ohio",
            "CLINIC_TIME_ZONE must be a time zone such as America/New_York; “Ohio” is not.",
        ),
        (
            "CLINIC_TIME_ZONE",
            "../etc",
            "CLINIC_TIME_ZONE must be a time zone such as America/New_York; “../etc” is not.",
        ),
        ("EMAIL_PORT", "smtp", "EMAIL_PORT must be a number from 1 to 65535; “smtp” is not."),
    ],
)
def test_a_wrong_value_gets_one_sentence_that_shows_no_secret(name: str, value: str, sentence: str) -> None:
    assert problems(**{name: value}) == [sentence]


def test_all_wrong_values_are_told_at_once() -> None:
    told = problems(PORT="x", HOST="a b", DEMO="x", DEBUG="x", ASGI_SERVER="x", WORKERS="x", EMAIL_PORT="x")
    assert [sentence.split()[0] for sentence in told] == [
        "PORT",
        "HOST",
        "DEMO",
        "DEBUG",
        "ASGI_SERVER",
        "WORKERS",
        "EMAIL_PORT",
    ]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "portal.localhost"])
def test_plain_http_is_for_this_machine(host: str) -> None:
    assert is_loopback(host)
    env = read({"HOST": host})
    assert (env.secure, env.site_url.startswith("http://")) == (False, True)


@pytest.mark.parametrize("host", [EVERYWHERE, "::", "192.0.2.1", "portal.example.org", "localhost.example.org"])
def test_anywhere_else_https_is_asked_for(host: str) -> None:
    assert not is_loopback(host)
    assert problems(HOST=host) == [
        "HOST opens the portal to other machines: set SITE_URL to its https:// address as well."
    ]
    assert problems(HOST=host, SITE_URL="http://portal.example.org") == [
        "SITE_URL must begin with https://; plain http is only for this machine itself."
    ]
    assert problems(HOST=host, SITE_URL="http://127.0.0.1:8000") == [
        "HOST opens the portal to other machines, so SITE_URL must begin with https://."
    ]
    assert read({"HOST": host, "SITE_URL": "https://portal.example.org"}).secure


@pytest.mark.parametrize(
    ("environ", "demo"),
    [
        ({}, True),
        ({"HOST": "localhost"}, True),
        ({"DEMO": "0"}, False),
        ({"DATABASE_URL": "postgres:///portal"}, False),
        ({"REDIS_URL": "unix:///run/valkey.sock"}, False),
        ({"HOST": EVERYWHERE, "SITE_URL": "https://portal.example.org"}, False),
        ({"DATABASE_URL": "postgres:///portal", "DEMO": "1"}, True),
    ],
)
def test_the_demo_is_on_by_itself_only_on_this_machine_with_our_own_servers(
    environ: dict[str, str], demo: bool
) -> None:
    assert read(environ).demo is demo


def test_blanks_around_a_value_do_not_matter() -> None:
    assert read({"PORT": " 9000 ", "DEMO": " "}).port == 9000


def test_a_second_factor_is_waived_in_the_demo_alone() -> None:
    real = {"DATABASE_URL": "postgres://portal@db/portal", "REDIS_URL": "redis://valkey:6379/1"}
    assert [read({}).staff_need_factor, read(real).staff_need_factor] == [False, True]
    assert read({"STAFF_NEED_FACTOR": "1"}).staff_need_factor
    assert problems(**real, STAFF_NEED_FACTOR="0") == [
        "STAFF_NEED_FACTOR can be 0 only in the demo: who works here shows a second factor."
    ]
