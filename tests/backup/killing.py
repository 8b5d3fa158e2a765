"""kill -9 at every step that a command takes on the disk: the words of those stories."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from itertools import count

STEPS = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect"}


def killed_at_each_step(run: Callable[[int], object]) -> Iterator[int]:
    """Yield 1, 2, …: each time `run(number)` was killed just before that step, in a process of its own.

    Ends when a run came to its end. Python itself reports the steps, so a new one is a new place to die at.
    """
    for number in count(1):
        pid = os.fork()
        if pid == 0:
            _die_at(number)
            status = 1
            try:
                run(number)
                status = 0
            finally:
                os._exit(status)
        _, ended = os.waitpid(pid, 0)
        if os.WIFEXITED(ended):
            assert os.WEXITSTATUS(ended) == 0
            return
        assert os.WTERMSIG(ended) == signal.SIGKILL
        yield number


def _die_at(number: int) -> None:
    steps = count(1)

    def hook(event: str, _: object) -> None:
        if event in STEPS and next(steps) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
