"""Every setting of the portal. What a deployment may choose is read by `portal.env`; the rest is decided here."""

import hashlib
import logging
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from wsgiref.headers import Headers

import dj_database_url
import structlog

from portal import embedded
from portal.env import BadSettings, is_loopback, read

try:
    ENV = read()
    SECRET_KEY = ENV.secret_key or embedded.secret(ENV.data_dir, "secret_key")
    FIELD_KEYS = ENV.field_keys or [embedded.secret(ENV.data_dir, "field_key")]  # see portal.sealing
except (BadSettings, embedded.CannotStart) as problems:
    sys.exit(str(problems))

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = ENV.data_dir
DEBUG = ENV.debug
DEMO = ENV.demo
SITE_URL = ENV.site_url
SITE_ORIGIN = SITE_URL

# --- The clinic: its words, so that another clinic can use the portal unchanged -------------------------------------
CLINIC_NAME = os.environ.get("CLINIC_NAME", "New Pathways Clinic")
PORTAL_NAME = os.environ.get("PORTAL_NAME", "New Pathways Groups")
NEUTRAL_NAME = os.environ.get("NEUTRAL_NAME", "Portal")  # for titles, mails and browser history: reveals nothing
CLINIC_TIME_ZONE = ENV.clinic_time_zone
# What everybody here would try as a password, beside the names above.
PASSWORD_CONTEXT = os.environ.get(
    "PASSWORD_CONTEXT", "ketamine esketamine spravato infusion nasal therapy support group"
)
EXIT_URL = os.environ.get("EXIT_URL", "https://www.weather.gov/")  # where "Leave quickly" goes

# --- Addresses and cookies ------------------------------------------------------------------------------------------
ALLOWED_HOSTS = [ENV.site_host]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
if is_loopback(ENV.site_host):
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]"]
SECURE = ENV.secure
SECURE_SSL_REDIRECT = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else f"session-{urlsplit(SITE_URL).port or 80}"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else f"csrf-{urlsplit(SITE_URL).port or 80}"
LOOKS_COOKIE_NAME = "__Host-looks" if SECURE else f"looks-{urlsplit(SITE_URL).port or 80}"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600  # a visitor's; of who is signed in, SESSIONS says more
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "portal.accounts.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
LARGEST_BODY = 12 * 1024 * 1024  # bytes a request may bring, files included: portal.bodies breaks off what is longer

# How long a session lasts, in seconds (docs/decisions/0009-how-long-a-session-lasts.md).
SESSIONS: dict[str, Any] = {
    "IDLE": {"patient": 30 * 60, "facilitator": 15 * 60, "admin": 15 * 60},  # it may lie unused this long
    "IDLE_SHARED": 10 * 60,  # on a device that others use, too
    "LONGEST": 12 * 3600,  # however much it is used
    "LONGEST_SHARED": 4 * 3600,
    "WARNING": 2 * 60,  # before its end
    "NOTED": 60,  # the last use is written at most this often
}

# --- What the portal is made of -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    *(["daphne"] if DEBUG else []),  # for manage.py runserver alone; reading it takes a third of Django's own start
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "csp",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "portal",
    "groups",
    "chat",
]
MIDDLEWARE = [
    "portal.middleware.PrivatePages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "portal.middleware.PlainMethods",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.Compressed",
    "portal.accounts.middleware.EvenAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.accounts.session_middleware.Sessions",
    "portal.middleware.ReaderTimeZone",
    "portal.preferences.middleware.Looks",
    "portal.middleware.Refusals",
    "portal.accounts.middleware.DeniedAccess",
    "portal.accounts.middleware.StandingGate",
    "portal.accounts.middleware.FactorGate",
    "portal.accounts.middleware.TriesCount",
    "portal.accounts.middleware.ConfirmedFirst",
    "portal.accounts.middleware.OwnSite",
    "allauth.account.middleware.AccountMiddleware",
]
ANSWER_BEAT = 0.25  # seconds between two moments at which the entrance answers
ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.home.site_context",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What points upwards between the apps stands here, and nowhere else.
GROUP_FOLLOWERS = ["chat.following.follow"]
PERSON_FOLLOWERS = ["chat.following.follow_person"]
CLOSING_FOLLOWERS = ["groups.closing.leave_all", "chat.goodbye.follow_closing", "portal.preferences.closing.forget"]
OWN_DATA = ["portal.accounts.own_data", "portal.preferences.own_data", "groups.own_data", "chat.own_data"]
MODERATION_TARGETS = {"message": "chat.moderation.messages"}
AUDIT_NAMES = {  # what the audit log calls a target: kind -> model, field
    "person": ("portal.User", "display_name"),
    "group": ("groups.Group", "name"),
    "membership": ("groups.Membership", "user__display_name"),
}

