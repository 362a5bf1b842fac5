"""What every worker of a test run needs, made once while they start: the style files and scripts under their hashed
names, and a database with all tables, of which each worker takes a copy. `python -m tests.ready` makes it."""

import gc
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from portal.env import ROOT

TEMPLATE = "portal_of_tests"
PATIENCE = 120  # seconds


def begin() -> subprocess.Popen[bytes]:
    """Make it in a process of its own."""
    _sign().unlink(missing_ok=True)
    return subprocess.Popen([sys.executable, "-m", "tests.ready"], cwd=ROOT)


def wait() -> None:
    """Until it is made. From then on the tests' database is a copy."""
    end = time.monotonic() + PATIENCE
    while not _sign().exists():
        if time.monotonic() > end:
            raise TimeoutError("What all tests need was not made in time.")
        time.sleep(0.05)
    if trouble := _sign().read_text():
        raise RuntimeError(trouble)
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE


def gather_static() -> None:
    """Style sheets and scripts under their hashed names, as pages ask for them. Pressing them together takes ten times
    as long as all the rest, and no browser of these tests asks for it."""
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css", "js", "svg")
    call_command("collectstatic", verbosity=0, interactive=False)


def main() -> None:
    trouble = ""
    gc.disable()  # migrating makes thousands of classes, in a process that soon ends
    try:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
        django.setup()
        gather_static()
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {TEMPLATE}")
        connection.close()
        connection.settings_dict["NAME"] = TEMPLATE
        call_command("migrate", verbosity=0)
        connection.close()  # nobody may be in a database that is copied
    except Exception:
        trouble = traceback.format_exc()
        raise
    finally:
        draft = _sign().with_suffix(".new")
        draft.write_text(trouble)
        draft.rename(_sign())


def _sign() -> Path:
    return settings.DATA_DIR / "tests-are-ready"


if __name__ == "__main__":
    main()
