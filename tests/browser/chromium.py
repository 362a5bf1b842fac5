"""Which Chromium drives the tests and the pictures, and how it is started."""

import os
import shutil

# The headless shell is the same engine without a desktop's window around it: less than half the time a page.
FOUND = shutil.which("chromium-headless-shell") or shutil.which("chromium") or ""
CHROMIUM = os.environ.get("CHROMIUM", FOUND)
QUIETLY = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
