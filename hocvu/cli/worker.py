"""The verb `worker`: grade what is on the queue, in a process of its own."""

import os
import signal
from argparse import Namespace
from threading import Event, Thread

from hocvu.cli.say import say
from hocvu.jobs.code_grading import SubmissionGrader
from hocvu.jobs.worker import duty_of, work
from hocvu.portal.services import start_services
from hocvu.portal.submission import grade_attempt
from hocvu.settings import Settings

STANDARD_INPUT = 0


def worker(settings: Settings, chosen: Namespace) -> int:
    """Work until SIGTERM or Ctrl+C; with --with-parent also until the parent process is gone."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if chosen.with_parent:
        Thread(target=_wait_for_parent, args=(stop,), daemon=True).start()
    services, duty, grade_code = start_services(settings), duty_of(settings), SubmissionGrader()
    if not chosen.with_parent:
        say(f"Máy chấm {duty.name} đang chạy, chấm cùng lúc {duty.slots} bài. Dừng lại: nhấn Ctrl+C.")

    def grade(attempt_id: str) -> bool:
        return grade_attempt(services, attempt_id, services.clock(), grade_code)

    try:
        work(settings, services.records, grade, stop, duty)
    finally:
        grade_code.close()
        services.records.close()
    return 0


def _wait_for_parent(stop: Event) -> None:
    """The parent holds the other end of our standard input; it closes even when the parent is killed.

    Not through sys.stdin: its lock, held here for life, would make the interpreter abort at exit.
    """
    while os.read(STANDARD_INPUT, 4096):
        pass
    stop.set()
