"""Whom the database servers run as. PostgreSQL refuses root, so for root they become somebody else.

First choice: a user namespace in which root's files belong to an ordinary account; nothing needs another owner or a
wider mode. Where the kernel refuses namespaces: an ordinary account that is given the two folders and nothing else."""

import ctypes
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.embedded import CannotStart

CLONE_NEWUSER = 0x10000000


@dataclass(frozen=True)
class Identity:
    """Whom a server runs as: itself (no uid), mapped in a namespace, or switched to."""

    uid: int | None = None
    gid: int | None = None
    mapped: bool = False

    @property
    def owner(self) -> int:
        """Who owns the server's files, seen from outside."""
        return os.geteuid() if self.uid is None or self.mapped else self.uid

    def assume(self) -> None:
        """Become it. Called in the child between fork and exec."""
        if self.uid is None or self.gid is None:
            return
        if self.mapped:
            _enter_namespace(self.uid, self.gid)
        else:
            os.setgroups([])
            os.setgid(self.gid)
            os.setuid(self.uid)


AS_WE_ARE = Identity()


def identity_for(cluster: Path, *, tools: Path) -> Identity:
    """Whom PostgreSQL can run as on this machine, keeping the owner an existing cluster already has."""
    owner = cluster.stat().st_uid if cluster.exists() else None
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return AS_WE_ARE
    account = _ordinary_account()
    mapped = Identity(account.pw_uid, account.pw_gid, mapped=True)
    if owner in (None, os.geteuid()) and _works(mapped.assume, tools):
        return mapped
    if os.geteuid() != 0:
        raise CannotStart(
            f"PostgreSQL needs a name for user {os.geteuid()}: add the user to /etc/passwd, or set DATABASE_URL."
        )
    switched = Identity(owner or account.pw_uid, account.pw_gid)
    if _works(switched.assume, tools):
        return switched
    raise CannotStart(
        "PostgreSQL refuses to run as root, and no other account can read this folder. "
        "Start bin/run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _enter_namespace(uid: int, gid: int) -> None:
    me, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are refused")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {me} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {group} 1")


def _works(assume: Callable[[], None], tools: Path) -> bool:
    """Whether a program of the package starts as that account."""
    if sys.platform != "linux":
        return False
    try:
        done = subprocess.run(
            [tools / "postgres", "--version"],
            preexec_fn=assume,  # the supervisor has one thread
            capture_output=True,
            cwd="/",
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def _has_name(uid: int) -> bool:
    """initdb looks its user up and gives up on one without a name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _ordinary_account() -> pwd.struct_passwd:
    accounts = [account for account in pwd.getpwall() if account.pw_uid != 0]
    for account in accounts:
        if account.pw_name == "nobody":
            return account
    if not accounts:
        raise CannotStart("PostgreSQL refuses to run as root and this machine has no other account: add one.")
    return accounts[0]
