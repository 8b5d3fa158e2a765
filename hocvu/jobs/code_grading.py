"""How a worker grades an attempt with code: data items as always, each code item in the sandbox."""

from collections.abc import Mapping
from typing import Any

from hocvu.codegrading.items import CodeItems
from hocvu.grading import Reporter, grade_answers
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.code import Code
from hocvu.results import Result


class SubmissionGrader:
    """One in each worker: `results = grader(spec, answers, seed, report)`, in the assignment's order."""

    def __init__(self, items: CodeItems | None = None) -> None:
        self._items = items or CodeItems()

    def __call__(
        self, spec: AssignmentSpec, answers: Mapping[str, Any], seed: int, report: Reporter
    ) -> tuple[Result, ...]:
        code = {item.id: item for item in spec.items if isinstance(item.question, Code)}
        data = {item_id: raw for item_id, raw in answers.items() if item_id not in code}
        results = grade_answers(spec, data, seed, report)
        return tuple(
            self._items.grade(spec, code[one.item_id], answers.get(one.item_id), report) if one.item_id in code else one
            for one in results
        )

    def close(self) -> None:
        """End the sandbox's warm processes."""
        self._items.close()
