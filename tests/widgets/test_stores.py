"""Saving is acknowledged: "saved" is said only when the file has the answer, and nothing is lost on the way."""

import asyncio
import json
from collections.abc import Collection
from pathlib import Path

import pytest

from hocvu.widgets.stores import TRIES_AGAIN, FileStore, NotSaved, ServerStore


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


def test_whoever_watches_a_file_is_told_what_was_stored(tmp_path: Path) -> None:
    store, told = FileStore(tmp_path, "01-thu"), Told()
    store.watch(told)
    store.save({"1-2": "a"})
    assert told.heard == [(["1-2"], "")]


# The portal, reached from the browser


class Told:
    """Somebody watching a store; `heard` is what they were told."""

    def __init__(self) -> None:
        self.heard: list[tuple[list[str], str]] = []

    def __call__(self, item_ids: Collection[str], problem: str) -> None:
        self.heard.append((sorted(item_ids), problem))


class Portal:
    """A portal for tests. down: no connection; refuses: answers every change with this status."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {"1-1": "kept"}
        self.down, self.refuses, self.asked_for_token = False, 0, 0

    def send(self, method: str, path: str, token: str, body: object) -> tuple[int, str]:
        if self.down:
            raise OSError("net::ERR_CONNECTION_REFUSED")
        if path.endswith("/csrf"):
            self.asked_for_token += 1
            return 200, json.dumps({"token": f"t-{self.asked_for_token}"})
        if method == "PUT":
            if self.refuses:
                return self.refuses, "{}"
            assert token == f"t-{self.asked_for_token}"
            assert isinstance(body, dict)
            self.answers |= body["answers"]
        return 200, json.dumps({"seed": 7, "answers": self.answers})


def test_answers_go_to_the_portal_at_once() -> None:
    portal = Portal()
    store = ServerStore("01-thu", portal.send)
    assert (store.seed, store.answers) == (7, {"1-1": "kept"})
    store.save({"1-2": "a"})
    assert portal.answers == {"1-1": "kept", "1-2": "a"}


def test_what_could_not_be_sent_goes_with_the_next_change() -> None:
    portal, told = Portal(), Told()
    store = ServerStore("01-thu", portal.send)
    store.watch(told)
    portal.down = True
    with pytest.raises(NotSaved, match=TRIES_AGAIN):
        store.save({"1-2": "a"})
    portal.down = False
    store.save({"1-4": "12"})
    assert portal.answers == {"1-1": "kept", "1-2": "a", "1-4": "12"}
    assert told.heard == [(["1-2", "1-4"], "")]


def test_it_tries_again_by_itself_until_everything_is_stored() -> None:
    portal, told, waited = Portal(), Told(), list[float]()

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        portal.down = len(waited) < 3

    async def story() -> None:
        store = ServerStore("01-thu", portal.send, pause)
        store.watch(told)
        portal.down = True
        for changes in ({"1-2": "a"}, {"1-4": "12"}, {"1-2": "b"}):
            with pytest.raises(NotSaved):
                store.save(changes)
        assert store._retrying is not None
        await store._retrying
        assert store._retrying is None

    asyncio.run(story())
    assert portal.answers == {"1-1": "kept", "1-2": "b", "1-4": "12"}
    assert waited == [10, 10, 10]
    problem = f"Mất kết nối. {TRIES_AGAIN}"
    assert told.heard == [(["1-2", "1-4"], problem), (["1-2", "1-4"], problem), (["1-2", "1-4"], "")]


def test_a_session_that_ended_is_named_and_a_new_one_takes_the_answers() -> None:
    portal = Portal()
    store = ServerStore("01-thu", portal.send)
    portal.refuses = 401
    with pytest.raises(NotSaved, match="phiên làm việc đã hết"):
        store.save({"1-2": "a"})
    portal.refuses = 403  # logged in anew: the old token is not theirs
    with pytest.raises(NotSaved, match="mã 403"):
        store.flush()
    portal.refuses = 0
    store.flush()
    assert portal.answers["1-2"] == "a"
    assert portal.asked_for_token == 2


def test_an_answer_says_which_attempt_it_belongs_to_and_a_handed_in_one_takes_none() -> None:
    portal = Portal()
    sent: list[object] = []

    def send(method: str, path: str, token: str, body: object) -> tuple[int, str]:
        if method == "PUT":
            sent.append(body)
        status, text = portal.send(method, path, token, body)
        return status, json.dumps({**json.loads(text), "attempt": 3}) if method == "GET" else text

    store = ServerStore("01-thu", send=send)
    store.save({"1-2": "a"})
    assert sent == [{"answers": {"1-2": "a"}, "attempt": 3}]
    portal.refuses = 409
    with pytest.raises(NotSaved, match="Lượt này đã được nộp"):
        store.save({"1-2": "b"})
