"""Moves the hands of a session's clock in a portal that runs: `python -m tests.browser.hands KEY SECONDS`.

Afterwards the session lies unused for so many seconds at the most.
"""

import subprocess
import sys

from portal.env import ROOT
from tests.portal.running import Portal, fresh_environ


def shorten(portal: Portal, session_key: str, *, idle: int) -> None:
    """Let this session be over after so many seconds without use."""
    environ = fresh_environ(
        DATA_DIR=portal.data_dir, DEMO=1, PORT=portal.port, DJANGO_SETTINGS_MODULE="portal.settings"
    )
    command = [sys.executable, "-m", "tests.browser.hands", session_key, str(idle)]
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


if __name__ == "__main__":
    import django

    django.setup()
    from portal.accounts.models import SignIn
    from portal.accounts.sessions import LIMITS, SessionStore

    key, seconds = sys.argv[1], int(sys.argv[2])
    store = SessionStore(key)
    store[LIMITS] = [seconds, store[LIMITS][1]]
    store.save()
    SignIn.objects.filter(session_id=key).update(idle=seconds)
