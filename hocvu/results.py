"""What grading one item says: points, needs review, or could not be checked. A fault of ours is never a zero."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How an item came out. Only GRADED and BLANK carry points that count."""

    GRADED = "graded"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    NEEDS_REVIEW = "needs_review"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Feedback:
    """One line of feedback for one part of an answer.

    right: True or False where the part was judged, None where it was only commented.
    """

    label: str
    text: str
    right: bool | None = None


@dataclass(frozen=True)
class Result:
    """The outcome of one item. points in 0..max_points; shown is the answer in plain words."""

    item_id: str
    points: float
    max_points: float
    status: Status
    shown: str = ""
    feedback: tuple[Feedback, ...] = ()
    message: str = ""

    @property
    def share(self) -> float:
        """Points as a share in 0..1; an item without points is 1 when it was done, else 0."""
        if self.max_points > 0:
            return self.points / self.max_points
        return 1.0 if self.status in (Status.GRADED, Status.NEEDS_REVIEW) else 0.0
