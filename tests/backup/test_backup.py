"""Making a backup and putting it back: refusals, kills at every step, a full disk, other databases, older schemas."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from alembic import command

from hocvu.backup.archive import open_archive
from hocvu.backup.making import PART, BackupFailed
from hocvu.backup.manifest import BadBackup
from hocvu.backup.restoring import RestoreRefused, check_backup
from hocvu.backup.sqlite_file import DamagedStore
from hocvu.cli.commands import main
from hocvu.errors import HocvuError, RestoreUnfinished
from hocvu.records.copying import CopyRefused
from hocvu.records.store import alembic_config, connect_records, known_revisions
from hocvu.settings import RESTORING
from tests.backup.archives import Place, quiet, with_manifest
from tests.backup.killing import killed_at_each_step
from tests.postgresql import PostgreSQL


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "var").settle()


@pytest.fixture
def archive(place: Place, tmp_path: Path) -> Path:
    path = tmp_path / "sao-luu.tar"
    place.back_up(path)
    return path


def test_a_backup_is_for_its_owner_only_and_never_written_over(place: Place, archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600
    before = archive.read_bytes()
    with pytest.raises(BackupFailed, match="không ghi đè"):
        place.back_up(archive)
    assert archive.read_bytes() == before and not list(archive.parent.glob(f".*{PART}"))


def test_no_secret_is_in_the_manifest(place: Place, archive: Path) -> None:
    with open_archive(archive) as opened:
        text = opened.manifest.text().decode()
    assert place.keys[0].hex() not in text and str(place.settings.var) not in text


def test_a_wrong_place_is_named_and_nothing_is_made_there(tmp_path: Path) -> None:
    place = Place(tmp_path / "nothing")
    with pytest.raises(BackupFailed, match="HOCVU_VAR"):
        place.back_up(tmp_path / "a.tar")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_store_is_told_today(place: Place, tmp_path: Path) -> None:
    store = place.settings.var / "hocvu.db"
    content = bytearray(store.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    store.write_bytes(content)
    with pytest.raises(DamagedStore):
        place.back_up(tmp_path / "a.tar")
    assert not (tmp_path / "a.tar").exists()


def test_an_inhabited_place_is_left_alone(place: Place, archive: Path) -> None:
    keys = place.keys
    with pytest.raises(RestoreRefused, match=r"hocvu\.db.*secret.*signing-key\.json"):
        place.restore(archive)
    assert place.people() == ["Ada"] and place.keys == keys


def test_a_built_site_may_be_there(place: Place, archive: Path, tmp_path: Path) -> None:
    new = Place(tmp_path / "new")
    (new.settings.var / "site").mkdir(parents=True)
    new.restore(archive)
    assert new.people() == ["Ada"] and new.keys == place.keys
    assert {path.name for path in new.settings.var.iterdir()} == {
        "hocvu.db", "secret", "signing-key.json", "restore.lock", "site",
    }  # fmt: skip


def test_a_database_file_elsewhere_goes_elsewhere(place: Place, archive: Path, tmp_path: Path) -> None:
    """Beside `var`, and on another disk, where a link from the first cannot lead."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as other:
        for number, folder in enumerate((tmp_path / "elsewhere", Path(other) / "db")):
            new = Place(tmp_path / f"new{number}", f"sqlite:///{folder / 'diem.db'}")
            new.restore(archive)
            assert new.people() == ["Ada"] and {path.name for path in folder.iterdir()} == {"diem.db"}
            with pytest.raises(RestoreRefused, match=r"diem\.db"):
                Place(tmp_path / "more", new.settings.database_url).restore(archive)
            assert new.back_up(tmp_path / f"{number}.tar").manifest.counts["people"] == 1


def test_a_backup_killed_at_any_step_is_whole_or_not_there(place: Place, tmp_path: Path) -> None:
    steps = 0
    for number in killed_at_each_step(lambda number: place.back_up(tmp_path / f"{number}.tar")):
        path, steps = tmp_path / f"{number}.tar", number
        if path.exists():
            assert check_backup(path, quiet).manifest.counts["people"] == 1
        else:
            place.back_up(path)  # and takes away what the killed one left
            assert not list(tmp_path.glob(f".*{PART}"))
    assert steps > 5


def test_a_restore_killed_at_any_step_says_so_and_can_be_done_again(
    place: Place, archive: Path, tmp_path: Path
) -> None:
    unfinished = 0
    for number in killed_at_each_step(lambda number: Place(tmp_path / f"new{number}").restore(archive)):
        new = Place(tmp_path / f"new{number}")
        with suppress(RestoreUnfinished):
            url = new.settings.database
            kept = {path.name for path in new.settings.var.glob("*")} - {"restore.lock", "restoring.done"}
            assert url and kept in (set(), {"hocvu.db", "secret", "signing-key.json"})
            if kept:
                assert new.people() == ["Ada"] and new.keys == place.keys
                continue
        unfinished += (new.settings.var / RESTORING).exists()
        new.restore(archive)
        assert new.people() == ["Ada"] and new.keys == place.keys
    assert unfinished > 10


