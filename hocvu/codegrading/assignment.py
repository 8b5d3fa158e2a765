"""An assignment of code cells, read once: the instructor's cells, and for each test whose name is whose."""

import builtins
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from hocvu.codegrading.cells import Marks, SourceCell, read_cells
from hocvu.codegrading.grades import Kind
from hocvu.codegrading.names import read_names
from hocvu.errors import AuthoringError
from hocvu.notebooks import KERNELSPEC, Notebook


@dataclass(frozen=True)
class Ownership:
    """Whose a name is in one test: the learner's, or never so. Other names are the learner's unless built in.

    rebinds: names that the test makes anew or deletes, and that a cell on the learner's side had made.
    shown: the learner's names that the lines before the first hidden one read; the learner's side may know of these.
    """

    learner: frozenset[str]
    trusted: frozenset[str]
    rebinds: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CodeAssignment:
    """What grading needs of the instructor's notebook.

    on_bench: what the tests' side runs for a cell that is not a test: the cell itself, or just its imports.
    """

    cells: tuple[SourceCell, ...]
    kernelspec: dict[str, Any]
    on_bench: dict[int, str]
    ownership: dict[int, Ownership]

    @property
    def anchors(self) -> dict[str, SourceCell]:
        return {cell.grade_id: cell for cell in self.cells if cell.is_anchor}

    @cached_property
    def has_rebinding_tests(self) -> bool:
        """Tell whether a test makes or deletes a name that the learner's functions might look up."""
        return any(owner.rebinds for owner in self.ownership.values())

    @property
    def runs_code(self) -> bool:
        """Tell whether anything has to be run at all."""
        return any(cell.cell_type == "code" for cell in self.cells)


def read_assignment(notebook: Notebook, marks: Marks | None = None) -> CodeAssignment:
    """Return the assignment in an instructor's notebook. Raises AuthoringError."""
    kernelspec = dict(notebook.get("metadata", {}).get("kernelspec") or KERNELSPEC)
    language = kernelspec.get("language", "python")
    if language != "python":
        raise AuthoringError(f"Sổ tay viết bằng {language!r}: máy chấm chỉ chạy Python.")
    cells = read_cells(notebook, marks or Marks())
    ownership = {cell.index: _own(cells, cell.index) for cell in cells if cell.kind is Kind.TESTS}
    return CodeAssignment(cells, kernelspec, _bench_sources(cells), ownership)


def _own(cells: tuple[SourceCell, ...], test: int) -> Ownership:
    """Decide by who binds a name last before the test; an import is never the learner's, wherever it stands.

    What the test itself binds is its own from then on; until then, as in a notebook, it is what it was.
    """
    learner: set[str] = set()
    trusted: set[str] = set()
    theirs: set[str] = set()
    made = cells[test].names.binds - cells[test].names.imports.keys()
    for cell in cells[:test]:
        is_learners = cell.is_learners
        theirs |= cell.names.binds if cell.kind is not Kind.TESTS else frozenset()
        for name in cell.names.binds:
            mine, other = (learner, trusted) if is_learners and name not in cell.names.imports else (trusted, learner)
            mine.add(name)
            other.discard(name)
    trusted |= cells[test].names.binds - learner | cells[test].names.imports.keys()
    learner -= cells[test].names.imports.keys()
    used = {name for cell in cells[: test + 1] if not cell.is_learners for name in cell.names.uses} | made
    shown = read_names(cells[test].visible).uses
    return Ownership(
        frozenset(learner & used), frozenset(trusted), frozenset(made & theirs), frozenset(learner & shown)
    )


def _bench_sources(cells: tuple[SourceCell, ...]) -> dict[int, str]:
    """Return what the bench runs besides tests: imports of solutions, and the set-up cells that tests need."""
    needed: set[str] = set()
    sources: dict[int, str] = {}
    for cell in reversed(cells):
        if cell.cell_type != "code":
            continue
        names = cell.names
        if cell.kind is Kind.TESTS:
            needed |= names.uses
        elif cell.is_learners:
            wanted = sorted(names.imports.keys() & needed)
            if wanted:
                sources[cell.index] = "\n".join(dict.fromkeys(names.imports[name] for name in wanted))
        elif names.binds & needed or names.changes & needed - _imported(cells) or names.star or names.seeds:
            sources[cell.index] = cell.source
            needed |= names.uses
    return dict(sorted(sources.items()))


def _imported(cells: tuple[SourceCell, ...]) -> frozenset[str]:
    return frozenset(name for cell in cells for name in cell.names.imports) | frozenset(dir(builtins))
