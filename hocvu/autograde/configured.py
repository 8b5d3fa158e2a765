"""What nbgrader's configuration says, read from one of its `Autograde` converters, as our pipeline takes it."""

import fnmatch
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions, Execute

from hocvu.autograde.code_grader import CodeOptions
from hocvu.autograde.data_grader import SourceChanged
from hocvu.autograde.graders import choose_graders
from hocvu.autograde.output import Modes
from hocvu.autograde.plan import Plan, fingerprint_of
from hocvu.autograde.problems import BadSubmission, DiskFull
from hocvu.autograde.submissions import extra_files
from hocvu.autograde.words import Words
from hocvu.codegrading import Marks
from hocvu.errors import HocvuError
from hocvu.gradebook import AssignmentRow

NO_TIMEOUT_S = 3600.0  # Execute.timeout = None; the sandbox's own limit of the whole submission is lower


def make_plan(converter: Any, assignment: AssignmentRow, *, unsafe: bool = False) -> Plan:
    """Return how the assignment is graded. Raises AuthoringError or HostLacks, as `choose_graders` does."""
    course = converter.coursedir
    source = Path(course.format_path(course.source_directory, ".", assignment.name))
    graders = choose_graders(assignment, source, _code_options(converter, unsafe))
    extra = extra_files(course, assignment.name, converter.exclude_overwriting.get(assignment.name, []), course.ignore)
    return Plan(
        assignment,
        graders,
        extra,
        tuple(course.ignore),
        Modes(int(str(converter.permissions), 8), course.groupshared),
        chosen=lambda name: fnmatch.fnmatchcase(name, course.notebook_id),
        whole=course.notebook_id == "*",
        before=converter.pre_convert_hook,
        after=converter.post_convert_hook,
        fingerprint=fingerprint_of(assignment, graders, extra),
    )


def _code_options(converter: Any, unsafe: bool) -> CodeOptions:
    return CodeOptions(Execute(parent=converter).timeout or NO_TIMEOUT_S, unsafe, marks_of(converter))


def marks_of(converter: Any) -> Marks:
    """Return the course's stubs and the marks around solutions and hidden tests."""
    stubs, hidden = ClearSolutions(parent=converter), ClearHiddenTests(parent=converter)
    return Marks(
        code_stub=stubs.code_stub.get("python", ""),
        text_stub=stubs.text_stub,
        begin_solution=stubs.begin_solution_delimeter,
        end_solution=stubs.end_solution_delimeter,
        begin_hidden=hidden.begin_test_delimeter,
        end_hidden=hidden.end_test_delimeter,
    )


def told(error: HocvuError, words: Words) -> str:
    """Return an error of grading in the reader's language, where there are such words for it."""
    if isinstance(error, SourceChanged):
        return words("source_changed", assignment=error.assignment, cell=error.cell)
    if isinstance(error, DiskFull):
        return words("disk_full", path=error.message)
    if isinstance(error, BadSubmission):
        return words(error.problem.key, **error.problem.values)
    return error.message
