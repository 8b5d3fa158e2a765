"""Archives that somebody changed, cut or made up: refused, and nothing is written anywhere."""

import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hocvu.backup.manifest import BadBackup
from hocvu.backup.restoring import RestoreRefused, check_backup
from tests.backup.archives import Members, Place, quiet, rewritten, with_manifest

BLOCK = tarfile.BLOCKSIZE


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    Place(folder / "var").settle().back_up(folder / "a.tar")
    return folder / "a.tar"


@pytest.fixture
def nowhere(tmp_path: Path) -> Place:
    """A place to restore into that must stay as empty as it is."""
    return Place(tmp_path / "deep" / "new")


def assert_refused(place: Place, path: Path, why: str | None = None) -> None:
    with pytest.raises((BadBackup, RestoreRefused), match=why):
        place.restore(path)
    parent = place.settings.var.parent
    assert {entry.name for entry in parent.rglob("*")} <= {"new", "restore.lock"}


def parts(path: Path) -> list[tuple[int, int]]:
    """Beginning and end of each member, its padding left out."""
    with tarfile.open(path) as tar:
        return [(info.offset, info.offset_data + info.size) for info in tar]


def test_a_changed_byte_anywhere_is_found(archive: Path, tmp_path: Path) -> None:
    content, changed = archive.read_bytes(), tmp_path / "changed.tar"
    for start, end in parts(archive):
        step = max(1, (end - start) // 40)
        for place in {*range(start, start + BLOCK, 37), *range(start + BLOCK, end, step), end - 1}:
            altered = bytearray(content)
            altered[place] ^= 0x20
            changed.write_bytes(altered)
            with pytest.raises(BadBackup):
                check_backup(changed, quiet)


def test_a_cut_file_is_found(archive: Path, tmp_path: Path, nowhere: Place) -> None:
    content, cut = archive.read_bytes(), tmp_path / "cut.tar"
    for start, end in parts(archive):
        for length in (start, start + 100, start + BLOCK, (start + BLOCK + end) // 2, end - 1):
            cut.write_bytes(content[:length])
            assert_refused(nowhere, cut)


def named(name: str) -> Callable[[tarfile.TarInfo], None]:
    return lambda info: setattr(info, "name", name)


def linked(kind: bytes) -> Callable[[tarfile.TarInfo], None]:
    def change(info: tarfile.TarInfo) -> None:
        info.type, info.linkname = kind, "/etc/passwd"

    return change


@pytest.mark.parametrize(
    "change",
    [
        named("../hocvu.db"),
        named("/tmp/hocvu.db"),
        named("x/../hocvu.db"),
        named("./hocvu.db"),
        named("hocvu.db-wal"),
        linked(tarfile.SYMTYPE),
        linked(tarfile.LNKTYPE),
        linked(tarfile.FIFOTYPE),
        linked(tarfile.DIRTYPE),
    ],
)
def test_paths_and_links_are_refused(archive: Path, nowhere: Place, change: Callable[[tarfile.TarInfo], None]) -> None:
    assert_refused(nowhere, rewritten(archive, lambda members: change(members[2][0])), "ở chỗ của hocvu.db")


def test_files_added_taken_away_or_in_another_order_are_refused(archive: Path, nowhere: Place) -> None:
    def add(members: Members) -> None:
        members.append((tarfile.TarInfo("cron"), b"* * * * * root"))

    def twice(members: Members) -> None:
        members.append(members[2])

    changes: list[Callable[[Members], object]] = [
        add,
        twice,
        lambda m: m.pop(),
        lambda m: m.reverse(),
        lambda m: m.clear(),
    ]
    for change in changes:
        assert_refused(nowhere, rewritten(archive, lambda members, change=change: (change(members), None)[1]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"people": 1', b'"people": 2'),
        (b'"people": 1', b'"people": "1"'),
        (b"hocvu-backup/1", b"hocvu-backup/2"),
        (b'"name": "secret"', b'"name": "../secret"'),
        (b'"name": "secret"', b'"name": "hocvu.db"'),
        (b'"size_bytes": 64', b'"size_bytes": -1'),
        (b'"made_at": "2027', b'"made_at": "x'),
        (b'"settings": {', b'"settings": ['),
        (b'"format"', b'"more": 1, "format"'),
    ],
)
def test_a_forged_manifest_is_refused(archive: Path, nowhere: Place, old: bytes, new: bytes) -> None:
    assert_refused(nowhere, with_manifest(archive, old, new))


def test_a_manifest_without_its_checksum_is_refused(archive: Path, nowhere: Place) -> None:
    def change(members: Members) -> None:
        members[0] = (members[0][0], members[0][1].replace(b'"people": 1', b'"people": 7'))

    assert_refused(nowhere, rewritten(archive, change), "manifest.json: sai mã")
