"""Saving is acknowledged: "saved" is said only when the file has the answer, and nothing is lost on the way."""

import json
from pathlib import Path

import pytest

from hocvu.widgets.stores import FileStore, NotSaved


def answers_on_disk(folder: Path, name: str = "answers.json") -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / name).read_text(encoding="utf-8"))
    return found


def test_an_answer_is_on_disk_when_save_returns(tmp_path: Path) -> None:
    store = FileStore(tmp_path, "01-thu")
    assert not list(tmp_path.iterdir())
    store.save({"1-2": "a"})
    store.save({"1-4": "12", "1-2": "b"})
    assert answers_on_disk(tmp_path) == {
        "assignment": "01-thu",
        "seed": store.seed,
        "answers": {"1-2": "b", "1-4": "12"},
    }
    store.save({"1-2": None})
    assert answers_on_disk(tmp_path)["answers"] == {"1-4": "12"}
    assert [path.name for path in tmp_path.iterdir()] == ["answers.json"]


def test_the_next_session_finds_answers_and_the_same_data(tmp_path: Path) -> None:
    first = FileStore(tmp_path, "01-thu")
    first.save({"1-2": "a"})
    second = FileStore(tmp_path, "01-thu")
    assert (second.seed, second.answers) == (first.seed, {"1-2": "a"})


def test_two_open_notebooks_do_not_wipe_each_other(tmp_path: Path) -> None:
    one, other = FileStore(tmp_path, "01-thu"), FileStore(tmp_path, "01-thu")
    one.save({"1-2": "a"})
    other.save({"1-4": "12"})
    assert answers_on_disk(tmp_path)["answers"] == {"1-2": "a", "1-4": "12"}


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"answers": []}'])
def test_a_broken_file_is_kept_aside_and_not_written_over(tmp_path: Path, broken: str) -> None:
    (tmp_path / "answers.json").write_text(broken)
    store = FileStore(tmp_path, "01-thu")
    store.save({"1-2": "a"})
    (kept,) = [path for path in tmp_path.iterdir() if path.name != "answers.json"]
    assert kept.read_text() == broken
    assert answers_on_disk(tmp_path)["answers"] == {"1-2": "a"}


def test_a_full_disk_is_said_and_not_hidden(tmp_path: Path) -> None:
    store = FileStore(tmp_path, "01-thu")
    store.save({"1-2": "a"})
    (tmp_path / "answers.json.part").mkdir()  # writing the new file fails, as on a full disk
    with pytest.raises(NotSaved, match="Chưa lưu được"):
        store.save({"1-2": "b"})
    assert answers_on_disk(tmp_path)["answers"] == {"1-2": "a"}


def test_an_instructors_try_out_in_source_never_reaches_the_learners(tmp_path: Path) -> None:
    folder = tmp_path / "source" / "01-thu"
    folder.mkdir(parents=True)
    FileStore(folder, "01-thu").save({"1-2": "a"})
    assert [path.name for path in folder.iterdir()] == [".answers.json"]
