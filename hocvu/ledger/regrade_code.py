"""Stored code graded again: in the sandbox, each text once, and only on a machine that has one."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from types import TracebackType
from typing import Self

from hocvu.codegrading.items import CodeItems
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.values import Unreadable
from hocvu.results import Result
from hocvu.sandbox import Missing, check_host

KEPT = 4_096  # results; more than the code of one batch


class CodeAgain:
    """Runs the code items of one assignment: `with CodeAgain(spec) as code:`. Opens nothing before there is code."""

    def __init__(self, spec: AssignmentSpec, host: Callable[[], tuple[Missing, ...]] = check_host) -> None:
        self._spec, self._host = spec, host
        self._items = CodeItems()
        self._grade_text = lru_cache(KEPT)(self._grade)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._items.close()

    @cached_property
    def missing(self) -> str:
        """What this machine lacks to run code, and what to do about it; "" if nothing."""
        return " ".join(str(lack) for lack in self._host() if lack.required)

    def can_grade(self, item_id: str, raw: object) -> bool:
        """Tell whether this answer can be graded here: it needs no run, or there is a sandbox."""
        try:
            needs_run = self._spec.item(item_id).question.parse(raw) is not None
        except Unreadable:
            needs_run = False
        return not needs_run or not self.missing

    def grade(self, item_id: str, raw: object) -> Result | None:
        """Return the result of one answer; None by a fault of ours."""
        return self._grade_text(item_id, raw) if isinstance(raw, str) else self._grade(item_id, raw)

    def _grade(self, item_id: str, raw: object) -> Result | None:
        faults: list[str] = []
        result = self._items.grade(self._spec, self._spec.item(item_id), raw, lambda item, _: faults.append(item))
        return None if faults else result
