"""Whatever is killed, whenever: a rerun leaves the same gradebook and files as a run that nobody disturbed."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.autograde.courses import Course, answer, everything
from tests.autograde.notebooks import QUESTIONS, choice, free_text, notebook

SLUG = "bai-thu"
LEARNERS = 150
# Slows each submission down a little, so that there is something to interrupt.
HOOK = "import time\ndef wait(**_):\n    time.sleep(0.01)\n"


@pytest.fixture(scope="module")
def course(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = Course(tmp_path_factory.mktemp("course"), root)
    (made.folder / "slowly.py").write_text(HOOK)
    made.configure('c.Autograde.pre_convert_hook = "slowly.wait"')
    made.assignment(SLUG, {"exercises": notebook(QUESTIONS, choice("c-1", 4.0), free_text("tl-1", 3.0))})
    made.split_gradebook()
    rng = random.Random(1)
    for number in range(LEARNERS):
        answer(made.hand_in(f"hv{number:03d}", SLUG), {"c-1": rng.choice("abc")})
    return made


@pytest.fixture(scope="module")
def undisturbed(course: Course) -> tuple[object, dict[str, str]]:
    """Gradebook and files of a run in peace."""
    course.autograde(SLUG)
    return state(course)


def state(course: Course) -> tuple[object, dict[str, str]]:
    files = {
        str(path.relative_to(course.folder)): path.read_text("utf-8")
        for path in sorted((course.folder / "ours").rglob("*"))
        if path.is_file()
    }
    return everything(course.db("ours"), SLUG), files


@pytest.fixture
def running(course: Course, undisturbed: object) -> Iterator[subprocess.Popen[bytes]]:
    """A run from nothing, caught in the middle."""
    subprocess.run(["rm", "-rf", "ours"], cwd=course.folder, check=True)
    course.split_gradebook()
    command = [sys.executable, "-m", "hocvu", "autograde", SLUG, *course.ours, "--jobs=2"]
    environment = {**os.environ, "PYTHONPATH": str(course.root)}
    run = subprocess.Popen(
        command, cwd=course.folder, env=environment, stderr=subprocess.PIPE, preexec_fn=_heeds_ctrl_c
    )
    until(lambda: graded(course) >= 20)
    yield run
    run.kill()
    run.communicate()


def _heeds_ctrl_c() -> None:
    """A job in the background of a shell is born deaf to it, and so would be its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def until(true: object, patience_s: float = 120.0) -> None:
    end = time.monotonic() + patience_s
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.005)


def graded(course: Course) -> int:
    return sum(1 for _ in (course.folder / "ours").glob(f"*/{SLUG}"))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_kill_9_of_the_parent_and_a_rerun(
    course: Course, undisturbed: tuple[object, dict[str, str]], running: subprocess.Popen[bytes]
) -> None:
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert graded(course) < LEARNERS
    course.autograde(SLUG)
    assert state(course) == undisturbed


def test_kill_9_of_a_worker_does_not_even_need_a_rerun(
    course: Course, undisturbed: tuple[object, dict[str, str]], running: subprocess.Popen[bytes]
) -> None:
    os.kill(children(running.pid)[0], signal.SIGKILL)
    assert running.wait() == 0
    assert state(course) == undisturbed


def test_ctrl_c_keeps_what_was_graded(
    course: Course, undisturbed: tuple[object, dict[str, str]], running: subprocess.Popen[bytes]
) -> None:
    running.send_signal(signal.SIGINT)
    assert running.wait() == 130
    rows = everything(course.db("ours"), SLUG)
    assert 0 < len(rows) - 1 < LEARNERS
    course.autograde(SLUG)
    assert state(course) == undisturbed


def test_a_run_waits_while_another_one_is_on(course: Course, undisturbed: tuple[object, dict[str, str]]) -> None:
    command = [sys.executable, "-m", "hocvu", "autograde", SLUG, *course.ours]
    environment = {**os.environ, "PYTHONPATH": str(course.root)}
    with (course.folder / "ours" / ".hocvu-autograde.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = subprocess.Popen(command, cwd=course.folder, env=environment, stderr=subprocess.PIPE, text=True)
        assert run.stderr is not None and "Đang chờ lượt chấm khác" in run.stderr.readline()
    assert "không đổi" in run.communicate()[1] and run.returncode == 0
    assert state(course) == undisturbed
