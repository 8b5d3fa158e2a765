"""What is the same for every submission of an assignment: cells, points, graders, files; and the hash of it all."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import hocvu
from hocvu.autograde.grader import Grader
from hocvu.autograde.output import Modes
from hocvu.gradebook import AssignmentRow, NotebookRow

Hook = Callable[..., object]


@dataclass(frozen=True)
class Plan:
    """One assignment, ready to grade. chosen: does a notebook's name match what the run was asked for?"""

    assignment: AssignmentRow
    graders: Mapping[str, Grader]
    extra: Mapping[str, bytes]
    ignore: tuple[str, ...]
    modes: Modes
    chosen: Callable[[str], bool]
    whole: bool  # all notebooks, so that the result's folder is replaced as a whole
    before: Hook | None = None
    after: Hook | None = None
    fingerprint: str = field(default="")

    def close(self) -> None:
        """End what the graders started in this process."""
        for grader in self.graders.values():
            grader.close()

    def hash_with(self, sha256: str) -> str:
        """Return the hash of a submission together with everything that decides its grades."""
        return hashlib.sha256(f"{self.fingerprint} {sha256}".encode()).hexdigest()

    def result_exists(self, source: Path, dest: Path) -> bool:
        """Tell whether an earlier run's result is in place, by nbgrader's own rule."""
        if self.whole:
            return dest.exists()
        names = [path.name for path in source.glob("*.ipynb") if self.chosen(path.stem)]
        return all((dest / name).exists() for name in names)


def fingerprint_of(assignment: AssignmentRow, graders: Mapping[str, Grader], extra: Mapping[str, bytes]) -> str:
    """Return the hash of the assignment, our version and the instructor's files."""
    digest = hashlib.sha256(f"{hocvu.__version__} {assignment.name}".encode())
    for book in assignment.notebooks:
        digest.update(f"\n{graders[book.name].version} {_description(book)}".encode("utf-8", "surrogatepass"))
    for name in sorted(extra):
        digest.update(f"\n{name} {len(extra[name])} ".encode("utf-8", "surrogateescape") + extra[name])
    return digest.hexdigest()


def _description(book: NotebookRow) -> str:
    cells = sorted((cell.name, cell.kind, cell.max_score or 0.0) for cell in book.cells)
    sources = sorted((cell.name, cell.cell_type, cell.locked, cell.source) for cell in book.sources.values())
    return f"{book.name} {book.kernelspec} {cells} {sources}"
