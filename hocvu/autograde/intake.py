"""Reading a submission from disk: regular files only, bounded, each read once, so that what is hashed is graded."""

import fnmatch
import hashlib
import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from hocvu.autograde.problems import BadSubmission

MAX_NOTEBOOK_BYTES = 20_000_000
MAX_FILES_BYTES = 50_000_000  # all other files together
MAX_FILES = 2_000
MAX_NAME = 128  # nbgrader's column for a student
TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True)
class Submission:
    """A submission's bytes. notebooks by name without .ipynb; files by path inside the folder; sha256 of it all."""

    notebooks: Mapping[str, bytes]
    files: Mapping[str, bytes]
    sha256: str

    @property
    def timestamp(self) -> datetime | None:
        """When it was handed in, naive UTC; None if nothing says so. Raises BadSubmission for another text."""
        return parse_timestamp(self.files.get(TIMESTAMP, b""))


def check_name(student: str) -> None:
    """Raise BadSubmission for a folder name that is no student id: two spellings of one name would be two people."""
    odd = any(unicodedata.category(char).startswith("C") for char in student)
    if odd or not unicodedata.is_normalized("NFC", student) or len(student) > MAX_NAME or student != student.strip():
        raise BadSubmission("odd_name", name=student.encode("utf-8", "backslashreplace").decode())


def parse_timestamp(data: bytes) -> datetime | None:
    """Return the time in a timestamp.txt, or None if it is empty."""
    text = data.decode("utf-8", "replace").strip()
    if not text:
        return None
    try:
        found: datetime = parse_utc(text)
    except (ValueError, OverflowError, AttributeError) as error:
        raise BadSubmission("bad_timestamp", said=text[:60]) from error
    return found


def read_submission(folder: Path, ignore: Sequence[str]) -> Submission:
    """Return what is in `folder`, without what `ignore` (CourseDirectory.ignore) names. Raises BadSubmission."""
    notebooks: dict[str, bytes] = {}
    files: dict[str, bytes] = {}
    digest = hashlib.sha256()
    left = MAX_FILES_BYTES
    for path in sorted(_walk(folder, ignore)):
        name = path.relative_to(folder).as_posix()
        is_notebook = path.suffix == ".ipynb"
        if is_notebook and path.parent != folder:
            continue  # as nbgrader: only the notebooks on top are graded, and no others are copied
        data = read_bounded(path, name, MAX_NOTEBOOK_BYTES if is_notebook else left)
        digest.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape") + data)
        if is_notebook:
            notebooks[path.stem] = data
        else:
            left -= len(data)
            files[name] = data
    return Submission(notebooks, files, digest.hexdigest())


def _walk(folder: Path, ignore: Sequence[str]) -> Iterator[Path]:
    try:
        status = folder.lstat()
    except OSError as error:
        raise BadSubmission("unreadable_file", path=str(folder), said=str(error.strerror)) from error
    if not stat.S_ISDIR(status.st_mode):
        raise BadSubmission("link" if stat.S_ISLNK(status.st_mode) else "not_a_folder", path=folder.name)
    count, waiting = 0, [str(folder)]
    while waiting:
        for entry in _entries(waiting.pop(), folder):
            if is_ignored(entry.name, ignore):
                continue
            count += 1
            if count > MAX_FILES:
                raise BadSubmission("too_many_files", most=MAX_FILES)
            if entry.is_symlink():
                raise BadSubmission("link", path=os.path.relpath(entry.path, folder))
            if entry.is_dir(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
                waiting.append(entry.path)
            else:
                yield Path(entry.path)


def _entries(path: str, folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return list(found)
    except OSError as error:
        raise BadSubmission("unreadable_file", path=os.path.relpath(path, folder), said=str(error.strerror)) from error


def is_ignored(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a file or folder name matches; as in nbgrader, * does not match a leading dot."""
    return any(fnmatch.fnmatchcase(name, pattern) and (pattern[:1] == "." or name[:1] != ".") for pattern in patterns)


def read_bounded(path: Path, name: str, most: int) -> bytes:
    """Return the bytes of a regular file, or raise BadSubmission. A pipe in the way cannot hang us."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BadSubmission("unreadable_file", path=name, said=str(error.strerror)) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise BadSubmission("special_file", path=name)
        if status.st_size > most:
            raise BadSubmission("too_large", path=name, size=status.st_size, most=most)
        data = file.read(most + 1)
    if len(data) > most:
        raise BadSubmission("too_large", path=name, size=len(data), most=most)
    return data
