"""One submission from folder to result, inside a worker: read, grade, write the files, and say what came out."""

import logging
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hocvu.autograde.grader import Graded, Work
from hocvu.autograde.intake import Submission, check_name, read_submission
from hocvu.autograde.output import remove_output, write_folder, write_into
from hocvu.autograde.plan import Plan
from hocvu.autograde.problems import BadSubmission, DiskFull, Problem
from hocvu.autograde.workers import Message

log = logging.getLogger(__name__)


@dataclass
class Report:
    """What a worker tells the parent of one submission; travels as JSON.

    state: graded, unchanged, empty, failed or disk_full. recorded: the gradebook is to know of this submission,
    with the notebooks that were graded before something failed, as nbgrader would have left it.
    """

    state: str = "failed"
    recorded: bool = False
    fingerprint: str | None = None
    timestamp: str | None = None
    missing: list[str] = field(default_factory=list)
    notebooks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    problem: dict[str, Any] | None = None

    def note(self, key: str, **values: str | int | float) -> None:
        self.notes.append(asdict(Problem(key, values)))


class Handler:
    """Grades the submissions of one plan in a worker process."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def start(self) -> None:
        """Prepare the graders in this process."""
        for grader in self._plan.graders.values():
            grader.start()

    def close(self) -> None:
        """End what they started."""
        self._plan.close()

    def handle(self, job: Message) -> Message:
        """Grade job["source"] into job["dest"] and return the report; what goes wrong stays with this submission."""
        report = Report()
        dest = Path(job["dest"])
        try:
            self._grade(job, dest, report)
        except DiskFull as full:
            report.state, report.problem = "disk_full", asdict(Problem("disk_full", {"path": str(full)}))
        except BadSubmission as bad:
            self._fail(bad.problem, dest, report)
        except Exception as fault:  # the worker's edge: a fault of ours must not stop the others
            log.exception("%s", job["source"])
            self._fail(Problem("internal", {"said": f"{type(fault).__name__}: {fault}"[:200]}), dest, report)
        return asdict(report)

    def _grade(self, job: Message, dest: Path, report: Report) -> None:
        check_name(job["student"])
        submission = read_submission(Path(job["source"]), self._plan.ignore)
        chosen = sorted(name for name in submission.notebooks if self._plan.chosen(name))
        if not chosen:
            self._check_empty(submission, report)
            return
        fingerprint = self._plan.hash_with(submission.sha256)
        if job["known"] == fingerprint:
            report.state = "unchanged"
            return
        self._begin(submission, chosen, report)
        files = self._grade_notebooks(job, submission, chosen, report)
        self._write(dest, files)
        self._call(self._plan.after, job, chosen)
        report.state, report.fingerprint = "graded", fingerprint

    def _check_empty(self, submission: Submission, report: Report) -> None:
        if submission.files and not submission.notebooks:
            raise BadSubmission("no_notebook", expected=self._expected())
        report.state = "empty"

    def _begin(self, submission: Submission, chosen: list[str], report: Report) -> None:
        timestamp: datetime | None = submission.timestamp
        report.timestamp = timestamp.isoformat() if timestamp else None
        report.recorded = True
        if unknown := [name for name in chosen if name not in self._plan.graders]:
            if len(unknown) == len(chosen):
                raise BadSubmission("unknown_notebooks", expected=self._expected(), found=", ".join(unknown)[:120])
            report.note("skipped_notebook", names=", ".join(unknown)[:120])
        report.missing = [name for name in self._plan.graders if name not in submission.notebooks]

    def _grade_notebooks(
        self, job: Message, submission: Submission, chosen: list[str], report: Report
    ) -> dict[str, bytes]:
        known = [name for name in chosen if name in self._plan.graders]
        self._call(self._plan.before, job, known)
        files = {**submission.files, **self._plan.extra}
        made = dict(files)
        for name in known:
            graded: Graded = self._plan.graders[name].grade(
                Work(name, submission.notebooks[name], files, self._plan.extra)
            )
            made[f"{name}.ipynb"] = _encoded(name, graded.text)
            report.notebooks.append({"name": name, "grades": dict(graded.grades), "comments": dict(graded.comments)})
            report.notes += [asdict(note) for note in graded.notes]
        return made

    def _write(self, dest: Path, files: dict[str, bytes]) -> None:
        if self._plan.whole:
            write_folder(dest, files, self._plan.modes)
        else:
            write_into(dest, files, self._plan.modes)

    def _fail(self, problem: Problem, dest: Path, report: Report) -> None:
        report.state, report.problem, report.fingerprint = "failed", asdict(problem), None
        try:
            remove_output(dest, None if self._plan.whole else tuple(filter(self._plan.chosen, self._plan.graders)))
        except (BadSubmission, DiskFull):
            log.exception("%s", dest)

    def _expected(self) -> str:
        return ", ".join(f"{name}.ipynb" for name in self._plan.graders)

    def _call(self, hook: Any, job: Message, notebooks: list[str]) -> None:
        if hook is None:
            return
        paths = [str(Path(job["source"]) / f"{name}.ipynb") for name in notebooks]
        try:
            hook(assignment=self._plan.assignment.name, student=job["student"], notebooks=paths)
        except Exception:  # as in nbgrader, an instructor's hook that fails stops nothing
            log.exception("hook")


def _encoded(name: str, text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:  # a lone surrogate from a JSON escape
        raise BadSubmission("bad_notebook", path=f"{name}.ipynb", said=str(error)[:120]) from error
