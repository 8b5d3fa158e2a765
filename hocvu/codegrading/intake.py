"""What is taken from a submitted file: bounded, strictly read JSON, and of it only the cells' types, ids and texts."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn

from hocvu.errors import BadNotebook

MAX_BYTES = 10_000_000
MAX_CELLS = 1_000
MAX_CELL_CHARACTERS = 1_000_000
MAX_DEPTH = 100
AGAIN = "Anh/chị mở lại bài trong JupyterLab, lưu rồi nộp lại."


@dataclass(frozen=True)
class LearnerCell:
    """One cell as handed in. grade_id is "" for cells of the learner's own; everything else of the cell is left out."""

    cell_type: str
    source: str
    grade_id: str = ""


def read_submission(submitted: bytes | dict[str, Any]) -> tuple[LearnerCell, ...]:
    """Return the cells of a submission. Raises BadNotebook, whose message is for the learner."""
    notebook = _parse(submitted) if isinstance(submitted, bytes) else submitted
    if not isinstance(notebook, dict) or type(notebook.get("nbformat")) is not int or notebook["nbformat"] != 4:
        raise BadNotebook(f"Tệp nộp không phải là sổ tay Jupyter (nbformat 4). {AGAIN}")
    cells = notebook.get("cells")
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise BadNotebook(f"Sổ tay không có danh sách ô, hoặc có hơn {MAX_CELLS} ô. {AGAIN}")
    return tuple(_read_cell(number, cell) for number, cell in enumerate(cells, 1))


def _parse(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise BadNotebook(f"Tệp nộp có {len(data)} byte, nhiều hơn {MAX_BYTES}. Anh/chị xoá bớt kết quả rồi nộp lại.")
    try:
        text = data.decode("utf-8-sig")
        notebook = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise BadNotebook(f"Tệp nộp không viết bằng UTF-8. {AGAIN}") from None
    except RecursionError:
        raise BadNotebook(f"Tệp nộp lồng quá nhiều tầng. {AGAIN}") from None
    except ValueError as error:
        raise BadNotebook(f"Tệp nộp không phải là JSON đúng chuẩn ({str(error)[:80]}). {AGAIN}") from None
    _check_depth(notebook)
    return notebook


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("một khoá xuất hiện hai lần")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} không phải là JSON")


def _check_depth(notebook: Any) -> None:
    level = [notebook] if isinstance(notebook, dict | list) else []
    for _ in range(MAX_DEPTH):
        inner = [child for parent in level for child in (parent.values() if isinstance(parent, dict) else parent)]
        level = [child for child in inner if isinstance(child, dict | list)]
    if level:
        raise BadNotebook(f"Tệp nộp lồng quá {MAX_DEPTH} tầng. {AGAIN}")


def _read_cell(number: int, cell: Any) -> LearnerCell:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        raise BadNotebook(f"Ô thứ {number} của sổ tay không đúng dạng. {AGAIN}")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or len(source) > MAX_CELL_CHARACTERS:
        raise BadNotebook(f"Ô thứ {number} của sổ tay không có nội dung dạng chữ, hoặc quá dài. {AGAIN}")
    try:
        source.encode("utf-8")
    except UnicodeEncodeError:
        raise BadNotebook(f"Ô thứ {number} của sổ tay có ký tự hỏng. {AGAIN}") from None
    if "\0" in source:
        raise BadNotebook(f"Ô thứ {number} của sổ tay có ký tự NUL. {AGAIN}")
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = marks.get("grade_id") if isinstance(marks, dict) else None
    return LearnerCell(cell["cell_type"], source, grade_id if isinstance(grade_id, str) else "")
