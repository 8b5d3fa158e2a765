"""A small store and its backup, and what somebody may do to the file."""

import hashlib
import io
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from hocvu.backup.archive import Report
from hocvu.backup.making import Made, make_backup
from hocvu.backup.manifest import MANIFEST
from hocvu.backup.restoring import Restored, restore_backup
from hocvu.records import add_person, add_unit, list_people, open_records
from hocvu.settings import Settings
from hocvu.signing import open_signing_key

NOW = datetime(2027, 1, 4, 19, 0, tzinfo=UTC)
Members = list[tuple[tarfile.TarInfo, bytes]]


def quiet(what: str, done: int, there_are: int) -> None:
    assert what and 0 <= done <= there_are


class Place:
    """A `var` of its own. An inhabited one has a store with one person, a secret and a signing key."""

    def __init__(self, var: Path, database_url: str = "") -> None:
        self.settings = Settings(root=var, var=var, database_url=database_url)

    def settle(self) -> "Place":
        records = open_records(self.settings.database)
        with records.session() as s:
            add_person(s, staff_code="CB1", name="Ada", unit_id=add_unit(s, "P01", "Phường Bình Minh", "Phường").id)
        records.close()
        self.settings.read_secret()
        open_signing_key(self.settings.var)
        return self

    def back_up(self, path: Path, report: Report = quiet) -> Made:
        return make_backup(self.settings, path, NOW, report)

    def restore(self, path: Path, report: Report = quiet) -> Restored:
        return restore_backup(self.settings, path, NOW, report)

    def people(self) -> list[str]:
        records = open_records(self.settings.database)
        try:
            with records.reading() as s:
                return [person.name for person in list_people(s)]
        finally:
            records.close()

    @property
    def keys(self) -> tuple[bytes, str]:
        return self.settings.read_secret(), open_signing_key(self.settings.var).fingerprint


def rewritten(path: Path, change: Callable[[Members], None]) -> Path:
    """The archive as somebody else would write it, in order and with right checksums of the tar itself."""
    with tarfile.open(path) as old:
        members: Members = [(info, _content(old, info)) for info in old]
    change(members)
    forged = path.with_name("forged.tar")
    with tarfile.open(forged, "w") as new:
        for info, content in members:
            info.size = len(content) if info.isreg() else 0
            new.addfile(info, io.BytesIO(content) if info.isreg() else None)
    return forged


def with_manifest(path: Path, old: bytes, new: bytes) -> Path:
    """The archive with another manifest and the checksum that fits it."""

    def change(members: Members) -> None:
        text = members[0][1].replace(old, new)
        assert text != members[0][1]
        members[0] = (members[0][0], text)
        members[1] = (members[1][0], f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode())

    return rewritten(path, change)


def _content(tar: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(info)
    assert file is not None
    return file.read()
