"""Code notebooks: learner cells run in a sandbox, tests run outside it and get the learner's values by value.

    assignment = read_assignment(notebook)
    with Warm(guest=GUEST, preload=PRELOAD) as warm:
        graded = grade_notebook(assignment, submitted_bytes, warm=warm)

Points are nbgrader's, except where nbgrader can be talked into giving them: docs/nbgrader-differences.md.
"""

from hocvu.codegrading.assignment import CodeAssignment, read_assignment
from hocvu.codegrading.cells import Marks
from hocvu.codegrading.checking import check_notebook
from hocvu.codegrading.grader import BARE_PRELOAD, GUEST, PRELOAD, grade_notebook
from hocvu.codegrading.grades import CellGrade, GradedNotebook, Kind, NotebookStatus
from hocvu.codegrading.views import learner_view

__all__ = [
    "BARE_PRELOAD",
    "GUEST",
    "PRELOAD",
    "CellGrade",
    "CodeAssignment",
    "GradedNotebook",
    "Kind",
    "Marks",
    "NotebookStatus",
    "check_notebook",
    "grade_notebook",
    "learner_view",
    "read_assignment",
]
