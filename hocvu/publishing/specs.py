"""From an instructor's notebook to question specs and keys: the source's own cells are run, once, as trusted code."""

import hashlib
from pathlib import Path

from hocvu.errors import AuthoringError
from hocvu.notebooks import Cell, Notebook, cells_of, normal_form, notebook_text, read_notebook
from hocvu.publishing.code_items import code_item, code_tests, is_of
from hocvu.questions.assignment import AssignmentSpec, ItemSpec
from hocvu.questions.base import Question, collecting
from hocvu.questions.values import Key

NOTEBOOK = "exercises.ipynb"  # in source/<slug>/ and release/<slug>/
MAX_PROMPT_WORDS = 60
HIDDEN_BEGIN, HIDDEN_END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


def compile_assignment(path: Path) -> AssignmentSpec:
    """Return the spec of source/<slug>/exercises.ipynb. Raises AuthoringError with file, cell, value and mend."""
    notebook = read_notebook(path)
    version = hashlib.sha256(notebook_text(normal_form(notebook)).encode()).hexdigest()[:12]
    items = _compile_items(notebook, path)
    _check_ids(items, path)
    return AssignmentSpec(path.parent.name, version, items, notebook)


def _compile_items(notebook: Notebook, path: Path) -> tuple[ItemSpec, ...]:
    namespace: dict[str, object] = {"__name__": "assignment"}
    items = []
    code = code_tests(notebook)
    for cell in cells_of(notebook):
        if cell.cell_type != "code":
            continue
        if cell.grade_id in code:
            items.append(_checked(code_item(notebook, cell, _where(path, cell)), path, cell))
        if any(is_of(item_id, cell) for item_id in code):  # learners' code and its tests: for the sandbox only
            continue
        found = _run(cell, namespace, path)
        if cell.is_grade:
            items.append(_item(cell, found, path))
    return tuple(items)


def _run(cell: Cell, namespace: dict[str, object], path: Path) -> list[tuple[Question, Key]]:
    where = _where(path, cell)
    try:
        with collecting() as found:
            exec(compile(cell.source, where, "exec"), namespace)
    except Exception as error:
        raise AuthoringError(
            f"{where}: {type(error).__name__}: {error}. Run the cell in JupyterLab to see it."
        ) from error
    return found


def _item(cell: Cell, found: list[tuple[Question, Key]], path: Path) -> ItemSpec:
    where = _where(path, cell)
    if len(found) != 1:
        raise AuthoringError(f"{where}: {len(found)} calls of key(…). Write exactly one, between {HIDDEN_BEGIN} lines.")
    question, key = found[0]
    if question.id != cell.grade_id:
        raise AuthoringError(
            f"{where}: the question's id is \"{question.id}\". Make it the same as the cell's grade_id."
        )
    if cell.points is None or cell.points < 0:
        raise AuthoringError(f"{where}: points is {cell.points}. Set points in the Create Assignment toolbar.")
    hidden = cell.source.partition(HIDDEN_BEGIN)[2].partition(HIDDEN_END)
    if ".key(" not in hidden[0] or not hidden[1] or cell.source.count(".key(") != 1:
        raise AuthoringError(f"{where}: key(…) is not between {HIDDEN_BEGIN} and {HIDDEN_END}. Learners would see it.")
    return _checked(ItemSpec(question, key, cell.points, cell.index), path, cell)


def _checked(item: ItemSpec, path: Path, cell: Cell) -> ItemSpec:
    words = len(item.question.prompt.split())
    if words > MAX_PROMPT_WORDS:
        raise AuthoringError(f"{_where(path, cell)}: the prompt has {words} words. Use at most {MAX_PROMPT_WORDS}.")
    return item


def _check_ids(items: tuple[ItemSpec, ...], path: Path) -> None:
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise AuthoringError(f'{path}, cell "{item.id}": this id is used twice. Give each question its own id.')
        seen.add(item.id)


def _where(path: Path, cell: Cell) -> str:
    return f'{path.parent.name}/{path.name}, cell "{cell.grade_id or cell.index + 1}"'
