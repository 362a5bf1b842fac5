"""The fault run itself: short, and for three minutes on each kind of web server. A failure names its seed."""

import json
import random
import subprocess
import sys

import pytest

from bench.faulting.nemesis import FAULTS
from portal.env import ROOT

pytestmark = pytest.mark.slow


def run(*words: str) -> dict:
    """`bin/bench faults` in a process of its own, on servers of its own."""
    command = [sys.executable, "-m", "bench", "faults", "--json", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.stdout, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_a_short_run_talks_suffers_and_is_whole():
    told = run("--seed", "5", "--minutes", "0.4", "--people", "12", "--rooms", "2")
    assert told["broken"] == []
    assert told["kept"] > 20
    assert told["deliveries"] > 5 * told["kept"]
    assert sum(told["faults"].values()) >= 1


@pytest.mark.parametrize("server", ["uvicorn", "daphne"])
def test_three_minutes_of_faults_lose_double_reorder_and_leak_nothing(server):
    told = run("--seed", str(random.SystemRandom().randrange(10**6)), "--minutes", "3", "--server", server)
    assert told["broken"] == [], f"bin/bench faults --server {server} --seed {told['seed']}"
    assert told["pages"] >= 60
    assert len(told["faults"]) > len(FAULTS) / 2
