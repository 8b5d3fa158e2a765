"""One submission on its two sides: the learner's child and the bench, and what is carried between them."""

import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from hocvu.codegrading.assignment import CodeAssignment
from hocvu.codegrading.cells import SourceCell
from hocvu.codegrading.grades import Output
from hocvu.codegrading.outputs import clean_outputs
from hocvu.codegrading.points import Outcome, read_outcome
from hocvu.codegrading.reassembly import Step
from hocvu.sandbox import GuestDied, GuestTimeout, Session, Warm

TIMED_OUT = {
    "output_type": "error",
    "ename": "CellTimeoutError",
    "evalue": "",
    "traceback": ["\x1b[0;31mCellTimeoutError\x1b[0m: No reply from kernel before timeout"],
}
BENCH_GONE = "Phần kiểm tra đã dừng giữa chừng: {} Cần người xem."
MAX_ASKS = 20_000  # of one test cell
MAX_NAMES = 2_000  # that one cell's functions may be said to look up


class Run:
    """Runs steps in order: `with Run(...) as run: run.learner_cell(step); run.test_cell(cell)`."""

    def __init__(
        self, warm: Warm, assignment: CodeAssignment, files: Mapping[str, bytes], seed: int, timeout_s: float
    ) -> None:
        self._warm = warm
        self._assignment = assignment
        self._files = dict(files)
        self._seed = seed
        self._timeout_s = timeout_s
        self._stack = ExitStack()
        self._learner: Session | None = None
        self._bench: Session | None = None
        self.learner_gone = ""  # why the learner's side is no more, in the learner's words
        self.bench_gone = ""
        self._set_up_to = 0
        self._late: frozenset[str] = frozenset()  # names that the learner's functions are said to look up when called
        self.count = 0  # cells that ran so far: the In[number] of a notebook
        self.told_hidden = False  # the learner's code was given an argument of a hidden test

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def learner_cell(self, step: Step) -> list[Output]:
        """Run a cell on the learner's side and return what it shows."""
        if self.learner_gone:
            return []
        self.count += 1
        message = {"op": "run", "source": step.source, "cell": self.count}
        if self._assignment.has_rebinding_tests:
            message["tell_late"] = True
        try:
            reply = self._open_learner().ask(message, self._timeout_s)
        except GuestTimeout as late:
            if late.reply is None:
                self.learner_gone = late.message
            reply = late.reply or {"outputs": [TIMED_OUT]}
        except GuestDied as dead:
            self.learner_gone = dead.message
            return [_note(dead.message)]
        self._late |= _names(reply.get("late"))
        return clean_outputs(reply.get("outputs"), self.count)

    def set_up_before(self, index: int) -> None:
        """Run what the bench needs of the instructor's cells before `index` and has not run yet."""
        while self._set_up_to < index:
            self._set_up(self._set_up_to)
            self._set_up_to += 1

    def _set_up(self, index: int) -> None:
        source = self._assignment.on_bench.get(index)
        if source is None or self.bench_gone:
            return
        binds = sorted(self._assignment.cells[index].names.binds)
        trusted = sorted(_binds_before(self._assignment, index))
        self._converse({"op": "setup", "source": source, "binds": binds, "learner": [], "trusted": trusted})

    def test_cell(self, cell: SourceCell) -> tuple[Outcome, list[Output]]:
        """Run a test on the bench and return how it came out and what it shows."""
        if self.bench_gone:
            return Outcome("review", self.bench_gone), []
        self.count += 1
        owner = self._assignment.ownership[cell.index]
        message = {
            "op": "test", "source": cell.source, "cell": self.count, "first_hidden": cell.first_hidden,
            "learner": sorted(owner.learner), "trusted": sorted(owner.trusted), "rebinds": sorted(owner.rebinds),
            "late": sorted(self._late), "found": self._look_up(owner.shown),
        }  # fmt: skip
        reply = self._converse(message)
        if reply is None:
            return Outcome("review", self.bench_gone), []
        if reply.get("timed_out"):
            return Outcome("failed"), [dict(TIMED_OUT)]
        if self.learner_gone and reply["status"] != "passed":
            return Outcome("review", self.learner_gone), []
        return read_outcome(reply), clean_outputs(reply.get("outputs"), self.count)

    def _converse(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Run a message on the bench, carrying its questions to the learner's side, until it is done or out of time."""
        deadline = time.monotonic() + self._timeout_s
        try:
            reply = self._open_bench().ask(message, self._timeout_s)
            for _ in range(MAX_ASKS):
                if "ask" not in reply:
                    return reply
                self.told_hidden = self.told_hidden or bool(reply["hidden"])
                answer = self._ask_learner(reply["ask"], deadline)
                left_s = max(0.001, deadline - time.monotonic())
                reply = self._open_bench().ask({"op": "answer", "reply": answer}, left_s)
            self.bench_gone = BENCH_GONE.format(f"quá {MAX_ASKS} lần gọi.")
        except GuestTimeout as late:
            if late.reply is not None and "ask" not in late.reply:
                return late.reply
            self.bench_gone = BENCH_GONE.format(late.message)
        except GuestDied as dead:
            self.bench_gone = BENCH_GONE.format(dead.message)
        return None

    def _look_up(self, names: frozenset[str]) -> dict[str, Any]:
        """Return what the learner's side says of these names, asked at once: the test needs not ask for each."""
        if not names or self.learner_gone:
            return {}
        message = {"op": "lookups", "names": sorted(names)}
        found = self._ask_learner(message, time.monotonic() + self._timeout_s).get("found")
        return found if type(found) is dict else {}

    def _ask_learner(self, message: dict[str, Any], deadline: float) -> dict[str, Any]:
        gone = {"error": {"ename": "RuntimeError", "base": "RuntimeError", "evalue": self.learner_gone}}
        if self.learner_gone:
            return gone
        left_s = max(0.001, 0.8 * (deadline - time.monotonic()))
        try:
            return self._open_learner().ask(message, left_s)
        except GuestTimeout as late:
            if late.reply is None:
                self.learner_gone = late.message
            return late.reply or {"error": {"base": "TimeoutError", "evalue": late.message}}
        except GuestDied as dead:
            self.learner_gone = dead.message
            return {"error": {"base": "RuntimeError", "evalue": dead.message}}

    def _open_learner(self) -> Session:
        if self._learner is None:
            self._learner = self._open("learner")
        return self._learner

    def _open_bench(self) -> Session:
        if self._bench is None:
            self._bench = self._open("tests")
        return self._bench

    def _open(self, role: str) -> Session:
        session = self._stack.enter_context(self._warm.session(self._files))
        session.ask({"role": role, "seed": self._seed}, self._timeout_s)
        return session


def _binds_before(assignment: CodeAssignment, index: int) -> set[str]:
    """Return the names that belong to the instructor up to a cell: never asked of the learner."""
    cells = [cell for cell in assignment.cells[: index + 1] if not cell.is_learners]
    return {name for cell in cells for name in cell.names.binds}


def _names(claimed: Any) -> frozenset[str]:
    """Return the names in a guest's claim. Left out, a function sees the learner's value; made up, a person looks."""
    names = claimed[:MAX_NAMES] if type(claimed) is list else []
    return frozenset(name for name in names if type(name) is str)


def _note(text: str) -> Output:
    return {"output_type": "stream", "name": "stderr", "text": text + "\n"}
