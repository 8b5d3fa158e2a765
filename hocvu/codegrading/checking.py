"""Whether an instructor's notebook can be graded: its own solution must earn every point, by value."""

from collections.abc import Mapping

from hocvu.codegrading.assignment import read_assignment
from hocvu.codegrading.cells import Marks
from hocvu.codegrading.grader import grade_notebook
from hocvu.codegrading.grades import Kind, NotebookStatus
from hocvu.notebooks import Notebook
from hocvu.sandbox import Warm


def check_notebook(
    notebook: Notebook, *, warm: Warm, marks: Marks | None = None, files: Mapping[str, bytes] | None = None
) -> tuple[str, ...]:
    """Return what must be mended before learners get this notebook, one line each; empty if it can be graded.

    Raises AuthoringError if it cannot even be read.
    """
    graded = grade_notebook(read_assignment(notebook, marks), notebook, warm=warm, files=files)
    if graded.status is NotebookStatus.NOT_CHECKED:
        return (graded.reason,)
    found = []
    for cell in graded.cells:
        if cell.kind is not Kind.TESTS or cell.auto_score == cell.max_score:
            continue
        if cell.auto_score is None:
            found.append(f"Ô {cell.grade_id!r}: không chấm tự động được. {cell.reason}")
        else:
            found.append(f"Ô {cell.grade_id!r}: lời giải mẫu chỉ được {cell.auto_score:g}/{cell.max_score:g} điểm.")
    return tuple(found)