def test_a_place_half_restored_from_one_backup_takes_no_other(place: Place, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "khac.tar"
    place.back_up(other)
    new = Place(tmp_path / "new")
    (new.settings.var / RESTORING).mkdir(parents=True)
    (new.settings.var / RESTORING / "ready").write_text("0" * 64)
    with pytest.raises(RestoreRefused, match="bản sao lưu khác"):
        new.restore(other)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_a_disk_too_small_or_filling_up_leaves_nothing_half(
    place: Place, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "disk") as disk:

        def fill(*_: object) -> None:
            with (disk / "ballast").open("ab", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(b"x" * 4096)

        new = Place(disk / "new")
        with pytest.raises(BackupFailed, match="còn trống"):
            place.back_up(disk / "a.tar")
        with pytest.raises(RestoreRefused, match="còn trống"):
            new.restore(archive)
        monkeypatch.setattr("hocvu.backup.making.SPARE_BYTES", 0)
        monkeypatch.setattr("hocvu.backup.restoring.SPARE_BYTES", 0)
        for attempt in (lambda: place.back_up(disk / "a.tar", fill), lambda: new.restore(archive, fill)):
            with pytest.raises(HocvuError, match="đĩa đã đầy|No space left|disk is full"):
                attempt()
            (disk / "ballast").unlink()
            assert [path.name for path in disk.rglob("*") if path != new.settings.var] == ["restore.lock"]
        place.back_up(disk / "a.tar")
        new.restore(disk / "a.tar")
        assert new.people() == ["Ada"]


def test_an_older_schema_is_migrated_and_a_newer_one_refused(tmp_path: Path) -> None:
    old = Place(tmp_path / "old")
    records = connect_records(old.settings.database)
    with records.session() as s:
        config = alembic_config()
        config.attributes["connection"] = s.connection()
        command.upgrade(config, "0006")
    records.close()
    old.settings.read_secret()
    old.back_up(tmp_path / "a.tar")
    newer = with_manifest(tmp_path / "a.tar", b'"schema": "0006"', b'"schema": "9999"')
    new = Place(tmp_path / "new")
    with pytest.raises(RestoreRefused, match="mới hơn bản đang cài"):
        new.restore(newer)
    assert new.restore(tmp_path / "a.tar").manifest.schema == "0006"
    records = connect_records(new.settings.database)
    assert records.revision == known_revisions()[0]
    records.close()


def test_from_sqlite_to_postgresql_and_back_by_backups(
    place: Place, archive: Path, tmp_path: Path, postgresql: PostgreSQL
) -> None:
    city = Place(tmp_path / "city", postgresql.new_database())
    city.restore(archive)
    assert city.people() == ["Ada"] and city.keys == place.keys
    with pytest.raises(CopyRefused, match="people \\(1 dòng\\)"):
        Place(tmp_path / "other", city.settings.database_url).restore(archive)
    assert city.back_up(tmp_path / "city.tar").manifest.database == "postgresql"
    home = Place(tmp_path / "home")
    home.restore(tmp_path / "city.tar")
    assert home.people() == ["Ada"] and home.keys == place.keys


def test_a_restore_into_postgresql_killed_after_the_copy_is_finished_by_the_same_call(
    archive: Path, tmp_path: Path, postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = Place(tmp_path / "city", postgresql.new_database())
    with monkeypatch.context() as stopped, pytest.raises(ZeroDivisionError):
        stopped.setattr("hocvu.backup.restoring.sync_folder", lambda folder: 1 / (folder != city.settings.var))
        city.restore(archive)
    with pytest.raises(RestoreUnfinished):
        city.people()
    city.restore(archive)
    assert city.people() == ["Ada"]


def test_the_verbs(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOCVU_ROOT", str(tmp_path))
    monkeypatch.setenv("HOCVU_VAR", str(place.settings.var))
    (place.settings.var / "ghi-chu.txt").touch()
    path = str(tmp_path / "a.tar")
    assert main(["backup", path]) == 0
    said = capsys.readouterr().out
    assert "1 người, 0 lượt nộp" in said and "ghi-chu.txt" in said and "khóa bí mật" in said
    assert main(["restore", "--check", path]) == 0
    assert "nguyên vẹn. 1 người" in capsys.readouterr().out
    assert main(["restore", path]) == 1
    assert "Chỗ này không trống" in capsys.readouterr().err
    monkeypatch.setenv("HOCVU_VAR", str(tmp_path / "new"))
    monkeypatch.setenv("HOCVU_PORTAL_ORIGIN", "https://hoc.example")
    assert main(["restore", path]) == 0
    assert "Mọi người đăng nhập lại" in capsys.readouterr().out
    (tmp_path / "new" / RESTORING).mkdir()
    for verb in (["backup", str(tmp_path / "b.tar")], ["copy-store", f"sqlite:///{tmp_path / 'c.db'}"]):
        assert main(verb) == 1
        assert "chưa xong" in capsys.readouterr().err


def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path) -> None:
    for name, content in (("trong.tar", b""), ("chu.tar", b"hello\n" * 500), ("khong.tar", bytes(10240))):
        (tmp_path / name).write_bytes(content)
    for name in ("trong.tar", "chu.tar", "khong.tar", "khong-co.tar", "."):
        with pytest.raises(BadBackup, match=str(tmp_path)):
            check_backup(tmp_path / name, quiet)
