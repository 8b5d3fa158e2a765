"""Notebooks as plain web pages: nbconvert turns the text cells into HTML, questions stay questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nbconvert.filters import clean_html, markdown2html

from hocvu.notebooks import Cell, cells_of, read_notebook
from hocvu.questions.assignment import AssignmentSpec, ItemSpec


@dataclass(frozen=True)
class Part:
    """One piece of a page: sanitised HTML, or a question, or the name of a bench that the portal draws."""

    html: str = ""
    item: ItemSpec | None = None
    bench: str = ""


@dataclass(frozen=True)
class Page:
    """A notebook as a page: its first heading, and its parts in order."""

    title: str
    parts: tuple[Part, ...]


def exercise_page(spec: AssignmentSpec) -> Page:
    """Return the exercise page of an assignment: texts and questions in the notebook's order."""
    items = {item.cell_index: item for item in spec.items}
    parts = []
    for cell in cells_of(spec.notebook):
        if cell.index in items:
            parts.append(Part(item=items[cell.index]))
        elif cell.cell_type == "markdown":
            parts.append(Part(html=markdown_html(cell.source)))
    return _page(parts, spec.notebook["cells"], spec.slug)


def lesson_page(path: Path, blocks: Mapping[str, Part]) -> Page:
    """Return a lesson notebook as a page.

    blocks: {a call in a code cell, e.g. "lesson.keyword_bench(": the part shown in its place}. Code cells that
    hold none of the calls only prepare something, so that nothing is shown for them.
    """
    notebook = read_notebook(path)
    parts = []
    for cell in cells_of(notebook):
        if cell.cell_type == "markdown":
            parts.append(Part(html=markdown_html(cell.source)))
        elif cell.cell_type == "code":
            parts += [part for call, part in blocks.items() if call in cell.source]
    return _page(parts, notebook["cells"], path.parent.name)


def markdown_html(source: str) -> str:
    """Return a markdown cell as HTML, without scripts, handlers or styles, whoever wrote it."""
    return str(clean_html(markdown2html(source)))


def _page(parts: list[Part], cells: list[dict[str, object]], fallback: str) -> Page:
    title = next((heading for cell in cells_of({"cells": cells}) if (heading := _heading(cell))), fallback)
    return Page(title, tuple(parts))


def _heading(cell: Cell) -> str:
    first = cell.source.lstrip().partition("\n")[0]
    return first[2:].strip() if cell.cell_type == "markdown" and first.startswith("# ") else ""
