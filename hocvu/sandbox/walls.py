"""The walls around a session, raised in three steps: once before imports, once after them, and in each child.

namespaces → private root → own namespaces and tmp, resource limits, an unprivileged user without capabilities,
no_new_privs, Landlock, seccomp.
"""

import os
import platform
import random
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from hocvu.sandbox import linux
from hocvu.sandbox.failure import Failure
from hocvu.sandbox.landlock import landlock_abi, restrict
from hocvu.sandbox.private_root import enter_private_root
from hocvu.sandbox.rlimits import set_limits
from hocvu.sandbox.seccomp import build_filter, install_filter

NAMESPACES = (
    linux.CLONE_NEWNS | linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS | linux.CLONE_NEWCGROUP
)  # fmt: skip
KEPT = frozenset(
    {linux.CAP_SYS_ADMIN, linux.CAP_SETUID, linux.CAP_SETGID, linux.CAP_SETPCAP, linux.CAP_KILL, linux.CAP_CHOWN}
)
OWN_PID = 1  # of the learner, in its namespace
SLOTS = 1000  # users taken in turn, so that no two living sessions share one
HIGH_UIDS, LOW_UIDS = range(1_900_000_000, 2_000_000_000), range(60_000, 65_000)
PLAIN_UID = 61_000  # inside the user namespace of an unprivileged zygote
LAYERS = ("namespaces", "private root", "own user", "rlimits", "no_new_privs", "seccomp")


class Walls:
    """What the zygote needs to wall in a child, prepared while the host's files were in sight."""

    def __init__(self, room: str, own_users: bool) -> None:
        self._room = room
        self._own_users = own_users
        self._users = choose_users() if own_users else range(PLAIN_UID, PLAIN_UID + 1)
        self._turn = 0
        self._abi = landlock_abi()
        self._filter = build_filter(OWN_PID)
        self._pid_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._warm_bytes = 0
        self._below_tmp: list[str] = []
        self.layers = LAYERS + (("landlock",) if self._abi else ())

    def close_behind(self) -> None:
        """Leave the host's files, after all imports."""
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        self._warm_bytes = pages * resource.getpagesize()
        self._below_tmp = enter_private_root(self._room)
        linux.drop_bounding_set()
        linux.keep_capabilities(KEPT)
        linux.prctl(linux.PR_SET_DUMPABLE, 0)

    def prepare_child(self) -> str:
        """Let the next fork start a PID namespace of its own, as its process 1."""
        linux.setns(self._pid_namespace, linux.CLONE_NEWPID)
        linux.unshare(linux.CLONE_NEWPID)
        self._turn = (self._turn + 1) % len(self._users)
        return ""

    def confine(self, _folder: str, limits: dict[str, Any]) -> None:
        """Wall in this process, the child, for good. Any error means: run nothing."""
        user = self._users[self._turn]
        linux.unshare(linux.CLONE_NEWNS)
        _cover_tmp(user, limits, self._below_tmp)
        os.setsid()
        if self._own_users:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        linux.keep_capabilities(frozenset())
        os.chdir("/tmp")
        linux.prctl(linux.PR_SET_DUMPABLE, 0)
        set_limits(limits, self._warm_bytes)
        linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self._abi:
            restrict(self._abi)
        try:
            install_filter(self._filter)
        except OSError as error:
            raise Failure("seccomp", str(error)) from error

    def sweep(self, _pid: int) -> None:
        """Do nothing: with process 1 of a namespace the kernel ends everything else in it."""


def _cover_tmp(user: int, limits: dict[str, Any], below: list[str]) -> None:
    """Give the child a /tmp of its own; Python's folders below the old one come back at their places, read-only."""
    trees = {path: linux.open_tree(path) for path in below}
    options = f"size={limits['tmp_mb']}m,nr_inodes={limits['tmp_files']},mode=0700,uid={os.geteuid()}"
    linux.mount("tmpfs", "/tmp", "tmpfs", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC, options)
    for path, tree in trees.items():
        os.makedirs(path, mode=0o755)
        linux.move_tree(tree, path)
    os.chown("/tmp", user, user)


def raise_walls(room: str) -> Walls:
    """Go on in a new process, the first of new namespaces; the caller's process waits for its end and leaves.

    Were the zygote killed, the kernel would end every session with it: their namespaces lie within its own.
    """
    if sys.platform != "linux" or platform.machine() != "x86_64" or sys.maxsize < 1 << 32:
        raise Failure("platform", f"{sys.platform} {platform.machine()}")
    own_users = _enter_namespaces()
    pid = os.fork()
    if pid:
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        _, status = os.waitpid(pid, 0)
        os._exit(min(status, 1))
    linux.prctl(linux.PR_SET_PDEATHSIG, signal.SIGKILL)
    # If the machine runs out of memory, the kernel takes a learner rather than the portal or its database.
    Path("/proc/self/oom_score_adj").write_text("800", encoding="ascii")
    linux.mount("none", "/", "", linux.MS_REC | linux.MS_PRIVATE)
    return Walls(room, own_users)


def _enter_namespaces() -> bool:
    """Unshare; True if we may also choose users, False inside a user namespace that knows one user only."""
    try:
        linux.unshare(NAMESPACES)
        return True
    except PermissionError:
        pass
    uid, gid = os.geteuid(), os.getegid()
    try:
        linux.unshare(NAMESPACES | linux.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{PLAIN_UID} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{PLAIN_UID} {gid} 1", encoding="ascii")
    except OSError as error:
        raise Failure("namespaces", str(error)) from error
    return False


def choose_users() -> range:
    """Return a run of users that nobody else has, among those that this (user) namespace knows."""
    known = []
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = (int(word) for word in line.split())
        known.append(range(first, first + count))
    for wanted in (HIGH_UIDS, LOW_UIDS):
        if any(wanted[0] in part and wanted[-1] in part for part in known):
            start = random.SystemRandom().randrange(wanted.start, wanted.stop - SLOTS)
            return range(start, start + SLOTS)
    raise Failure("uid", f"/proc/self/uid_map: {known}")
