"""What a backup is: its files, and the manifest that names each with size and SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from hocvu.errors import HocvuError
from hocvu.settings import QUEUE_FILE, SECRET_FILE, STORE_FILE, Settings
from hocvu.signing import KEY_FILE

FORMAT = "hocvu-backup/1"
MANIFEST, CHECKSUM = "manifest.json", "manifest.sha256"
FILES = (QUEUE_FILE, STORE_FILE, SECRET_FILE, KEY_FILE)  # in this order in the archive
NEEDED = {STORE_FILE, SECRET_FILE}  # the queue is built again from the store; the key is made by the first signature
PRIVATE_SETTINGS = {"root", "var", "database_url", "secret_hex"}  # places of one machine, and secrets
BLOCK_BYTES = 1 << 20


class BadBackup(HocvuError):
    """The file is no backup of ours, or not as it was written."""

    code = "bad_backup"


@dataclass(frozen=True)
class FileEntry:
    """One file of the archive."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """schema: revision of the store. counts: people, attempts, results, frozen_years. course: path → SHA-256.

    settings: name → value of those that differ from the default and are no secret.
    """

    format: str
    made_at: str
    hocvu: str
    database: str  # sqlite, postgresql: where the store was kept; the copy is SQLite in any case
    schema: str
    counts: Mapping[str, int]
    files: tuple[FileEntry, ...]
    settings: Mapping[str, str]
    course: Mapping[str, str]

    @property
    def total_bytes(self) -> int:
        return sum(one.size_bytes for one in self.files)

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    def text(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n"


def read_manifest(text: bytes) -> Manifest:
    """Return the manifest. Raises BadBackup."""
    try:
        value = json.loads(text)
        if value["format"] != FORMAT:
            raise BadBackup(f"{MANIFEST}: dạng {value['format']!r}, bản hocvu này chỉ đọc được {FORMAT!r}.")
        manifest = Manifest(**{**value, "files": tuple(FileEntry(**one) for one in value["files"])})
        is_whole = _has_types(manifest) and manifest.made.tzinfo is not None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup(f"{MANIFEST}: không đọc được như bản kê của một bản sao lưu.") from error
    names = [one.name for one in manifest.files]
    if not is_whole or not set(names) >= NEEDED or names != [name for name in FILES if name in names]:
        raise BadBackup(f"{MANIFEST}: liệt kê {names}, không phải các tệp của một bản sao lưu.")
    return manifest


def _has_types(manifest: Manifest) -> bool:
    """Whether every value is what the fields say: what comes from a file is data to be doubted."""
    texts = [manifest.made_at, manifest.hocvu, manifest.database, manifest.schema]
    texts += [*manifest.settings.values(), *manifest.course.values()]
    texts += [text for one in manifest.files for text in (one.name, one.sha256)]
    numbers = [*manifest.counts.values(), *(one.size_bytes for one in manifest.files)]
    return all(isinstance(text, str) for text in texts) and all(type(one) is int and one >= 0 for one in numbers)


def settings_to_remember(settings: Settings) -> dict[str, str]:
    """Return HOCVU_<NAME> → value of the settings that a rebuilt machine needs again."""
    defaults, given = asdict(Settings()), asdict(settings)
    return {
        f"HOCVU_{name.upper()}": str(value)
        for name, value in given.items()
        if name not in PRIVATE_SETTINGS and value != defaults[name]
    }


def course_prints(root: Path) -> dict[str, str]:
    """Return path → SHA-256 of the course files that points depend on; they are kept elsewhere (git), not here."""
    paths = [*root.glob("course/*.toml"), *root.glob("source/*/exercises.ipynb")]
    return {path.relative_to(root).as_posix(): sha256_of(path) for path in sorted(paths)}


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