# --- Servers --------------------------------------------------------------------------------------------------------
SERVING = os.environ.get("PORTAL_PROCESS") == "web"  # set by portal.asgi: short patience for the process people wait on
STATEMENT_TIMEOUT = "-c statement_timeout=2000 -c lock_timeout=1000 -c idle_in_transaction_session_timeout=5000"
DATABASES = {"default": dj_database_url.parse(ENV.database_url or embedded.database_url(DATA_DIR))}
DATABASES["default"].setdefault("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 0
if SERVING:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # after a restart of PostgreSQL no one is handed a dead link
    DATABASES["default"]["OPTIONS"] |= {
        "options": STATEMENT_TIMEOUT,
        # A link that cannot be had is given up at once and asked for anew by whoever needs one next: left to itself the
        # pool waits as long again as the database was away.
        "pool": {"min_size": 1, "max_size": 8, "timeout": 2, "reconnect_timeout": 1, "max_idle": 30},
    }
VALKEY_URL = ENV.redis_url or embedded.valkey_url(DATA_DIR)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                {
                    "address": VALKEY_URL,
                    "socket_timeout": 2,
                    "socket_connect_timeout": 1,
                    "health_check_interval": 15,
                }
            ],
            # Two deployments on one Valkey never hear each other.
            "prefix": hashlib.sha256(f"{SECRET_KEY} hints {ENV.database_url}".encode()).hexdigest()[:16],
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "portal.assets.HashedAssets"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False


def WHITENOISE_ADD_HEADERS_FUNCTION(headers: Headers, path: str, url: str) -> None:
    """The worker for days without a network looks after every page, not only its own folder (portal.offline)."""
    if url.startswith(f"{STATIC_URL}js/worker."):
        headers["Service-Worker-Allowed"] = "/"


# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "portal.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["portal.accounts.passwords.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "portal.accounts.passwords.LongEnough"},
    {"NAME": "portal.accounts.passwords.HardToGuess"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ASK_FOR_ACCOUNT = ENV.ask_for_account  # otherwise people come by invitation only
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "portal.accounts.entrance.AskForm",
    "login": "portal.accounts.entrance.SignInForm",
    "request_login_code": "portal.accounts.entrance.CodeForm",
    "confirm_login_code": "portal.accounts.entrance.ConfirmSignInForm",
    "confirm_email_verification_code": "portal.accounts.entrance.ConfirmAddressForm",
    "reset_password": "portal.accounts.entrance.ResetForm",
    "confirm_password_reset_code": "portal.accounts.entrance.ConfirmResetForm",
    "reset_password_from_key": "portal.accounts.entrance.NewPasswordForm",
    "change_password": "portal.accounts.entrance.ChangePasswordForm",
    "set_password": "portal.accounts.entrance.SetPasswordForm",
    "add_email": "portal.accounts.entrance.ChangeAddressForm",
}
# allauth counts in the cache, where two tries at once can both slip through; portal.accounts.tries counts in
# PostgreSQL.
ACCOUNT_RATE_LIMITS = False
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE else 0  # https ends at one proxy; on this machine alone there is none
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
# The adapter turns these mails into a notice to nobody: no stranger's inbox hears of the portal, and an unknown
# address takes the same work, and so the same time, as a known one.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True

