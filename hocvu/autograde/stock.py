"""Stock `nbgrader autograde` and formgrader's button, with our grading as two of nbgrader's own preprocessors.

nbgrader_config.py lists them in the place of Execute and SaveAutoGrades. No kernel is started, and nothing that
learners wrote runs in this process: answers are data, code runs in the sandbox, tests outside it, as in
`hocvu autograde`.
"""

import os
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, finalize

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from hocvu.autograde.configured import make_plan, told
from hocvu.autograde.grader import Graded, Work
from hocvu.autograde.intake import check_name, read_submission
from hocvu.autograde.plan import Plan
from hocvu.autograde.words import Words, choose_words
from hocvu.errors import HocvuError
from hocvu.gradebook import open_gradebook, read_assignment, writing

GRADED = "hocvu"  # the place in nbconvert's resources where the outcome of one notebook is handed on

# The plans of each run of `Autograde`, by assignment. They go with their run: its sandbox ends then.
_plans: WeakKeyDictionary[Any, dict[str, Plan]] = WeakKeyDictionary()


class NotGraded(HocvuError):
    """This submission fails, as nbgrader has it: no result, no points; the message says why and what to do next."""

    code = "not_graded"


class GradeSubmission(NbGraderPreprocessor):  # type: ignore[misc]
    """Takes the notebook that nbgrader read for a name only: the submission is read, checked and graded our way."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Return the autograded notebook; its points and comments wait in `resources` for SaveGrades."""
        words = choose_words("", os.environ)
        try:
            graded = self._grade(resources["nbgrader"], words)
        except HocvuError as error:
            said = told(error, words)
            self.log.error(said)
            raise NotGraded(said) from None
        resources[GRADED] = graded
        return nbformat.reads(graded.text, as_version=4), resources

    def _grade(self, named: Any, words: Words) -> Graded:
        student, name = named["student"], named["notebook"]
        check_name(student)
        converter = self.parent.parent  # of the exporter
        plan = self._plan(converter, named["assignment"], words)
        course = converter.coursedir
        folder = course.format_path(course.submitted_directory, student, named["assignment"])
        submission = read_submission(Path(folder), plan.ignore)
        files = {**submission.files, **plan.extra}
        graded = plan.graders[name].grade(Work(name, submission.notebooks[name], files, plan.extra))
        for note in graded.notes:
            self.log.warning("%s: %s", student, words(note.key, **note.values))
        return graded

    def _plan(self, converter: Any, assignment: str, words: Words) -> Plan:
        plans = _plans.get(converter)
        if plans is None:
            plans = _plans[converter] = {}
            finalize(converter, _close, plans)
        if assignment not in plans:
            course = converter.coursedir
            with writing(open_gradebook(course.db_url, course.course_id)) as connection:
                row = read_assignment(connection, assignment)
            if row is None:
                raise NotGraded(words("no_assignment", name=assignment))
            plans[assignment] = make_plan(converter, row)
        return plans[assignment]


class SaveGrades(SaveAutoGrades):  # type: ignore[misc]
    """Saves the points and comments that GradeSubmission decided: a cell's outputs are not asked."""

    def _add_score(self, cell: Any, resources: Any) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = resources[GRADED].grades[name]
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()

    def _add_comment(self, cell: Any, resources: Any) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
        comment.auto_comment = resources[GRADED].comments[name]
        self.gradebook.db.commit()


def _close(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        plan.close()
