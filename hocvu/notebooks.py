"""Notebook files: read with limits, written in one normal form, so that a diff shows what a person changed."""

import json
import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hocvu.errors import BadNotebook

MAX_BYTES = 20_000_000
MAX_CELLS = 2_000
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_KEPT_CELL_METADATA = ("attachments", "jupyter", "nbgrader", "tags")

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One cell with what we use of it. index counts from 0."""

    index: int
    cell_type: str
    source: str
    grade_id: str
    points: float | None
    is_grade: bool


def read_notebook(path: Path) -> Notebook:
    """Return the notebook at `path` as nbformat-4 JSON.

    Raises BadNotebook for a link, a folder, more than 20 MB, broken UTF-8 or JSON, another format, over 2,000 cells.
    """
    try:  # O_NONBLOCK: a pipe in the way must not hang us
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BadNotebook(f"{path}: {error.strerror}. Expected a regular notebook file.") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            raise BadNotebook(f"{path}: {status.st_size} bytes. Expected a regular file of at most {MAX_BYTES} bytes.")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    return parse_notebook(data, str(path))


def parse_notebook(data: bytes, where: str) -> Notebook:
    """Return the notebook in `data`; `where` names it in errors. Raises BadNotebook."""
    try:
        notebook = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadNotebook(f"{where}: not a notebook ({error}). Save it again in JupyterLab.") from error
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4 or not isinstance(notebook.get("cells"), list):
        raise BadNotebook(f"{where}: not an nbformat-4 notebook. Save it again in JupyterLab.")
    if len(notebook["cells"]) > MAX_CELLS:
        raise BadNotebook(f"{where}: {len(notebook['cells'])} cells. Expected at most {MAX_CELLS}.")
    if not all(isinstance(cell, dict) for cell in notebook["cells"]):
        raise BadNotebook(f"{where}: a cell is not an object. Save it again in JupyterLab.")
    return notebook


def cells_of(notebook: Notebook) -> Iterator[Cell]:
    """Yield the cells in order, source joined to one text."""
    for index, cell in enumerate(notebook["cells"]):
        marks = cell.get("metadata", {}).get("nbgrader", {})
        source = cell.get("source", "")
        yield Cell(
            index=index,
            cell_type=str(cell.get("cell_type", "")),
            source=source if isinstance(source, str) else "".join(source),
            grade_id=str(marks.get("grade_id", "")),
            points=float(marks["points"]) if "points" in marks else None,
            is_grade=bool(marks.get("grade", False)),
        )


def normal_form(notebook: Notebook) -> Notebook:
    """Return the notebook without outputs, counts and stray metadata; cell id = grade_id where there is one; NFC."""
    cells = []
    for index, cell in enumerate(notebook["cells"]):
        metadata = cell.get("metadata", {})
        kept = {key: metadata[key] for key in _KEPT_CELL_METADATA if key in metadata}
        grade_id = kept.get("nbgrader", {}).get("grade_id")
        source = cell.get("source", "")
        text = unicodedata.normalize("NFC", source if isinstance(source, str) else "".join(source))
        made = {
            "cell_type": cell["cell_type"],
            "id": grade_id or cell.get("id") or f"o-{index + 1:02d}",
            "metadata": kept,
        }
        if cell["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
        cells.append(dict(sorted((made | {"source": text.splitlines(keepends=True)}).items())))
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook_text(notebook: Notebook) -> str:
    """Return the file text of a notebook: keys as given, one final newline."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def write_notebook(path: Path, notebook: Notebook) -> None:
    """Write `notebook` in normal form; readers see the old file or the new one, never half of it."""
    half = path.with_name(f".{path.name}.part")
    half.write_text(notebook_text(normal_form(notebook)), encoding="utf-8")
    half.replace(path)
