"""`hocvu autograde`: nbgrader's own application with its configuration and options, and our pipeline inside."""

import fcntl
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.apps.autogradeapp import AutogradeApp
from nbgrader.apps.baseapp import NbGrader
from nbgrader.converters import Autograde
from nbgrader.preprocessors import AssignLatePenalties, Execute
from sqlalchemy import Engine
from traitlets import Bool, Enum, Integer

from hocvu.autograde.configured import make_plan, told
from hocvu.autograde.report import Progress, Totals, print_summary
from hocvu.autograde.run import Options, Run
from hocvu.autograde.submissions import Folder, find_folders, nearest_folder
from hocvu.autograde.words import Words, choose_words
from hocvu.errors import HocvuError
from hocvu.gradebook import open_gradebook, read_assignment, writing


class AutogradeManyApp(AutogradeApp):  # type: ignore[misc]
    """Grades submitted/ into autograded/ and the gradebook, many learners at once."""

    name = "hocvu-autograde"
    description = "Autograde many submissions at once; the same options, files and gradebook as nbgrader autograde"

    jobs = Integer(0, help="Worker processes; 0: as many as there are cores.").tag(config=True)
    lang = Enum(["", "vi", "en"], "", help="Language of progress and summary; default: by LANG.").tag(config=True)
    update = Bool(False, help="Also look at results that nbgrader itself wrote, and grade what changed.").tag(
        config=True
    )

    unsafe_no_sandbox = Bool(
        False, help="Run learner code without a sandbox. For trials on machines without data."
    ).tag(config=True)

    aliases = {**AutogradeApp.aliases, "jobs": "AutogradeManyApp.jobs", "lang": "AutogradeManyApp.lang"}
    flags = {
        **AutogradeApp.flags,
        "update": ({"AutogradeManyApp": {"update": True}}, update.help),
        "unsafe-no-sandbox": ({"AutogradeManyApp": {"unsafe_no_sandbox": True}}, unsafe_no_sandbox.help),
    }

    def start(self) -> None:
        """Grade; exits with 1 if a submission could not be graded."""
        super(AutogradeApp, self).start()
        self._read_assignment_name()
        words = choose_words(self.lang, os.environ)
        try:
            status = self._grade_all(words)
        except HocvuError as error:
            status = _say(told(error, words))
        if status:
            sys.exit(status)

    def _read_assignment_name(self) -> None:
        given = [*self.extra_args, *([self.coursedir.assignment_id] if self.coursedir.assignment_id else [])]
        if len(given) != 1:
            self.fail("Exactly one assignment id must be specified, as an argument or with --assignment")
        self.coursedir.assignment_id = given[0]

    def _grade_all(self, words: Words) -> int:
        folders = find_folders(self.coursedir)
        if not folders:
            pattern = self.coursedir.format_path(
                self.coursedir.submitted_directory, self.coursedir.student_id, self.coursedir.assignment_id
            )
            near = nearest_folder(self.coursedir)
            hint = words("did_you_mean", name=near) if near else ""
            return _say(words("no_submissions", pattern=pattern, near=hint))
        engine = open_gradebook(self.coursedir.db_url, self.coursedir.course_id)
        with self._alone(words):
            return max(self._grade_assignment(engine, name, folders[name], words) for name in folders)

    def _grade_assignment(self, engine: Engine, name: str, folders: list[Folder], words: Words) -> int:
        began = time.monotonic()
        with writing(engine) as connection:
            assignment = read_assignment(connection, name)
        if assignment is None:
            return _say(words("no_assignment", name=name))
        converter = Autograde(coursedir=self.coursedir, parent=self)
        plan = make_plan(converter, assignment, unsafe=self.unsafe_no_sandbox)
        if not Execute(parent=converter).enabled:
            print(words("always_run"), file=sys.stderr)
        jobs = self.jobs or os.cpu_count() or 1
        options = Options(jobs, converter.force, self.update, converter.create_student)
        print(words("start", assignment=name, all=len(folders), jobs=min(jobs, len(folders))), file=sys.stderr)
        run = Run(engine, plan, options, self._penalty(converter))
        totals = run.grade(folders, Progress(sys.stderr, words, len(folders)))
        print_summary(sys.stderr, words, name, totals, time.monotonic() - began)
        self._log(words, totals)
        return totals.exit_status

    def _penalty(self, converter: Any) -> Any:
        late = AssignLatePenalties(parent=converter)
        late.init_plugin()
        return late.plugin_inst.late_submission_penalty

    def _log(self, words: Words, totals: Totals) -> None:
        for student, problem in totals.problems:
            self.log.error("%s: %s", student, words(problem.key, **problem.values))

    @contextmanager
    def _alone(self, words: Words) -> Iterator[None]:
        """Keep two runs apart. A killed run's workers hold the lock until they are gone: a rerun waits for them."""
        folder = Path(self.coursedir.format_path(self.coursedir.autograded_directory, ".", "."))
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / ".hocvu-autograde.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(words("waiting_for_other_run"), file=sys.stderr)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _say(text: str) -> int:
    print(f"hocvu: {text}", file=sys.stderr)
    return 1


def run_autograde(arguments: list[str], root: Path) -> int:
    """Run `hocvu autograde` with nbgrader's arguments in the course at `root`; return the exit status."""
    app = AutogradeManyApp()
    try:
        NbGrader.initialize(app, arguments, root="" if root == Path(".") else str(root.resolve()))
        app.start()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
