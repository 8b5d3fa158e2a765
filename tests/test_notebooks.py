"""Notebooks come in by one door, with limits, and leave in one form."""

import json
import os
from pathlib import Path

import pytest

from hocvu.errors import BadNotebook
from hocvu.notebooks import cells_of, normal_form, notebook_text, read_notebook, write_notebook

MESSY = {
    "nbformat": 4,
    "nbformat_minor": 2,
    "metadata": {"kernelspec": {"name": "/evil"}, "widgets": {"state": 1}},
    "cells": [
        {"cell_type": "markdown", "metadata": {"collapsed": True}, "source": ["Cho\u0300 ", "ở đây"]},
        {
            "cell_type": "code",
            "execution_count": 7,
            "metadata": {"nbgrader": {"grade": True, "grade_id": "1-2", "points": 4.0}, "scrolled": False},
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
            "source": "1",
        },
    ],
}


def test_the_normal_form_keeps_texts_and_marks_and_drops_the_rest() -> None:
    clean = normal_form(MESSY)
    markdown, code = clean["cells"]
    assert markdown == {"cell_type": "markdown", "id": "o-01", "metadata": {}, "source": ["Chò ở đây"]}
    assert code["id"] == "1-2"
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert code["metadata"] == {"nbgrader": {"grade": True, "grade_id": "1-2", "points": 4.0}}
    assert clean["metadata"]["kernelspec"]["name"] == "python3"
    assert normal_form(clean) == clean


def test_writing_and_reading_gives_the_same_notebook(tmp_path: Path) -> None:
    path = tmp_path / "a.ipynb"
    write_notebook(path, MESSY)
    assert read_notebook(path) == normal_form(MESSY)
    assert path.read_text(encoding="utf-8") == notebook_text(normal_form(MESSY))
    assert [p.name for p in tmp_path.iterdir()] == ["a.ipynb"]
    assert [cell.points for cell in cells_of(read_notebook(path))] == [None, 4.0]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        json.dumps({"nbformat": 3, "cells": []}).encode(),
        json.dumps({"nbformat": 4, "cells": {}}).encode(),
        json.dumps({"nbformat": 4, "cells": [1]}).encode(),
        json.dumps({"nbformat": 4, "cells": [{}] * 2001}).encode(),
        json.dumps(MESSY).encode("utf-16"),
        b"[" * 100_000,
    ],
    ids=["empty", "half", "list", "text", "nbformat 3", "no cells", "odd cell", "2001 cells", "utf-16", "deep"],
)
def test_a_broken_notebook_gets_a_clear_answer(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "hong.ipynb"
    path.write_bytes(data)
    with pytest.raises(BadNotebook, match=r"hong\.ipynb: "):
        read_notebook(path)


def test_a_link_a_folder_a_pipe_and_a_giant_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.ipynb").symlink_to("/etc/passwd")
    (tmp_path / "folder.ipynb").mkdir()
    with (tmp_path / "giant.ipynb").open("wb") as giant:
        giant.truncate(20_000_001)
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name in ("link", "folder", "giant", "pipe", "absent"):
        with pytest.raises(BadNotebook):
            read_notebook(tmp_path / f"{name}.ipynb")
