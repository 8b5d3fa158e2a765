"""The autograded folder appears whole, or not at all."""

import errno
import os
from pathlib import Path

import pytest

from hocvu.autograde.output import Modes, remove_output, write_folder, write_into
from hocvu.autograde.problems import BadSubmission, DiskFull

READ_ONLY = Modes(0o444, group_shared=False)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_a_new_result_takes_the_place_of_the_old_one_as_a_whole(tmp_path: Path) -> None:
    dest = tmp_path / "an" / "bai"
    write_folder(dest, {"cu.txt": b"1", "bai.ipynb": b"{}"}, READ_ONLY)
    write_folder(dest, {"bai.ipynb": b"{1}", "du/lieu.csv": b"2"}, READ_ONLY)
    assert names(tmp_path / "an") == {"bai", "bai/bai.ipynb", "bai/du", "bai/du/lieu.csv"}
    assert (dest / "bai.ipynb").stat().st_mode & 0o777 == 0o444


def test_what_a_killed_run_left_over_is_cleared(tmp_path: Path) -> None:
    dest = tmp_path / "an" / "bai"
    for left_over in (".bai.part", ".bai.old"):
        (tmp_path / "an" / left_over).mkdir(parents=True)
        (tmp_path / "an" / left_over / "nua.ipynb").write_text("{")
    write_folder(dest, {"bai.ipynb": b"{}"}, READ_ONLY)
    assert names(tmp_path / "an") == {"bai", "bai/bai.ipynb"}


def test_a_full_disk_leaves_the_old_result_and_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dest = tmp_path / "an" / "bai"
    write_folder(dest, {"bai.ipynb": b"{}"}, READ_ONLY)

    def full(descriptor: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(DiskFull):
            write_folder(dest, {"bai.ipynb": b"{2}"}, READ_ONLY)
    assert names(tmp_path / "an") == {"bai", "bai/bai.ipynb"}
    assert (dest / "bai.ipynb").read_bytes() == b"{}"


def test_some_notebooks_only_leaves_the_others(tmp_path: Path) -> None:
    dest = tmp_path / "an" / "bai"
    write_folder(dest, {"p1.ipynb": b"1", "p2.ipynb": b"2"}, READ_ONLY)
    write_into(dest, {"p1.ipynb": b"11"}, READ_ONLY)
    assert {path.name: path.read_bytes() for path in dest.iterdir()} == {"p1.ipynb": b"11", "p2.ipynb": b"2"}
    remove_output(dest, ("p1",))
    assert names(dest) == {"p2.ipynb"}


def test_a_file_in_the_way_is_a_problem_of_this_submission(tmp_path: Path) -> None:
    (tmp_path / "an").write_text("")
    with pytest.raises(BadSubmission) as bad:
        write_folder(tmp_path / "an" / "bai", {"p1.ipynb": b"1"}, READ_ONLY)
    assert bad.value.problem.key == "not_written"
