"""Secrets and folders under DATA_DIR: made once, and their owner's alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portal.embedded import CannotStart, open_private_folder, secret, socket_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_made_once_and_is_its_owners_alone(tmp_path):
    first = secret(tmp_path / "var", "secret_key")

    assert len(first) >= 50
    assert secret(tmp_path / "var", "secret_key") == first
    assert secret(tmp_path / "var", "another") != first
    assert mode(tmp_path / "var") == 0o700
    assert mode(tmp_path / "var" / "secrets") == 0o700
    assert mode(tmp_path / "var" / "secrets" / "secret_key") == 0o600


def test_processes_that_start_together_agree_on_a_secret(tmp_path):
    with ThreadPoolExecutor(20) as together:
        made = list(together.map(lambda _: secret(tmp_path, "secret_key"), range(100)))

    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["secret_key"]


def test_a_secret_that_others_could_read_is_closed_again(tmp_path):
    value = secret(tmp_path, "secret_key")
    (tmp_path / "secrets" / "secret_key").chmod(0o644)

    assert secret(tmp_path, "secret_key") == value
    assert mode(tmp_path / "secrets" / "secret_key") == 0o600


def test_an_emptied_secret_is_told_and_not_replaced(tmp_path):
    secret(tmp_path, "secret_key")
    (tmp_path / "secrets" / "secret_key").write_text("")

    with pytest.raises(CannotStart, match="Put the old one back"):
        secret(tmp_path, "secret_key")


def test_a_planted_link_is_no_private_folder(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(CannotStart, match="must be a folder of your own"):
        open_private_folder(tmp_path / "run")


@pytest.mark.parametrize("name", ["x" * 90, "a,b", 'a"b', "a b", "ä"])
def test_a_path_that_no_socket_can_have_gets_a_private_folder_in_tmp(tmp_path, name):
    folder = socket_folder(tmp_path / name)

    assert folder.parent == Path("/tmp")
    assert len(str(folder / ".s.PGSQL.5432")) <= 107
    assert socket_folder(tmp_path / name) == folder
    assert socket_folder(tmp_path / f"{name}2") != folder
