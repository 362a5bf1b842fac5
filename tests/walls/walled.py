"""What every answer carries, whoever asks for whatever."""

from django.http import HttpResponse

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
}
NEVER = {"Server", "X-Powered-By", "Access-Control-Allow-Origin"}
A_FILE = {"sandbox": "", "default-src": "'none'"}  # what a person sent may do nothing at all, wherever it is opened


def assert_walled(answer: HttpResponse, *, kept: bool = False) -> None:
    directives = [part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";")]
    assert dict(directives) == (A_FILE if "Content-Disposition" in answer else POLICY)
    assert {name: answer.get(name) for name in ALWAYS} == ALWAYS
    assert not NEVER & set(answer.headers)
    if not kept:
        assert answer["Cache-Control"] == "no-store, private"
