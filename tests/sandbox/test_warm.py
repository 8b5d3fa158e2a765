"""The warm process: started once, started again if it dies, gone when we are."""

import errno
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hocvu.sandbox import SandboxLost, SandboxUnavailable, Warm, linux
from hocvu.sandbox.large_pages import gather_heap
from tests.attacks.story import GUEST, Learner, children_of


def zygote_of(warm: Warm) -> int:
    assert warm._process is not None
    return children_of(warm._process.pid)[0]


def test_every_wall_stands_here(warm: Warm) -> None:
    assert warm.layers == (
        "namespaces", "private root", "own user", "rlimits", "no_new_privs", "seccomp", "landlock",
    )  # fmt: skip


def test_what_is_preloaded_is_there_for_every_session() -> None:
    with Warm(guest=GUEST, preload=("colorsys", "tests.sandbox.echo_guest:main_was_imported")) as warm:
        for _ in range(2):
            with Learner(warm) as learner:
                assert learner.runs("import sys; answer = 'colorsys' in sys.modules") is True


def test_nothing_of_a_session_could_gain_a_capability_by_an_exec(warm: Warm) -> None:
    status = Path(f"/proc/{zygote_of(warm)}/status").read_text(encoding="ascii")
    assert "CapBnd:\t0000000000000000" in status


def test_the_warm_heap_comes_through_large_pages_unharmed() -> None:
    kept = [str(number) for number in range(400_000)]
    gather_heap()
    assert kept == [str(number) for number in range(400_000)]


def test_a_kernel_without_large_pages_costs_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(number: int, *_arguments: object, what: str) -> int:
        asked.append((number, what))
        raise OSError(errno.EINVAL, what)

    monkeypatch.setattr(linux, "call", refuse)
    gather_heap()
    assert set(asked) == {(28, "madvise")}


def test_a_module_that_is_not_installed_is_named() -> None:
    with (
        pytest.raises(SandboxUnavailable, match="khong_co_goi_nay") as caught,
        Warm(guest=GUEST, preload=("khong_co_goi_nay",)),
    ):
        pass
    assert caught.value.missing == "import"


def test_a_module_that_starts_threads_is_refused() -> None:
    with (
        pytest.raises(SandboxUnavailable, match="luồng") as caught,
        Warm(guest=GUEST, preload=("tests.sandbox.echo_guest:start_a_thread",)),
    ):
        pass
    assert caught.value.missing == "threads"


def test_many_threads_open_sessions_at_once(warm: Warm) -> None:
    def square(number: int) -> int:
        with Learner(warm) as learner:
            return int(learner.runs(f"answer = {number} ** 2"))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(square, range(40))) == [number**2 for number in range(40)]


def test_a_session_opened_in_a_thread_outlives_the_thread(warm: Warm) -> None:
    opened: list[Learner] = []
    thread = threading.Thread(target=lambda: opened.append(Learner(warm)))
    thread.start()
    thread.join()
    with opened[0] as learner:
        assert learner.runs("answer = 1") == 1


def test_a_warm_process_started_in_a_thread_outlives_the_thread() -> None:
    warm = Warm(guest=GUEST)
    thread = threading.Thread(target=warm.__enter__)
    thread.start()
    thread.join()
    try:
        with Learner(warm) as learner:
            assert learner.runs("answer = 1") == 1
    finally:
        warm.__exit__(None, None, None)


def test_a_zygote_that_died_is_started_again() -> None:
    with Warm(guest=GUEST) as warm:
        first = zygote_of(warm)
        os.kill(first, signal.SIGKILL)
        with Learner(warm) as learner:
            assert learner.runs("answer = 1") == 1
        assert zygote_of(warm) != first


def test_a_session_whose_zygote_dies_is_nobody_s_zero() -> None:
    with Warm(guest=GUEST) as warm, Learner(warm) as learner:
        os.kill(zygote_of(warm), signal.SIGKILL)
        with pytest.raises(SandboxLost, match="chấm lại"):
            learner.runs("import time; time.sleep(5)")
        with Learner(warm) as other:
            assert other.runs("answer = 1") == 1


def in_a_fork(work: Callable[[], object]) -> int:
    """Return the exit status of a forked process: 0 if `work` returned something true."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = 0 if work() else 1
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def answers_one(warm: Warm) -> bool:
    with Learner(warm) as learner:
        return bool(learner.runs("answer = 1") == 1)


def test_a_forked_process_shares_it_and_leaves_it_running() -> None:
    with Warm(guest=GUEST) as warm:
        first = zygote_of(warm)
        assert in_a_fork(lambda: answers_one(warm) and warm._stop() is None) == 0
        assert answers_one(warm) and zygote_of(warm) == first


def test_a_forked_process_whose_zygote_died_starts_its_own() -> None:
    with Warm(guest=GUEST) as warm:
        os.kill(zygote_of(warm), signal.SIGKILL)
        assert in_a_fork(lambda: answers_one(warm) and warm._owner == os.getpid() and warm._stop() is None) == 0


def test_a_closed_one_says_so() -> None:
    with Warm(guest=GUEST) as warm:
        pass
    with pytest.raises(SandboxUnavailable, match="đã đóng"):
        warm.session()


def test_kill_9_of_the_grader_takes_everything_along() -> None:
    """The grader opens a session that spins; then it is killed. Launcher, zygote and learner end too."""
    script = (
        "import sys, threading\n"
        "from tests.attacks.story import *\n"
        "with Warm(guest=GUEST) as warm, Learner(warm) as learner:\n"
        "    print(warm._process.pid, flush=True)\n"
        "    learner.runs('while True: pass', 60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        launcher = int(grader.stdout.readline())
        tree = [launcher, *children_of(launcher)]
        ends = [os.pidfd_open(pid) for pid in tree]
        assert len(ends) == 3
        grader.kill()
    poll = select.poll()
    for end in ends:
        poll.register(end, select.POLLIN)
        assert poll.poll(20_000)
        poll.unregister(end)
        os.close(end)


def test_closing_ends_what_still_runs() -> None:
    with Warm(guest=GUEST) as warm:
        learner = Learner(warm)
        (child,) = children_of(zygote_of(warm))
        end = os.pidfd_open(child)
    assert select.select([end], [], [], 20)[0]
    os.close(end)
    learner.session.close()
