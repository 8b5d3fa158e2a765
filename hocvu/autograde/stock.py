"""For stock `nbgrader autograde` and formgrader's button: a preprocessor that runs no learner code of a data notebook.

nbgrader_config.py puts it in the place of Execute. Notebooks with learner code go to nbgrader's own Execute.
"""

from collections.abc import Mapping
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution

from hocvu.autograde.data_grader import code_cells, is_data_notebook, is_mixed_notebook, parse_answers
from hocvu.autograde.template import question_outputs
from hocvu.codegrading.items import CodeItems
from hocvu.errors import HocvuError
from hocvu.grading import grade_answers
from hocvu.notebooks import read_notebook
from hocvu.publishing.specs import compile_assignment
from hocvu.questions.assignment import AssignmentSpec
from hocvu.questions.beside import ANSWERS_FILE, answer_line
from hocvu.results import Status


class NotChecked(HocvuError):
    """A fault of ours in an item: nbgrader has no word for it but a submission that fails."""

    code = "not_checked"


class ExecuteUnlessData(Execute):  # type: ignore[misc]
    """nbgrader's Execute, except that the answers of a data notebook are graded as data. Configured as `Execute`."""

    def preprocess(self, nb: Any, resources: Any = None, km: Any = None) -> tuple[Any, Any]:
        """Return the notebook with its outputs."""
        spec = self._spec(resources["nbgrader"]["assignment"], resources["nbgrader"]["notebook"])
        graded = [cell for cell in nb.cells if is_grade(cell) and cell.cell_type == "code"]
        if spec is None or not {cell.metadata.nbgrader["grade_id"] for cell in graded} <= {i.id for i in spec.items}:
            made: tuple[Any, Any] = super().preprocess(nb, resources, km)
            return made
        written = {cell.metadata.nbgrader["grade_id"]: cell.source for cell in nb.cells if is_solution(cell)}
        _fill(graded, spec, Path(resources["metadata"]["path"]) / ANSWERS_FILE, written)
        return nb, resources

    def _spec(self, assignment: str, notebook: str) -> AssignmentSpec | None:
        course = self.parent.parent.coursedir  # of the exporter's converter
        path = Path(course.format_path(course.source_directory, ".", assignment)) / f"{notebook}.ipynb"
        return compiled(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=8)  # formgrader's server lives long; an edited source is compiled again
def compiled(path: Path, changed_ns: int) -> AssignmentSpec | None:
    """Return the questions of a data notebook, None for any other. changed_ns is only there for the cache."""
    source = read_notebook(path)
    return compile_assignment(path) if is_data_notebook(source) or is_mixed_notebook(source) else None


def _fill(cells: list[Any], spec: AssignmentSpec, path: Path, written: Mapping[str, str]) -> None:
    given = parse_answers(path.read_bytes() if path.exists() else b"{}")
    code = code_cells(spec, spec.notebook)
    known = {item.id: given.answers[item.id] for item in spec.items if item.id in given.answers and item.id not in code}
    results = {result.item_id: result for result in grade_answers(spec, known, given.seed)}
    with closing(CodeItems()) as sandbox:  # opens nothing unless there is code to run
        for item_id, (cell_id, _) in code.items():
            results[item_id] = sandbox.grade(spec, spec.item(item_id), written.get(cell_id))
    for count, cell in enumerate(cells, 1):
        result = results[cell.metadata.nbgrader["grade_id"]]
        if result.status is Status.NOT_CHECKED:
            raise NotChecked(f"{spec.slug}, cell {result.item_id}: could not be checked by a fault of ours.")
        line, points = question_outputs(result.item_id, count)
        line["data"]["text/html"], points["data"]["text/plain"] = answer_line(result), repr(float(result.points))
        line["data"]["text/plain"] = line["data"]["text/plain"][0]
        cell.execution_count, cell.outputs = count, [from_dict(line), from_dict(points)]
