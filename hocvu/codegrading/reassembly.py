"""What runs: the instructor's notebook with the learner's texts in the learner's places, nothing else of theirs."""

from collections import Counter
from dataclasses import dataclass

from hocvu.codegrading.assignment import CodeAssignment
from hocvu.codegrading.cells import SourceCell
from hocvu.codegrading.grades import Kind
from hocvu.codegrading.intake import LearnerCell
from hocvu.errors import BadNotebook


@dataclass(frozen=True)
class Step:
    """One cell of the notebook to be graded. cell is None for the learner's own; is_missing: not in the submission."""

    cell_type: str
    source: str
    cell: SourceCell | None = None
    is_missing: bool = False

    @property
    def runs_with_learner(self) -> bool:
        """Tell whether it runs on the learner's side."""
        is_test = self.cell is not None and self.cell.kind is Kind.TESTS
        return self.cell_type == "code" and not is_test and not (self.is_missing and self.is_learners)

    @property
    def is_learners(self) -> bool:
        return self.cell is None or self.cell.is_learners


@dataclass(frozen=True)
class Plan:
    """The cells in order, and the ids of answer cells that were handed in twice with different texts."""

    steps: tuple[Step, ...]
    duplicated: tuple[str, ...]


def reassemble(assignment: CodeAssignment, submitted: tuple[LearnerCell, ...]) -> Plan:
    """Return the plan for one submission. Raises BadNotebook if none of the assignment's ids is in it."""
    anchors = assignment.anchors
    counts = Counter(cell.grade_id for cell in submitted if cell.grade_id in anchors)
    if anchors and not counts:
        raise BadNotebook(
            "Trong bài nộp không còn mã của ô nào, nên không biết ô nào trả lời câu nào. "
            "Anh/chị tải lại bài gốc, chép câu trả lời vào rồi nộp lại."
        )
    texts: dict[str, str] = {}
    duplicated: dict[str, None] = {}
    between: dict[str, list[Step]] = {"": []}
    place = ""
    for cell in submitted:
        anchor = anchors.get(cell.grade_id)
        if anchor is None:
            between[place].append(Step(cell.cell_type, cell.source))
            continue
        counts[cell.grade_id] -= 1
        if counts[cell.grade_id]:  # an earlier copy: as in nbgrader the last one counts, the others just run
            if anchor.is_learners:
                between[place].append(Step(cell.cell_type, cell.source))
                if any(cell.source != other.source for other in submitted if other.grade_id == cell.grade_id):
                    duplicated[cell.grade_id] = None
            continue
        place = cell.grade_id
        between.setdefault(place, [])
        texts[place] = cell.source
    return Plan(tuple(_in_order(assignment, texts, between)), tuple(duplicated))


def _in_order(assignment: CodeAssignment, texts: dict[str, str], between: dict[str, list[Step]]) -> list[Step]:
    steps = [*between[""]]
    for cell in assignment.cells:
        if not cell.is_anchor:
            continue  # free cells of the instructor are in the learner's hands: they come with the learner's cells
        source = cell.source
        if cell.is_learners:
            source = texts.get(cell.grade_id, cell.released)
        steps.append(Step(cell.cell_type, source, cell, cell.grade_id not in texts))
        steps += between.get(cell.grade_id, [])
    return steps
