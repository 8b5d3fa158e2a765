"""The autograded notebook of a data assignment, written once; for each learner, answers and points are filled in."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from hocvu.autograde.learner_cells import OwnCell, Places
from hocvu.gradebook import NotebookRow
from hocvu.notebooks import Cell, Notebook, cells_of

_MARK = re.compile(r'"\\u0001(\w+):([^"]*)\\u0001"')
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
LOST = "This cell (id:{name}) was missing from the submission. It was added back by nbgrader.\n\n"


@dataclass(frozen=True)
class Shown:
    """What a question's cell shows: the answer as one line of HTML, and the points as its result."""

    html: str
    points: float


@dataclass(frozen=True)
class Template:
    """The texts of the instructor's cells, cut where a learner's content goes."""

    cells: tuple[tuple[str, ...], ...]  # text, (slot, text)*: slots are "html:1-2", "points:1-2", "answer:tl-1"
    tail: str
    places: Places

    def fill(
        self,
        shown: Mapping[str, Shown],
        answers: Mapping[str, str],
        own: Sequence[OwnCell],
        code: Mapping[str, str] = MappingProxyType({}),
    ) -> str:
        """Return the notebook in nbformat's own layout. answers, code: {grade_id: source} of the learner's cells."""
        values = {f"html:{name}": json.dumps(line.html, ensure_ascii=False) for name, line in shown.items()}
        values |= {f"points:{name}": json.dumps(repr(float(line.points))) for name, line in shown.items()}
        values |= {f"answer:{name}": _lines(harmless(text)) for name, text in answers.items()}
        values |= {f"code:{name}": _lines(text) for name, text in code.items()}
        added: dict[int, list[str]] = {}
        for number, cell in enumerate(own):
            added.setdefault(cell.after, []).append(_own_cell(cell, f"hoc-vien-{number + 1}"))
        texts = list(added.get(-1, ()))
        for place, pieces in enumerate(self.cells):
            texts.append("".join(values[piece] if odd else piece for odd, piece in _numbered(pieces)))
            texts += added.get(place, ())
        inside = ",\n  ".join(texts)
        return f'{{\n "cells": [\n  {inside}\n ],\n{self.tail}' if texts else f'{{\n "cells": [],\n{self.tail}'


def harmless(markdown: str) -> str:
    """Return a learner's text so that HTML in it is shown and not obeyed: formgrader would run it."""
    return _TAG.sub("&lt;", markdown)


def build_template(
    source: Notebook,
    book: NotebookRow,
    questions: Iterable[str],
    free_text: Iterable[str],
    code: Collection[str] = (),
) -> Template:
    """Return the template of a notebook. Its cells are the source's, with the checksums that the gradebook has."""
    questions, free_text = set(questions), set(free_text)
    texts, by_text, by_id, by_grade_id = [], {}, {}, {}
    count = 0
    for cell, raw in zip(cells_of(source), source["cells"], strict=True):
        count += cell.cell_type == "code"
        made = _cell(cell, raw, book, count, questions, free_text)
        if cell.grade_id in code:
            made["source"] = _slot("code", cell.grade_id)
        texts.append(_cut(made))
        by_id[str(raw.get("id"))] = cell.index
        if cell.grade_id in book.sources:
            by_grade_id[cell.grade_id] = cell.index
        else:
            by_text[("code" if cell.cell_type == "code" else "markdown", cell.source)] = cell.index
    metadata = dict(source.get("metadata", {}))
    if book.kernelspec and json.loads(book.kernelspec):
        metadata["kernelspec"] = json.loads(book.kernelspec)
    tail = {"metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return Template(tuple(texts), _text(tail).removeprefix("{\n") + "\n", Places(by_grade_id, by_text, by_id))


def _cell(
    cell: Cell, raw: dict[str, Any], book: NotebookRow, count: int, questions: set[str], free_text: set[str]
) -> dict[str, Any]:
    metadata = dict(raw.get("metadata", {}))
    master = book.sources.get(cell.grade_id)
    source = cell.source if master is None else master.source
    if master is not None:
        metadata["nbgrader"] = metadata["nbgrader"] | {"checksum": master.checksum, "cell_type": master.cell_type}
    made: dict[str, Any] = {
        "cell_type": cell.cell_type,
        "id": raw.get("id") or f"o-{cell.index + 1}",
        "metadata": metadata,
    }
    made["source"] = _slot("answer", cell.grade_id) if cell.grade_id in free_text else source.splitlines(keepends=True)
    if "attachments" in raw:
        made["attachments"] = raw["attachments"]
    if cell.cell_type == "code":
        made |= {"execution_count": None, "outputs": []}
    if cell.grade_id in questions:
        made |= {"execution_count": count, "outputs": question_outputs(cell.grade_id, count)}
    return made


def question_outputs(grade_id: str, count: int) -> list[dict[str, Any]]:
    """Return the outputs that stock nbgrader would find in the cell, with slots for the line and the points."""
    html = {"text/html": [_slot("html", grade_id)], "text/plain": ["<IPython.core.display.HTML object>"]}
    points = {"text/plain": [_slot("points", grade_id)]}
    return [
        {"data": html, "metadata": {}, "output_type": "display_data"},
        {"data": points, "execution_count": count, "metadata": {}, "output_type": "execute_result"},
    ]


def _slot(kind: str, name: str) -> str:
    return f"\x01{kind}:{name}\x01"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)


def _cut(cell: dict[str, Any]) -> tuple[str, ...]:
    pieces = _MARK.split(_text(cell).replace("\n", "\n  "))
    cut = [pieces[0]]
    for kind, name, text in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        cut += [f"{kind}:{name}", text]
    return tuple(cut)


def _numbered(pieces: Sequence[str]) -> Iterable[tuple[int, str]]:
    return ((place % 2, piece) for place, piece in enumerate(pieces))


def _lines(text: str) -> str:
    return _text(text.splitlines(keepends=True)).replace("\n", "\n   ")


def _own_cell(cell: OwnCell, cell_id: str) -> str:
    made: dict[str, Any] = {"cell_type": cell.cell_type, "id": cell_id, "metadata": {}}
    if cell.cell_type == "code":
        made |= {"execution_count": None, "outputs": [], "source": cell.source.splitlines(keepends=True)}
    else:
        made["source"] = harmless(cell.source).splitlines(keepends=True)
    return _text(made).replace("\n", "\n  ")
