"""The archive: an ordinary tar with a few regular files of known names, read with suspicion."""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hocvu.backup.manifest import BLOCK_BYTES, CHECKSUM, MANIFEST, BadBackup, Manifest, read_manifest
from hocvu.records.copying import Report

SMALL_BYTES = 1_000_000  # a manifest
ALTERED = "Tệp đã bị sửa, hỏng hoặc bị cắt: dùng một bản sao lưu khác."


@dataclass(frozen=True)
class Archive:
    """An open backup, its manifest read and checked, the files still to come. sha256: of the manifest."""

    manifest: Manifest
    sha256: str
    tar: tarfile.TarFile

    def unpack(self, folder: Path | None, report: Report) -> None:
        """Check every file and put it into `folder` (None: only check). Raises BadBackup."""
        done = 0
        for entry in self.manifest.files:
            source = _member(self.tar, entry.name, entry.size_bytes)
            with _new_file(folder, entry.name) as target:
                digest = hashlib.sha256()
                while block := source.read(BLOCK_BYTES):
                    digest.update(block)
                    target.write(block)
                    done += len(block)
                    report("kiểm tra và giải nén", done, self.manifest.total_bytes)
            if digest.hexdigest() != entry.sha256:
                raise BadBackup(f"{entry.name}: sai mã SHA-256. {ALTERED}")
        stranger = self.tar.next()
        if stranger is not None:
            raise BadBackup(f"{stranger.name!r}: tệp này không có trong bản kê. {ALTERED}")


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a backup and check its manifest; all that is wrong with the file is raised as BadBackup."""
    try:
        with _open(path) as tar:
            text = _member(tar, MANIFEST, None).read()
            sha256 = hashlib.sha256(text).hexdigest()
            if _member(tar, CHECKSUM, None).read() != _checksum_line(sha256):
                raise BadBackup(f"{MANIFEST}: sai mã SHA-256. {ALTERED}")
            yield Archive(read_manifest(text), sha256, tar)
    except (tarfile.TarError, EOFError) as error:
        raise BadBackup(f"{path}: không đọc được như một bản sao lưu của hocvu ({error}). {ALTERED}") from error
    except BadBackup as error:
        raise BadBackup(f"{path}: {error.message}") from error


def _open(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except OSError as error:
        raise BadBackup(f"không mở được tệp ({error.strerror}).") from error


def write_archive(path: Path, manifest: Manifest, folder: Path, report: Report) -> str:
    """Write `path` (new, for its owner only) from the files in `folder`; return the SHA-256 of the manifest."""
    text = manifest.text()
    sha256, done = hashlib.sha256(text).hexdigest(), 0
    with _private(path) as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in ((MANIFEST, text), (CHECKSUM, _checksum_line(sha256))):
            tar.addfile(_header(manifest, name, len(content)), io.BytesIO(content))
        for entry in manifest.files:
            with (folder / entry.name).open("rb") as file:
                tar.addfile(_header(manifest, entry.name, entry.size_bytes), file)
            done += entry.size_bytes
            report("đóng gói", done, manifest.total_bytes)
    return sha256


def _checksum_line(sha256: str) -> bytes:
    """As `sha256sum --check` reads it: the archive can be looked into without hocvu."""
    return f"{sha256}  {MANIFEST}\n".encode()


def _header(manifest: Manifest, name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(manifest.made.timestamp())
    return info


def _member(tar: tarfile.TarFile, name: str, size: int | None) -> IO[bytes]:
    """Return the next file, which must be this one: a plain file, no path, no link, of the size that was promised."""
    info = tar.next()
    if info is None:
        raise BadBackup(f"thiếu {name}. {ALTERED}")
    if info.name != name or not info.isreg() or info.issparse():
        raise BadBackup(f"có {info.name!r} ở chỗ của {name}. {ALTERED}")
    if info.size != size if size is not None else info.size > SMALL_BYTES:
        raise BadBackup(f"{name}: kích thước {info.size} byte không đúng. {ALTERED}")
    file = tar.extractfile(info)
    if file is None:
        raise BadBackup(f"{name}: không đọc được. {ALTERED}")
    return file


@contextmanager
def _new_file(folder: Path | None, name: str) -> Iterator[IO[bytes]]:
    if folder is None:
        with open(os.devnull, "wb") as nothing:
            yield nothing
        return
    with _private(folder / name) as file:
        yield file


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read, on the disk when the block ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        os.fsync(descriptor)
