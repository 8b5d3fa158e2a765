"""Cheat: let the grader open, copy or write what is not the learner's: links, pipes, names that lead elsewhere."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hocvu.autograde.intake import check_name, read_submission
from hocvu.autograde.output import Modes, write_folder
from hocvu.autograde.problems import BadSubmission
from hocvu.sandbox import BadSessionFile, Limits
from hocvu.sandbox.warm import check_files

SECRET = b"diem cua nguoi khac"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A submission's folder; what it must not reach lies beside it."""
    (tmp_path / "gradebook.db").write_bytes(SECRET)
    (tmp_path / "khac").mkdir()
    (tmp_path / "khac" / "bai.ipynb").write_bytes(SECRET)
    made = tmp_path / "submitted" / "an" / "bai"
    made.mkdir(parents=True)
    (made / "bai.ipynb").write_bytes(b"{}")
    return made


def link(name: str, target: str) -> Callable[[Path], None]:
    def act(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)

    return act


def fill(folder: Path, count: int, size: int) -> None:
    for number in range(count):
        path = folder / f"{number}.bin"
        path.touch()
        os.truncate(path, size)


TRICKS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "the notebook is somebody else's": ("link", link("bai.ipynb", "../../../khac/bai.ipynb")),
    "a picture is the gradebook": ("link", link("anh.png", "../../../gradebook.db")),
    "answers from the system": ("link", link("answers.json", "/etc/passwd")),
    "a folder leads out": ("link", link("dulieu", "../../..")),
    "a link to itself": ("link", link("vong", "vong")),
    "a link that leads nowhere": ("link", link("khong", "/khong/co")),
    "a link below": ("link", link("a/b", "/etc")),
    "an endless device": ("link", link("so.bin", "/dev/zero")),
    "a pipe": ("special_file", lambda folder: os.mkfifo(folder / "ong")),
    "a pipe for a notebook": ("special_file", lambda folder: os.mkfifo(folder / "b.ipynb")),
    "too much": ("too_large", lambda folder: fill(folder, 1, 60_000_000)),
    "too many": ("too_many_files", lambda folder: fill(folder, 2_001, 0)),
}


@pytest.mark.parametrize("name", TRICKS)
def test_what_is_no_file_of_the_learners_is_refused_by_name(folder: Path, name: str) -> None:
    key, act = TRICKS[name]
    act(folder)
    with pytest.raises(BadSubmission) as refused:
        read_submission(folder, [])
    assert refused.value.problem.key == key


def test_a_whole_folder_that_is_a_link_is_refused(folder: Path) -> None:
    other = folder.parent / "bai2"
    other.symlink_to("../../khac")
    with pytest.raises(BadSubmission):
        read_submission(other, [])


ODD = ["..\\..\\x.txt", "...", "a\nb.txt", "-rf", "~", "$HOME", "%2e%2e%2fx", "bài nộp.txt", "ba\u0300i.txt"]


def test_odd_names_stay_names_inside_the_result(folder: Path, tmp_path: Path) -> None:
    for number, name in enumerate(ODD):
        (folder / name).write_text(str(number))
    before = {path for path in tmp_path.rglob("*") if folder not in path.parents}
    submission = read_submission(folder, [])
    dest = tmp_path / "autograded" / "an" / "bai"
    write_folder(dest, submission.files, Modes(0o444, False))
    written = {path for path in tmp_path.rglob("*") if folder not in path.parents} - before
    assert {path.name for path in dest.iterdir()} == set(submission.files)
    assert all(path == dest or dest in (path, path.parent) or path in dest.parents for path in written)


@pytest.mark.parametrize("name", ["a" * 129, "an ", "\u202egnat", "an\0", "Ho\u0300a", "an\ud800", "an\u200b"])
def test_a_folder_that_looks_like_somebody_else_is_refused(name: str) -> None:
    with pytest.raises(BadSubmission):
        check_name(name)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a\0b"])
def test_no_file_of_a_session_is_written_outside(name: str) -> None:
    with pytest.raises(BadSessionFile):
        check_files({name: b""}, Limits())
