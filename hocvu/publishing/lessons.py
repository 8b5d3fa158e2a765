"""A lesson notebook as a plain page: each thing that its code cells show has a twin that needs no Python."""

import ast
import re
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path

from hocvu.errors import AuthoringError
from hocvu.labs.pictures import three_kinds
from hocvu.notebooks import Cell, cells_of, read_notebook
from hocvu.publishing.pages import Page, Part, make_page, markdown_html


def lesson_page(path: Path) -> Page:
    """Return a lesson as a page. Raises AuthoringError for a code cell that shows something without a twin."""
    notebook = read_notebook(path)
    parts = []
    for cell in cells_of(notebook):
        if cell.cell_type == "markdown":
            parts.append(Part(html=markdown_html(cell.source)))
        elif cell.cell_type == "code":
            parts.append(_twin(cell, path))
    return make_page(parts, notebook, path.parent.name)


def _twin(cell: Cell, path: Path) -> Part:
    where = f"{path.parent.name}/{path.name}, cell {cell.index + 1}"
    last = ast.parse(cell.source).body[-1]
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        raise AuthoringError(f"{where}: does not end in a call. End it in one of {sorted(TWINS)}.")
    name = ast.unparse(last.value.func).rpartition(".")[2]
    if name not in TWINS:
        raise AuthoringError(f"{where}: {name}(…) has no plain twin. Use one of {sorted(TWINS)} or write its twin.")
    try:
        positional = [ast.literal_eval(argument) for argument in last.value.args]
        named = {word.arg: ast.literal_eval(word.value) for word in last.value.keywords if word.arg}
    except ValueError as error:
        raise AuthoringError(f"{where}: {name}(…) takes plain texts here, not {error}. Write them out.") from error
    return TWINS[name](*positional, **named)


def _guess(question: str, options: list[str], *, reveal: str) -> Part:
    listed = "".join(f"<li>{escape(option)}</li>" for option in options)
    return Part(
        html=f'<div class="card"><p><strong>{escape(question)}</strong></p><ul>{listed}</ul>'
        f"<details><summary>Đoán xong, xem lời giải thích</summary><p>{escape(reveal)}</p></details></div>"
    )


def _without_styles(html: str) -> str:
    """Return our own HTML without style attributes, which the portal's policy forbids."""
    return re.sub(r' style="[^"]*"', "", html)


TWINS: Mapping[str, Callable[..., Part]] = {
    "guess": _guess,
    "three_kinds": lambda: Part(html=_without_styles(three_kinds().html)),
    "keyword_bench": lambda: Part(bench="keyword_rules"),
    "bench": lambda name, item="": Part(bench=name),
}
