"""Which way each notebook of an assignment is graded; decided once, before anything is graded."""

import json
from pathlib import Path

from hocvu.autograde.code_grader import CodeGrader, CodeOptions, WarmRoom, code_grader
from hocvu.autograde.data_grader import data_grader, is_data_notebook, is_mixed_notebook
from hocvu.autograde.grader import Grader, NoGrader
from hocvu.errors import HocvuError
from hocvu.gradebook import AssignmentRow, NotebookRow
from hocvu.notebooks import read_notebook
from hocvu.sandbox import check_host


class HostLacks(HocvuError):
    """The sandbox cannot be built on this machine; the message names the package or setting."""

    code = "host_lacks"


def choose_graders(assignment: AssignmentRow, folder: Path, options: CodeOptions) -> dict[str, Grader]:
    """Return a grader for every notebook. folder: the assignment's folder in source/.

    Raises AuthoringError if the source is wrong, or is not what the gradebook was told; HostLacks if there is code
    to run and no sandbox to run it in.
    """
    room = WarmRoom(options.unsafe)
    graders = {
        book.name: _grader(assignment.name, folder / f"{book.name}.ipynb", book, room, options)
        for book in assignment.notebooks
    }
    if not options.unsafe and any(isinstance(grader, CodeGrader) for grader in graders.values()):
        _check_host(assignment.name)
    return graders


def _check_host(assignment: str) -> None:
    if missing := [str(lack) for lack in check_host() if lack.required]:
        raise HostLacks(f"{assignment}: {' '.join(missing)}")


def _grader(assignment: str, path: Path, book: NotebookRow, room: WarmRoom, options: CodeOptions) -> Grader:
    language = (json.loads(book.kernelspec or "{}") or {}).get("language", "python")
    if not path.exists():
        return NoGrader(f"source/{assignment}/{path.name} không còn")
    if language != "python":
        return NoGrader(f"kernel {language!r}; máy chấm chỉ chạy Python")
    source = read_notebook(path)
    if is_data_notebook(source) or is_mixed_notebook(source):
        return data_grader(assignment, path, book)
    return code_grader(assignment, path, book, room, options)