# --- Second factors -------------------------------------------------------------------------------------------------
STAFF_NEED_FACTOR = ENV.staff_need_factor  # facilitators and admins; waived in the demo alone
MFA_ADAPTER = "portal.accounts.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "portal.accounts.factors.forms.SecondStepForm",
    "authenticate_webauthn": "portal.accounts.factors.forms.SecondStepPasskeyForm",
}
MFA_RATE_LIMITS = False  # as above: portal.accounts.tries
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_TRUST_ENABLED = False

# --- Mail -----------------------------------------------------------------------------------------------------------
# Without a mail server, mails are files under DATA_DIR; in the demo the page /mail/ shows them.
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = ENV.email_port
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_HOST != ""
EMAIL_TIMEOUT = 10  # seconds a mail server may take
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM", f"{NEUTRAL_NAME} <no-reply@{ENV.site_host or 'localhost'}>")

# --- Background work: every module that holds jobs ------------------------------------------------------------------
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = [
    "portal.accounts.jobs",
    "portal.audit_jobs",
    "portal.notifications.jobs",
    "groups.schedule.jobs",
    "chat.jobs",
]
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful"}

# --- Time and words -------------------------------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = CLINIC_TIME_ZONE
LANGUAGE_CODE = "en-us"
USE_I18N = False

# --- What the browser may do ----------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
_REFUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
PERMISSIONS_POLICY: dict[str, list[str]] = {feature: [] for feature in _REFUSED.split()}

# --- The live part (the chat protocol's limits, all in one place) ---------------------------------------------------
CHAT: dict[str, Any] = {
    "BODY": 4000,  # characters
    "FRAME": 64 * 1024,  # bytes
    "EVERY": 2.0,  # seconds until one more message is allowed: 30 a minute
    "BURST": 10,
    "PICTURE_EVERY": 20.0,  # seconds until one more picture is allowed
    "PICTURE_BURST": 5,
    "REACT_EVERY": 1.0,  # seconds until one more reaction is allowed
    "REACT_BURST": 20,
    "SOCKETS": 8,  # a person; each of these three a process, see docs/decisions/0016-sockets-are-counted-a-process.md
    "SOCKETS_FROM_ONE_PLACE": ENV.sockets_from_one_place,  # an address, or an IPv6 network
    "SOCKETS_IN_ALL": ENV.sockets_in_all,
    "BEAT": 15,  # seconds
    "UNCONFIRMED": 256,  # changes a socket may leave unconfirmed
    "UNCONFIRMED_BYTES": 256 * 1024,
    "REPLAY": 500,  # changes; a longer gap reloads the page
    "MALFORMED": 5,  # a minute
    "EDIT": 15 * 60,  # seconds
    "EVIDENCE_DAYS": 90,  # a message that a report was about is kept so long after the decision, whatever its age
    "POLL": 2.0,  # seconds between looks at the heads while Valkey is gone
}

# --- Logs: events and ids, never anybody's text ---------------------------------------------------------------------
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.LogfmtRenderer(),
    ],
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)


def is_no_clients_fault(record: logging.LogRecord) -> bool:
    """uvicorn writes a trace for each frame that is no UTF-8, which whoever sends one could fill the log with."""
    return not str(record.msg).startswith("Invalid UTF-8 sequence")


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ours": {"()": "django.utils.log.CallbackFilter", "callback": is_no_clients_fault}},
    "formatters": {"plain": {"()": "portal.logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.server": {"handlers": [], "propagate": False},
        "uvicorn.error": {"filters": ["ours"]},
        "django.request": {"level": "ERROR"},  # a page that is not there is no news, and its address may hold a token
        "channels_redis": {"level": "CRITICAL"},  # a trace a second while Valkey is away; the chat's hub says it once
    },
}
