"""From a raw answer to a Result: the one road that the server, the tests and stock nbgrader all take."""

from typing import Any, Protocol

from hocvu.questions.values import Context, Graded, Key, MissingAnswer, Unreadable
from hocvu.results import Result, Status

COMPLETION = "TXT"  # without points it counts as done; any other kind without points is practice, right or wrong


class Gradable(Protocol):
    """What judging needs of a question."""

    @property
    def id(self) -> str: ...

    @property
    def kind(self) -> str: ...

    def parse(self, raw: object) -> Any: ...

    def grade(self, key: Key, value: Any, context: Context) -> Graded: ...

    def show(self, value: Any) -> str: ...


def judge(question: Gradable, key: Key, raw: object, max_points: float, context: Context) -> Result:
    """Return the Result of one raw answer. Pure: same arguments, same result."""
    try:
        value = question.parse(raw)
    except Unreadable as error:
        return Result(question.id, 0.0, max_points, Status.UNREADABLE, message=str(error))
    if value is None:
        return Result(question.id, 0.0, max_points, Status.BLANK, message="Chưa trả lời.")
    shown = question.show(value)
    try:
        graded = question.grade(key, value, context)
    except MissingAnswer as error:
        return Result(question.id, 0.0, max_points, Status.BLANK, shown, message=str(error))
    if max_points == 0 and question.kind == COMPLETION and graded.share < 1:  # done only when it is done
        message = "Chưa điền đủ nên chưa tính là hoàn thành."
        return Result(question.id, 0.0, max_points, Status.BLANK, shown, graded.feedback, message)
    points = round(graded.share * max_points, 6)
    return Result(question.id, points, max_points, Status.GRADED, shown, graded.feedback)
