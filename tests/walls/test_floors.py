"""What the portal stands on is new enough, pinned, and known by its content."""

import re

import pytest
from django.conf import settings
from packaging.version import Version

from tests.walls.floors import FLOORS

LOCK = (settings.BASE_DIR / "requirements.txt").read_text()
PINNED = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", LOCK, re.MULTILINE))


@pytest.mark.parametrize("package", FLOORS)
@pytest.mark.asvs("15.2.1")
def test_a_package_is_not_older_than_its_floor(package):
    floor, _ = FLOORS[package]
    assert Version(PINNED[package]) >= Version(floor)


def test_a_lower_version_would_be_seen():
    assert Version("5.2.9") < Version(FLOORS["django"][0])


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
@pytest.mark.asvs("15.1.1")
def test_every_package_is_pinned_and_known_by_its_content(file):
    blocks = re.split(r"\n(?=\S)", (settings.BASE_DIR / file).read_text())
    packages = [block for block in blocks if block and not block.startswith(("#", "--"))]
    assert len(packages) > 50
    assert [
        block.split()[0] for block in packages if "==" not in block.split()[0] or "--hash=sha256:" not in block
    ] == []


def test_the_tests_run_on_the_same_versions():
    dev = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", (settings.BASE_DIR / "requirements-dev.txt").read_text(), re.M))
    assert {package: dev.get(package) for package in PINNED} == PINNED
