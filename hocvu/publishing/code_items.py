"""Code items of a source notebook: nbgrader's own pair, a solution cell and a cell of tests worth 0 points.

The cells of item 2-C are those whose grade_id is "2-C" (the tests) or begins with "2-C-": one solution, and set-up.
The tests begin with a comment that says what is asked: `# Câu 2.C (NL1, M3): Viết một dòng …`, over as many lines as
it takes.
"""

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

from hocvu.errors import AuthoringError
from hocvu.notebooks import Cell, Notebook, cells_of
from hocvu.questions.assignment import ItemSpec
from hocvu.questions.code import Code, CodeKey
from hocvu.questions.values import Key

CODE_STUB = "# Anh/chị viết câu trả lời ở đây"  # as nbgrader_config.py has it
BEGIN_SOLUTION, END_SOLUTION = "BEGIN SOLUTION", "END SOLUTION"
HEAD = re.compile(r"# Câu (\S+) \((\w+), M(\d)\): (.+)")


def code_tests(notebook: Notebook) -> dict[str, Cell]:
    """Return the test cell of every code item, by item id: graded, asking no question of ours, with a solution."""
    cells = list(cells_of(notebook))
    solutions = {cell.grade_id for cell in cells if cell.cell_type == "code" and _marks(notebook, cell).get("solution")}
    return {
        cell.grade_id: cell
        for cell in cells
        if cell.is_grade and cell.cell_type == "code" and ".key(" not in cell.source
        if any(one.startswith(f"{cell.grade_id}-") for one in solutions)
    }


def is_of(item_id: str, cell: Cell) -> bool:
    """Tell whether a cell belongs to this code item."""
    return cell.cell_type == "code" and (cell.grade_id == item_id or cell.grade_id.startswith(f"{item_id}-"))


def code_item(notebook: Notebook, test: Cell, where: str) -> ItemSpec:
    """Return the item of a test cell. Raises AuthoringError."""
    head = HEAD.match(test.source)
    if head is None or head[1].replace(".", "-") != test.grade_id:
        wanted = f"# Câu {test.grade_id.replace('-', '.')} (NL1, M3): …"
        raise AuthoringError(f'{where}: the tests of a code item begin with a comment like "{wanted}". Write it.')
    if test.points:
        raise AuthoringError(f"{where}: points is {test.points:g}. A code item is worth 0 points: a badge only.")
    cells = [cell for cell in cells_of(notebook) if is_of(test.grade_id, cell)]
    solutions = [cell for cell in cells if _marks(notebook, cell).get("solution")]
    if len(solutions) != 1 or solutions[0].index > test.index:
        raise AuthoringError(f'{where}: write one solution cell before it, with an id like "{test.grade_id}-ma".')
    solution = solutions[0].source
    question = Code(test.grade_id, _prompt(test.source, head[4]), head[2], int(head[3]), starter_of(solution))
    key = Key(CodeKey(solution, tuple(cell.source for cell in cells if cell.source != solution)))
    return ItemSpec(question, key, 0.0, test.index)


def _prompt(source: str, first: str) -> str:
    lines = [first]
    for line in source.split("\n")[1:]:
        if not line.startswith("# "):
            break
        lines.append(line[2:])
    return " ".join(" ".join(lines).split())


def starter_of(solution: str) -> str:
    """Return what learners start from: nbgrader's stub in the place of each solution region, or of everything."""
    lines: list[str] = []
    inside = found = False
    for line in solution.split("\n"):
        if BEGIN_SOLUTION in line:
            inside = found = True
            lines.append(line[: len(line) - len(line.lstrip())] + CODE_STUB)
        elif END_SOLUTION in line:
            inside = False
        elif not inside:
            lines.append(line)
    return "\n".join(lines) if found else CODE_STUB


def secret_lines(key: CodeKey, starter: str) -> Iterator[str]:
    """Yield the lines that no learner may see: of the solution, and of hidden tests."""
    kept = {line.strip() for line in starter.split("\n")}
    for line in key.solution.split("\n"):
        if len(line.strip()) >= 12 and "SOLUTION" not in line and line.strip() not in kept:
            yield line.strip()
    for cell in key.cells:
        hidden = cell.partition("BEGIN HIDDEN TESTS")[2].partition("END HIDDEN TESTS")[0]
        yield from (line.strip() for line in hidden.split("\n") if len(line.strip()) >= 12)


def code_problems(notebook: Notebook, item: ItemSpec) -> Iterator[str]:
    """Yield what is wrong with a code item: its own solution must pass its tests, its starter must not."""
    error = _trial(notebook, item.id, item.key.answer.solution)
    if error:
        yield f"the solution does not pass the tests ({error}). Mend either."
    if not _trial(notebook, item.id, getattr(item.question, "starter", "")):
        yield "the untouched starter passes the tests. Ask for more in them."


def _trial(notebook: Notebook, item_id: str, solution: str) -> str:
    """Run the item's cells with this solution, as trusted code; return the error, "" if there is none."""
    namespace: dict[str, object] = {"__name__": "code_item"}
    try:
        with redirect_stdout(io.StringIO()):
            for cell in cells_of(notebook):
                if is_of(item_id, cell):
                    source = solution if _marks(notebook, cell).get("solution") else cell.source
                    exec(compile(source, cell.grade_id, "exec"), namespace)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def _marks(notebook: Notebook, cell: Cell) -> dict[str, Any]:
    return dict(notebook["cells"][cell.index].get("metadata", {}).get("nbgrader") or {})
