"""A run in which something stands still ends by itself, and says what."""

import subprocess
import sys
from pathlib import Path

from portal.env import ROOT

WAITS = """
import subprocess, threading

def test_that_is_fine():
    pass

def test_that_waits_for_ever():
    subprocess.Popen(["sleep", "987654"])
    threading.Event().wait()
"""


def test_a_test_that_waits_for_ever_is_named_and_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_waiting.py").write_text(WAITS)
    (tmp_path / "pytest.ini").write_text("[pytest]\npatience = 1\n")
    alone = [
        "-p",
        "tests.patience",
        "-p",
        "no:django",
        "-p",
        "no:playwright",
        "-p",
        "no:xdist",
        "-p",
        "no:hypothesispytest",
    ]
    run = [sys.executable, "-m", "pytest", *alone, "--rootdir", str(tmp_path), str(tmp_path / "test_waiting.py")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert "test_waiting.py::test_that_waits_for_ever did not end within 1 s" in done.stderr
    assert "in test_that_waits_for_ever" in done.stderr  # where its threads are
    running = [path.read_text() for path in Path("/proc").glob("[0-9]*/cmdline") if path.exists()]
    assert not any("987654" in words for words in running)
