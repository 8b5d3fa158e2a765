"""The words that tests tell their stories in: a small course on disk."""

import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SETUP = "from hocvu.questions import *"
RIGHT_OR_LEFT = (
    'q = choose_one("1-2", "Bên nào?", competency="NL1", level=1, a="Phải", b="Trái")\n'
    "q\n"
    "### BEGIN HIDDEN TESTS\n"
    'q.key("a", feedback={"a": "Phải là đúng.", "b": "Trái là sai."})\n'
    "### END HIDDEN TESTS"
)


class Course:
    """A course root in a temporary folder with one assignment that a test fills cell by cell."""

    def __init__(self, root: Path, slug: str = "01-thu") -> None:
        self.root = root
        self.slug = slug
        self._cells: list[dict[str, Any]] = []
        self.code(SETUP)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._cells.clear()

    def markdown(self, source: str) -> Self:
        self._cells.append({"cell_type": "markdown", "metadata": {}, "source": source})
        return self

    def code(self, source: str, **marks: object) -> Self:
        metadata = {"nbgrader": marks} if marks else {}
        self._cells.append(
            {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}
        )
        return self

    def question(self, grade_id: str = "1-2", source: str = RIGHT_OR_LEFT, points: float | None = 4.0) -> Self:
        marks: dict[str, object] = {
            "grade": True, "grade_id": grade_id, "locked": True, "schema_version": 3, "solution": False, "task": False,
        }  # fmt: skip
        return self.code(source, **marks | ({} if points is None else {"points": points}))

    @property
    def source(self) -> Path:
        """The instructor's notebook, written from the cells told so far."""
        path = self.root / "source" / self.slug / "exercises.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [cell | {"id": f"o-{index:02d}"} for index, cell in enumerate(self._cells)]
        spec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        notebook = {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
        path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        return path
