"""The few calls of Linux that Python's standard library lacks before 3.12, by ctypes. Each raises OSError."""

import ctypes
import os
import struct

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV, ATTR_NOEXEC = 1, 2, 4, 8

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 47, 4

SYS_CAPSET, SYS_PIVOT_ROOT, SYS_SECCOMP, SYS_MOUNT_SETATTR = 126, 155, 317, 442  # x86_64
SYS_OPEN_TREE, SYS_MOVE_MOUNT = 428, 429
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC, MOVE_MOUNT_F_EMPTY_PATH = 1, os.O_CLOEXEC, 4
CAP_CHOWN, CAP_KILL, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_SYS_ADMIN = 0, 5, 6, 7, 8, 21
CAPABILITY_VERSION_3 = 0x20080522
LAST_CAP = 63

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _check(result: int, what: str) -> int:
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def call(number: int, *arguments: int | bytes | None, what: str) -> int:
    """Return what system call `number` returns."""
    passed = [ctypes.c_long(argument) if isinstance(argument, int) else argument for argument in arguments]
    return _check(_libc.syscall(ctypes.c_long(number), *passed), what)


def unshare(flags: int) -> None:
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def setns(descriptor: int, kind: int) -> None:
    _check(_libc.setns(descriptor, kind), "setns")


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    texts = [text.encode() if text else None for text in (source, target, kind)]
    _check(_libc.mount(*texts, ctypes.c_ulong(flags), data.encode() or None), f"mount {target}")


def umount(target: str, flags: int) -> None:
    _check(_libc.umount2(target.encode(), flags), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    call(SYS_PIVOT_ROOT, new.encode(), old.encode(), what="pivot_root")


def open_tree(path: str) -> int:
    """Return a descriptor of a copy of the mounts at `path`, to be put elsewhere by move_tree."""
    flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE
    return call(SYS_OPEN_TREE, AT_FDCWD, path.encode(), flags, what=f"open_tree {path}")


def move_tree(tree: int, path: str) -> None:
    """Mount what open_tree gave at `path` and close the descriptor."""
    call(SYS_MOVE_MOUNT, tree, b"", AT_FDCWD, path.encode(), MOVE_MOUNT_F_EMPTY_PATH, what=f"move_mount {path}")
    os.close(tree)


def mount_setattr(target: str, attributes: int, recursive: bool) -> None:
    """Set mount attributes without touching those that an outer namespace has locked."""
    data = struct.pack("QQQQ", attributes, 0, 0, 0)
    flags = AT_RECURSIVE if recursive else 0
    call(SYS_MOUNT_SETATTR, AT_FDCWD, target.encode(), flags, data, len(data), what=f"mount_setattr {target}")


def prctl(option: int, *arguments: int) -> None:
    padded = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    _check(_libc.prctl(ctypes.c_int(option), *padded), f"prctl {option}")


def keep_capabilities(kept: frozenset[int]) -> None:
    """Keep only these capabilities, and none that could come back by an exec."""
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    mask = sum(1 << capability for capability in kept)
    low, high = mask & 0xFFFFFFFF, mask >> 32
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    call(SYS_CAPSET, header, struct.pack("6I", low, low, 0, high, high, 0), what="capset")


def drop_bounding_set() -> None:
    for capability in range(LAST_CAP + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:
            return  # past the last one this kernel knows
