"""The only files a learner can see: system libraries, Python's libraries and four devices, all read-only."""

import errno
import os
import stat
import sys
from pathlib import Path

from hocvu.sandbox import linux
from hocvu.sandbox.failure import Failure

BASE = "/tmp"  # covered in our own mount namespace only
OLD, NEW = "/old", "/new"
SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32")
DEVICES = ("null", "zero", "random", "urandom")
READ_ONLY = linux.ATTR_RDONLY | linux.ATTR_NOSUID | linux.ATTR_NODEV


def is_package_folder(path: str) -> bool:
    return Path(path).name in ("site-packages", "dist-packages")


def readable_folders(room: str) -> list[str]:
    """Return the folders to show, outermost only: system libraries, and the libraries of this Python and its venv.

    room: where this project is imported from; if that is a folder of packages, it is shown, its `hocvu` is hidden.
    """
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    libraries = [f"{prefix}/lib" for prefix in sorted(prefixes)]
    packages = [entry for entry in sys.path if is_package_folder(entry)]
    found = [path for path in (*libraries, *packages) if os.path.isdir(path)]
    found += [os.path.realpath(path) for path in found]
    shown: list[str] = []
    for path in sorted({*found, *[path for path in SYSTEM if os.path.isdir(path) and not os.path.islink(path)]}):
        if not any(path.startswith(outer + "/") for outer in shown):
            shown.append(path)
    return shown


def check_readable(folders: list[str]) -> None:
    """Raise Failure for a folder, or a folder of packages in it, that other users may not read."""
    for path in [*folders, *[entry for entry in sys.path if os.path.isdir(entry)]]:
        if any(path == folder or path.startswith(folder + "/") for folder in folders):
            mode = stat.S_IMODE(os.stat(path).st_mode)
            if mode & 0o005 != 0o005:
                raise Failure("unreadable", f"{path}: quyền {mode:03o}")


def enter_private_root(room: str) -> list[str]:
    """Make a new root of read-only bind mounts and leave the old one for good.

    Returns the folders below /tmp: each child covers /tmp with its own, and must bring them back there.
    Bind mounts by root work below a home that others may not enter: the way there is rebuilt, open, in the new root.
    """
    folders = readable_folders(room)
    check_readable(folders)
    sources = {path: os.path.realpath(path) for path in folders}
    links = {path: os.readlink(path) for path in SYSTEM if os.path.islink(path)}
    try:
        _stand_on_tmpfs()
        for path, source in sources.items():
            _show(source, path)
        _hide(f"{NEW}{room}/hocvu")
        for path, target in links.items():
            os.makedirs(os.path.dirname(NEW + path), exist_ok=True)
            os.symlink(target, NEW + path)
        _make_devices()
        os.makedirs(f"{NEW}/tmp", exist_ok=True)
        _leave_old_root()
    except OSError as error:
        raise Failure("kernel" if error.errno == errno.ENOSYS else "root", str(error)) from error
    return [path for path in folders if path.startswith(BASE + "/")]


def _stand_on_tmpfs() -> None:
    """Make a small tmpfs our root, with the old root at OLD: what we cover by it stays reachable there."""
    linux.mount("tmpfs", BASE, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=0755")
    os.mkdir(BASE + OLD)
    os.mkdir(BASE + NEW)
    linux.pivot_root(BASE, BASE + OLD)
    os.chdir("/")
    linux.mount("tmpfs", NEW, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=1m,mode=0755")


def _show(source: str, path: str) -> None:
    os.makedirs(NEW + path, mode=0o755, exist_ok=True)
    linux.mount(OLD + source, NEW + path, "", linux.MS_BIND | linux.MS_REC)
    linux.mount_setattr(NEW + path, READ_ONLY, recursive=True)


def _hide(path: str) -> None:
    """Cover a folder, if it is in sight, with an empty one."""
    if os.path.isdir(path):
        linux.mount("tmpfs", path, "tmpfs", linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV, "size=4k,mode=0755")


def _make_devices() -> None:
    """Bind the four devices (a user namespace may not make nodes)."""
    os.mkdir(f"{NEW}/dev")
    for name in DEVICES:
        path = f"{NEW}/dev/{name}"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o444))
        linux.mount(f"{OLD}/dev/{name}", path, "", linux.MS_BIND)
        linux.mount_setattr(path, linux.ATTR_RDONLY | linux.ATTR_NOSUID | linux.ATTR_NOEXEC, recursive=False)


def _leave_old_root() -> None:
    os.chdir(NEW)
    linux.pivot_root(".", ".")
    linux.umount(".", linux.MNT_DETACH)
    os.chdir("/")
    linux.mount_setattr("/", READ_ONLY | linux.ATTR_NOEXEC, recursive=False)
