"""Writing autograded/: a folder appears whole or not at all, whenever the process is killed."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hocvu.autograde.problems import BadSubmission, DiskFull

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Modes:
    """Permissions of what is written, as nbgrader sets them. files: for example 0o444."""

    files: int
    group_shared: bool


def write_folder(dest: Path, files: Mapping[str, bytes], modes: Modes) -> None:
    """Put `files` into a new folder and let it take the place of `dest`."""
    part, old = _beside(dest, "part"), _beside(dest, "old")
    with _named_errors(dest):
        for left_over in (part, old):
            _remove(left_over)
        try:
            os.makedirs(part)
            for name, data in files.items():
                _write(part / name, data, modes.files)
            _share(part, modes)
            if dest.exists():
                dest.rename(old)
            part.rename(dest)
        except OSError:
            _remove(part)
            raise
        _remove(old)


def write_into(dest: Path, files: Mapping[str, bytes], modes: Modes) -> None:
    """Put `files` into `dest`, one by one, and leave what else is there; for a run on some notebooks only."""
    with _named_errors(dest):
        for name, data in files.items():
            path = dest / name
            part = _beside(path, "part")
            _remove(part)
            _write(part, data, modes.files)
            part.rename(path)
        for path in dest.rglob("*"):
            if path.is_file():
                path.chmod(modes.files)
        _share(dest, modes)


def remove_output(dest: Path, notebooks: tuple[str, ...] | None) -> None:
    """Remove what an earlier run wrote for a submission that can no longer be graded; notebooks None: all of it."""
    with _named_errors(dest):
        if notebooks is None:
            _remove(dest)
        if notebooks is not None:
            os.makedirs(dest, exist_ok=True)  # as nbgrader leaves it
        for name in notebooks or ():
            (dest / f"{name}.ipynb").unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


def _write(path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fchmod(descriptor, mode)
    finally:
        os.close(descriptor)


def _share(folder: Path, modes: Modes) -> None:
    if not modes.group_shared:
        return
    for path in (folder.parent.parent, folder.parent, folder, *folder.rglob("*")):
        if path.is_dir() and path.stat().st_mode & 0o2770 != 0o2770:
            path.chmod((path.stat().st_mode | 0o2770) & 0o2777)


def _remove(path: Path) -> None:
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


@contextmanager
def _named_errors(dest: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(str(dest)) from error
        raise BadSubmission("not_written", path=str(dest), said=str(error.strerror or error)) from error
