"""Notebooks as plain web pages: nbconvert turns the text cells into HTML, questions stay questions."""

from collections.abc import Sequence
from dataclasses import dataclass

import bleach
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from hocvu.notebooks import Cell, Notebook, cells_of
from hocvu.questions.assignment import AssignmentSpec, ItemSpec

TAGS = set(bleach.ALLOWED_TAGS) | {"br", "dd", "del", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "hr"}
TAGS |= {"caption", "figcaption", "figure", "img", "mark", "p", "pre", "span", "sub", "summary", "sup"}
TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
ATTRIBUTES = {
    "*": ["class", "lang", "title"],
    "a": ["href"],
    "abbr": ["title"],
    "img": ["src", "alt", "width", "height"],
    "ol": ["start"],
    "td": ["colspan", "rowspan"],
    "th": ["colspan", "rowspan", "scope"],
}


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
    return make_page(parts, spec.notebook, spec.slug)


def markdown_html(source: str) -> str:
    """Return a markdown cell as HTML, without scripts, handlers or styles, whoever wrote it."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    html = MarkdownWithMath(renderer=renderer).render(source)
    return str(bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, strip=True))


def make_page(parts: Sequence[Part], notebook: Notebook, fallback: str) -> Page:
    """Return a page whose title is the notebook's first heading, `fallback` if it has none."""
    title = next((heading for cell in cells_of(notebook) if (heading := _heading(cell))), fallback)
    return Page(title, tuple(parts))


def _heading(cell: Cell) -> str:
    first = cell.source.lstrip().partition("\n")[0]
    return first[2:].strip() if cell.cell_type == "markdown" and first.startswith("# ") else ""
