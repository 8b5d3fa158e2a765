"""The points of a no-code submission: a pure function of the assignment, the answers and the seed."""

from collections.abc import Callable, Mapping
from typing import Any

from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.judge import judge
from hocvu.questions.values import Context, Unreadable
from hocvu.results import Result, Status

# Part of every stored result; raise it when grading the same answer may give other points.
ENGINE_VERSION = "1"


Reporter = Callable[[str, BaseException], None]


def grade_answers(
    spec: AssignmentSpec, answers: Mapping[str, object], seed: int, on_fault: Reporter | None = None
) -> tuple[Result, ...]:
    """Return one Result per item, in the assignment's order.

    A fault of ours in one item makes that item NOT_CHECKED (reported through on_fault), never the learner's zero.
    Raises UnknownItem for an answer to an item that the assignment does not have.
    """
    for item_id in answers:
        spec.item(item_id)
    context = Context(answers, seed)
    return tuple(_grade_item(item, answers.get(item.id), context, on_fault) for item in spec.items)


def grade_item(item: ItemSpec, answers: Mapping[str, object], seed: int, on_fault: Reporter | None = None) -> Result:
    """Return the Result of one item of a submission, as grade_answers would."""
    return _grade_item(item, answers.get(item.id), Context(answers, seed), on_fault)


def _grade_item(item: ItemSpec, raw: object, context: Context, on_fault: Reporter | None) -> Result:
    try:
        return judge(item.question, item.key, raw, item.max_points, context)
    except Exception as fault:  # the worker's edge: whatever a question type trips over is ours to mend
        if on_fault:
            on_fault(item.id, fault)
        message = "Hệ thống chưa chấm được câu này. Câu trả lời đã được giữ nguyên và sẽ được chấm lại."
        return Result(item.id, 0.0, item.max_points, Status.NOT_CHECKED, message=message)


def unreadable_answers(spec: AssignmentSpec, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return {item id: what is expected} for the answers that must be asked again. Raises UnknownItem."""
    messages = {}
    for item_id, raw in answers.items():
        try:
            spec.item(item_id).question.parse(raw)
        except Unreadable as error:
            messages[item_id] = str(error)
    return messages
