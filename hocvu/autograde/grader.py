"""The one seam between the pipeline and the two ways of grading a notebook: as data, or as code in the sandbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hocvu.autograde.problems import BadSubmission, Problem


@dataclass(frozen=True)
class Work:
    """A submitted notebook and the files beside it: all of them, and those that come from the instructor."""

    name: str
    data: bytes
    files: Mapping[str, bytes]
    instructor_files: Mapping[str, bytes]


@dataclass(frozen=True)
class Graded:
    """What came out. grades: {grade_id: points, None for a person}; comments: {grade_id: automatic comment or None}.

    text: the autograded notebook.
    """

    text: str
    grades: Mapping[str, float | None]
    comments: Mapping[str, str | None]
    notes: tuple[Problem, ...] = ()


class Grader(Protocol):
    """Grades one notebook of one assignment, for many learners."""

    @property
    def version(self) -> str:
        """What changes when the same submission may be graded differently."""

    def start(self) -> None:
        """Called once before the workers are forked, and in each of them, before its first submission."""

    def grade(self, work: Work) -> Graded:
        """Return the outcome. Raises BadSubmission if this submission cannot be graded."""

    def close(self) -> None:
        """End what grading started in this process; a worker process that ends need not."""


class NoGrader:
    """Stands in where learner code cannot be graded on this machine: never zero points, never full."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    @property
    def version(self) -> str:
        return "none"

    def start(self) -> None:
        """Nothing to prepare."""

    def grade(self, work: Work) -> Graded:
        raise BadSubmission("not_available", name=work.name, said=self._reason)

    def close(self) -> None:
        """Nothing was started."""
