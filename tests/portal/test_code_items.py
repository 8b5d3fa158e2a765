"""A code item on the portal: without code nothing changes; with code a worker grades it, once, for a badge."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from hocvu.jobs.queue import Queue
from hocvu.records import ItemResult, list_evidence
from hocvu.records.grading_jobs import find_waiting
from tests.portal.test_queue import until
from tests.portal.world import World
from tests.story import RIGHT_OR_LEFT, Course

SLUG = "02-sau"
EXERCISE = f"/bai-tap/{SLUG}"
SOLUTION = "### BEGIN SOLUTION\nx = 41 + 1\n### END SOLUTION"
TESTS = (
    "# Câu 2.C (NL2, M3): Viết một dòng mã để x bằng đáp số của mọi câu hỏi.\nassert x > 0, 'x phải là số dương'\n"
    "### BEGIN HIDDEN TESTS\nassert x == 42\n### END HIDDEN TESTS"
)
QUESTION = RIGHT_OR_LEFT.replace("1-2", "2-1").replace("NL1", "NL2")
MARKS = {"schema_version": 3, "task": False}


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    with World(tmp_path, root) as world:
        path = world.root / "course/course.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('summary = "Chưa mở."', 'summary = "Có mã."\npublished = true'), encoding="utf-8")
        with Course(world.root, SLUG) as course:
            course.markdown("# Bài có mã").question("2-1", QUESTION, 4.0)
            course.code(SOLUTION, grade=False, grade_id="2-C-ma", locked=False, solution=True, **MARKS)
            course.code(TESTS, grade=True, grade_id="2-C", locked=True, points=0.0, solution=False, **MARKS)
            assert course.source.is_file()
        world.queue = Queue(world.settings)
        world.restart()
        yield world
        world.queue.close()


def hand_in(browser: Any, code: str | None) -> str:
    answers = {"2-1": "a"} | ({} if code is None else {"2-C": code})
    path = f"/api/v1/submissions/{SLUG}"
    answered = browser.api("POST", path, {"answers": answers}, Idempotency_Key=f"code-key-{hash(code)}")
    assert answered.status_code == 201, answered.text
    return str(answered.json()["receipt"]["id"])


def worker(world: World) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "HOCVU_ROOT": str(world.root), "HOCVU_VAR": str(world.settings.var)}
    command = [sys.executable, "-m", "hocvu", "worker", "--with-parent"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)


def is_running(world: World, attempt_id: str) -> bool:
    with world.services.records.reading() as s:
        waiting = find_waiting(s, attempt_id, world.now)
    return waiting is None or waiting.is_running


def test_without_code_the_attempt_is_graded_at_once(world: World) -> None:
    lan = world.log_in("lan")
    page = lan.get(EXERCISE).text
    assert "# Anh/chị viết câu trả lời ở đây" in page and "x == 42" not in page and "41 + 1" not in page
    for untouched in (None, "# Anh/chị viết câu trả lời ở đây", "  "):
        page = lan.get(f"/ket-qua/{hand_in(lan, untouched)}").text
        assert "4/4 điểm" in page and "hàng chờ" not in page and "Huy hiệu" not in page


def test_too_much_code_is_asked_again_and_nothing_is_stored(world: World) -> None:
    page = world.log_in("lan").send(EXERCISE, {"2-1": "a", "2-C": "#" * 10_001, "viec": "nop"})
    assert page.status_code == 422 and "nhiều nhất 10.000 ký tự" in page.text


def test_a_killed_worker_leaves_the_code_to_the_next_and_it_is_graded_once(world: World) -> None:
    lan = world.log_in("lan")
    right = hand_in(lan, "import time; time.sleep(2)\nx = 42")
    world.later(seconds=1)
    wrong = hand_in(lan, "x = 7\nprint('<b>bảy</b>')")
    assert "vị trí thứ 1" in lan.get(f"/ket-qua/{right}").text
    with worker(world) as first:
        until(lambda: is_running(world, right))
        first.send_signal(signal.SIGKILL)
    with worker(world) as second:
        until(lambda: world.queue.states([right, wrong]) == {right: "SUCCESS", wrong: "SUCCESS"})
        assert second.stdin is not None
        second.stdin.close()
        assert second.wait(60) == 0
    page = lan.get(f"/ket-qua/{right}").text
    assert "★ Huy hiệu mã nhẹ" in page and "4/4 điểm" in page
    page = lan.get(f"/ket-qua/{wrong}").text
    assert "chưa có huy hiệu" in page and "Có kiểm tra ẩn chưa đạt" in page and "4/4 điểm" in page
    assert "&lt;b&gt;bảy" in page and "<b>bảy" not in page and "x == 42" not in page
    assert "★ Huy hiệu mã nhẹ" in lan.get("/nang-luc").text
    with world.services.records.reading() as s:
        counted = s.scalar(select(func.count()).select_from(ItemResult).filter_by(item_id="2-C"))
        evidence = {row.item_id: row.share for row in list_evidence(s, world.people["lan"], "2027")}
    assert counted == 2 and evidence == {"2-1": 1.0, "2-C": 1.0}
