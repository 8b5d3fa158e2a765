"""Whether code for a course's notebooks can be graded: each solution is run and tested as learners' code will be."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hocvu.autograde.code_grader import WarmRoom
from hocvu.autograde.data_grader import code_cells, is_mixed_notebook
from hocvu.codegrading import check_notebook
from hocvu.codegrading.cells import AUTOTEST
from hocvu.codegrading.items import CodeItems
from hocvu.errors import AuthoringError, BadNotebook
from hocvu.notebooks import cells_of, read_notebook
from hocvu.publishing.check import is_code_notebook
from hocvu.publishing.specs import compile_assignment
from hocvu.results import Result, Status
from hocvu.sandbox import check_host


@dataclass(frozen=True)
class CodeCheck:
    """What must be mended before learners get the notebooks, and what could not be tried on this machine."""

    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def check_code(root: Path) -> CodeCheck:
    """Try every notebook of code and every code item in source/. Opens a sandbox only if there is one to try."""
    code, mixed = _notebooks(root)
    if not code and not mixed:
        return CodeCheck()
    if missing := [str(lack) for lack in check_host() if lack.required]:
        names = ", ".join(str(path.relative_to(root)) for path in [*code, *mixed])
        return CodeCheck(notes=(f"{names}: chưa chạy thử lời giải được. {' '.join(missing)}",))
    waiting = [path for path in code if _has_autotest(path)]
    notes = [f"{path.relative_to(root)}: chưa chạy thử được vì có AUTOTEST." for path in waiting]
    problems = list(_code_problems(root, [path for path in code if path not in waiting]))
    problems += [line for path in mixed for line in _item_problems(root, path)]
    return CodeCheck(tuple(problems), tuple(notes))


def _notebooks(root: Path) -> tuple[list[Path], list[Path]]:
    code: list[Path] = []
    mixed: list[Path] = []
    for path in sorted(root.glob("source/*/*.ipynb")):
        try:
            notebook = read_notebook(path)
        except BadNotebook:
            continue  # said by the check of its form
        if is_code_notebook(notebook):
            code.append(path)
        elif is_mixed_notebook(notebook):
            mixed.append(path)
    return code, mixed


def _has_autotest(path: Path) -> bool:
    return any(AUTOTEST.search(cell.source) for cell in cells_of(read_notebook(path)))


def _code_problems(root: Path, paths: list[Path]) -> Iterator[str]:
    notebooks, room = {path: read_notebook(path) for path in paths}, WarmRoom(unsafe=False)
    room.needs("\n".join(cell.source for notebook in notebooks.values() for cell in cells_of(notebook)))
    with closing(room):
        for path, notebook in notebooks.items():
            try:
                found = check_notebook(notebook, warm=room.open(), files=_files(path.parent))
            except AuthoringError as error:
                found = (str(error),)
            yield from (f"{path.relative_to(root)}: {line}" for line in found)


def _item_problems(root: Path, path: Path) -> Iterator[str]:
    try:
        spec = compile_assignment(path)
    except AuthoringError:
        return  # said by the check of its questions
    with closing(CodeItems()) as sandbox:
        for item_id in code_cells(spec, spec.notebook):
            result = sandbox.grade(spec, spec.item(item_id), spec.item(item_id).key.answer.solution)
            if result.status is not Status.GRADED:
                yield f'{path.relative_to(root)}, cell "{item_id}": the solution fails in the sandbox: {_why(result)}'


def _why(result: Result) -> str:
    return "; ".join(line.text for line in result.feedback if line.right is not True) or result.message


def _files(folder: Path) -> dict[str, bytes]:
    """Return the instructor's files beside the notebook, as graders get them."""
    names = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path.read_bytes()
        for name, path in names.items()
        if name.suffix != ".ipynb" and not any(part.startswith(".") for part in name.parts)
    }
