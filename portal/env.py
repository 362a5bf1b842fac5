"""What the environment says, read once and typed. An odd value stops the start with one sentence each, all at once."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 50  # characters; the floor of Django's own deployment check (security.W009)


class BadSettings(Exception):
    """The environment cannot be used. Its text is one sentence a problem, one a line."""


@dataclass(frozen=True)
class Env:
    """The settings a deployment may choose. None means: not given, use the embedded or generated one."""

    port: int
    host: str
    data_dir: Path
    database_url: str | None
    redis_url: str | None
    secret_key: str | None
    field_keys: list[str]
    demo: bool
    debug: bool
    site_url: str
    asgi_server: str
    workers: int
    ask_for_account: bool
    staff_need_factor: bool
    clinic_time_zone: str
    email_port: int
    sockets_from_one_place: int
    sockets_in_all: int

    @property
    def site_host(self) -> str:
        return urlsplit(self.site_url).hostname or ""

    @property
    def secure(self) -> bool:
        """Whether people reach the portal over https."""
        return self.site_url.startswith("https://")

    @property
    def embedded(self) -> bool:
        return self.database_url is None and self.redis_url is None


def is_loopback(host: str) -> bool:
    """Whether a host name or address stays on this machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def read(environ: Mapping[str, str] = os.environ) -> Env:
    """Read and check every setting. Raises BadSettings with a sentence for each wrong value."""
    problems: list[str] = []

    def one(name: str, default: str, parse: Callable[[str], object], expected: str) -> object:
        value = environ.get(name, "").strip() or default
        try:
            return parse(value)
        except ValueError:
            shown = "what is set" if name in ("SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "REDIS_URL") else f"“{value}”"
            problems.append(f"{name} must be {expected}; {shown} is not.")
            return None

    embedded = not environ.get("DATABASE_URL", "").strip() and not environ.get("REDIS_URL", "").strip()
    port = one("PORT", "8000", _port, "a number from 1 to 65535")
    host = one("HOST", "127.0.0.1", _host, "a host name or an address")
    loopback = isinstance(host, str) and is_loopback(host)
    site_url = one(
        "SITE_URL", _default_site(host, port), _site, "an address such as https://portal.example.org, with no path"
    )
    values = {
        "port": port,
        "host": host,
        "data_dir": one("DATA_DIR", str(ROOT / "var"), lambda text: Path(text).expanduser().absolute(), "a folder"),
        "database_url": one("DATABASE_URL", "", _url("postgres", "postgresql"), "a postgres:// address"),
        "redis_url": one("REDIS_URL", "", _url("redis", "rediss", "unix"), "a redis://, rediss:// or unix:// address"),
        "secret_key": one("SECRET_KEY", "", _secret, f"at least {SECRET_LENGTH} characters with 10 different ones"),
        "field_keys": one("FIELD_KEYS", "", _secrets, f"keys of at least {SECRET_LENGTH} characters, with commas"),
        "demo": one("DEMO", "1" if embedded and loopback else "0", _yes, "0 or 1"),
        "debug": one("DEBUG", "0", _yes, "0 or 1"),
        "site_url": site_url,
        "asgi_server": one("ASGI_SERVER", "daphne", _one_of("daphne", "uvicorn"), "daphne or uvicorn"),
        "workers": one("WORKERS", "1", _workers, "a number from 1 to 32"),
        "ask_for_account": one("ASK_FOR_ACCOUNT", "1", _yes, "0 or 1"),
        "staff_need_factor": one("STAFF_NEED_FACTOR", "1", _yes, "0 or 1"),
        "clinic_time_zone": one("CLINIC_TIME_ZONE", "America/New_York", _zone, "a time zone such as America/New_York"),
        "email_port": one("EMAIL_PORT", "587", _port, "a number from 1 to 65535"),
        "sockets_from_one_place": one("SOCKETS_PER_ADDRESS", "400", _sockets, "a number from 8 to 100000"),
        "sockets_in_all": one("SOCKETS_PER_PROCESS", "4000", _sockets, "a number from 8 to 100000"),
    }
    if (
        isinstance(site_url, str)
        and site_url.startswith("http://")
        and not is_loopback(urlsplit(site_url).hostname or "")
    ):
        problems.append("SITE_URL must begin with https://; plain http is only for this machine itself.")
    elif host is not None and not loopback and not environ.get("SITE_URL", "").strip():
        problems.append("HOST opens the portal to other machines: set SITE_URL to its https:// address as well.")
    elif host is not None and not loopback and isinstance(site_url, str) and site_url.startswith("http://"):
        problems.append("HOST opens the portal to other machines, so SITE_URL must begin with https://.")
    if values["staff_need_factor"] is False and values["demo"] is False:
        problems.append("STAFF_NEED_FACTOR can be 0 only in the demo: who works here shows a second factor.")
    if values["demo"] and not environ.get("STAFF_NEED_FACTOR", "").strip():
        values["staff_need_factor"] = False  # demo people share one password that everybody knows
    if isinstance(site_url, str) and host is not None:
        local = loopback and is_loopback(urlsplit(site_url).hostname or "")
        if values["debug"] and not local:
            problems.append("DEBUG=1 shows the portal's insides: it is only for this machine itself.")
        if values["demo"] and not local:
            problems.append("DEMO=1 has people with a known password: it is only for this machine itself.")
    if problems:
        raise BadSettings("\n".join(problems))
    return Env(**values)  # type: ignore[arg-type]


def _port(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def _workers(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 32:
        raise ValueError
    return number


def _sockets(text: str) -> int:
    number = int(text)
    if not 8 <= number <= 100_000:  # fewer would not let one person have theirs
        raise ValueError
    return number


def _host(text: str) -> str:
    if not text or any(c in text for c in " /@?#") or (":" in text and not _is_address(text)):
        raise ValueError
    return text.strip("[]")


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _default_site(host: object, port: object) -> str:
    shown = host if isinstance(host, str) and is_loopback(host) else "127.0.0.1"
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port or 8000}"


def _site(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query or parts.username:
        raise ValueError
    if "*" in parts.hostname or parts.hostname.startswith("."):  # Django would take these for any name at all
        raise ValueError
    _ = parts.port  # raises ValueError when it is not a port
    return text.rstrip("/")


def _url(*schemes: str) -> Callable[[str], str | None]:
    def parse(text: str) -> str | None:
        if text and urlsplit(text).scheme not in schemes:
            raise ValueError
        return text or None

    return parse


def _secret(text: str) -> str | None:
    if text and (len(text) < SECRET_LENGTH or len(set(text)) < 10):
        raise ValueError
    return text or None


def _secrets(text: str) -> list[str]:
    return [key for part in text.split(",") if (key := _secret(part.strip()))]


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (OSError, LookupError):  # not in the database of zones, or the name of one of its folders
        raise ValueError from None


def _yes(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in names:
            raise ValueError
        return text

    return parse
