"""A run over one assignment: hand folders to workers, record what they say in few transactions, count outcomes."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine

from hocvu.autograde.intake import check_name
from hocvu.autograde.one import Handler, Report
from hocvu.autograde.plan import Plan
from hocvu.autograde.problems import BadSubmission, DiskFull, Problem
from hocvu.autograde.report import Progress, Totals
from hocvu.autograde.submissions import Folder, is_newer
from hocvu.autograde.workers import Message, Workers
from hocvu.gradebook import (
    Entry,
    NotebookEntry,
    forget_marks,
    known_students,
    read_marks,
    save_entries,
    writing,
)
from hocvu.gradebook.entries import Penalty

BATCH = 250  # submissions a transaction
BATCH_S = 2.0  # and at most so long between two, so that a killed run loses little


@dataclass(frozen=True)
class Options:
    """What the command line and the configuration ask for."""

    jobs: int
    force: bool
    update: bool
    create_student: bool


class Run:
    """Grades the folders of one assignment."""

    def __init__(self, engine: Engine, plan: Plan, options: Options, penalty: Penalty) -> None:
        self._engine, self._plan, self._options, self._penalty = engine, plan, options, penalty
        self._totals = Totals()
        self._waiting: list[tuple[Entry, Report]] = []
        self._saved_at = time.monotonic()

    def grade(self, folders: Sequence[Folder], progress: Progress) -> Totals:
        """Grade all folders and return the totals. Raises DiskFull or GradebookError; what was recorded stays."""
        jobs = self._jobs(folders)
        for _ in range(len(folders) - len(jobs)):
            progress.step()
        handler = Handler(self._plan)
        try:
            if jobs:
                handler.start()  # what is started before the fork is shared by all workers
                with Workers(min(self._options.jobs, len(jobs)), handler.start, handler.handle) as workers:
                    for job, reply in workers.replies(jobs):
                        self._take(job["student"], Report(**reply) if reply else None)
                        progress.step()
        finally:  # even if the disk is full or Ctrl-C was pressed: what is graded is recorded
            self._save()
            handler.close()
            progress.close()
        return self._totals

    def _jobs(self, folders: Sequence[Folder]) -> list[Message]:
        assignment = self._plan.assignment
        with writing(self._engine) as connection:
            marks = read_marks(connection, assignment.id)
            known = None if self._options.create_student else known_students(connection)
            jobs = list(self._wanted(folders, marks, known))
            begun = [job["student"] for job in jobs if job["known"] is None and _can_be_recorded(job["student"])]
            forget_marks(connection, assignment.id, begun, _now())
        return jobs

    def _wanted(
        self, folders: Sequence[Folder], marks: dict[str, str | None], known: set[str] | None
    ) -> Iterator[Message]:
        for folder in folders:
            if known is not None and folder.student not in known:
                self._totals.states["failed"] += 1
                self._totals.problems.append((folder.student, Problem("no_student")))
                continue
            there = not self._options.force and self._plan.result_exists(folder.source, folder.dest)
            mark = marks.get(folder.student) if there else None
            if there and folder.student not in marks and not self._options.update and not is_newer(folder):
                self._totals.states["earlier"] += 1
                continue
            yield {
                "student": folder.student,
                "source": str(folder.source),
                "dest": str(folder.dest),
                "known": mark,
            }

    def _take(self, student: str, report: Report | None) -> None:
        if report is None:
            report = Report(problem={"key": "worker_died", "values": {}})
        if report.state == "disk_full":
            raise DiskFull(str((report.problem or {})["values"]["path"]))
        self._totals.notes += [(student, Problem(**note)) for note in report.notes]
        if report.problem:
            self._totals.problems.append((student, Problem(**report.problem)))
        if report.state != "graded":
            self._totals.states[report.state] += 1
        if report.recorded:
            self._waiting.append((_entry(student, report), report))
        if len(self._waiting) >= BATCH or time.monotonic() - self._saved_at > BATCH_S:
            self._save()

    def _save(self) -> None:
        if self._waiting:
            entries = [entry for entry, _ in self._waiting]
            with writing(self._engine) as connection:
                saved = save_entries(connection, self._plan.assignment, entries, self._penalty, _now())
            for entry, report in self._waiting:
                state = saved[entry.student_id]
                if report.state == "graded":
                    self._totals.states["waiting" if state.needs_manual_grade else "graded"] += 1
                if state.seconds_late > 0:
                    self._totals.notes.append((entry.student_id, Problem("late", {"seconds": state.seconds_late})))
        self._waiting = []
        self._saved_at = time.monotonic()


def _entry(student: str, report: Report) -> Entry:
    return Entry(
        student,
        datetime.fromisoformat(report.timestamp) if report.timestamp else None,
        tuple(NotebookEntry(**notebook) for notebook in report.notebooks),
        tuple(report.missing),
        report.fingerprint,
    )


def _can_be_recorded(student: str) -> bool:
    try:
        check_name(student)
    except BadSubmission:
        return False
    return True


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
