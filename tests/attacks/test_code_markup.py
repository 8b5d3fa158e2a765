"""Cheat: outputs that run in the browser of whoever looks at them: HTML, SVG, JavaScript, Markdown, colours, texts."""

import json

import pytest

from hocvu.codegrading.outputs import clean_outputs
from tests.attacks.code_story import gains_nothing
from tests.codegrading.story import Classroom

RICH = "from IPython.display import HTML, SVG, Javascript, Markdown, Latex, JSON, IFrame, Image, display\n"
MARKUP = [
    RICH + "display(HTML('<script>alert(1)</script><img src=x onerror=alert(1)>'))",
    RICH
    + "display(HTML('<table onmouseover=alert(1)><tr><td><a href=javascript:alert(1)>x</a><svg onload=alert(1)>'))",
    RICH + 'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>\'))',
    RICH + "display(Javascript('alert(1)')); display(Markdown('<script>alert(1)</script>[x](javascript:alert(1))'))",
    RICH + "display(Latex('$\\\\href{javascript:alert(1)}{x}$')); display(IFrame('javascript:alert(1)', 9, 9))",
    RICH + "display({'image/png': '\" onerror=\"alert(1)', 'text/html': '<b onclick=alert(1)>'}, raw=True)",
    RICH
    + "display({'application/vnd.jupyter.widget-view+json': {'model_id': 'alert(1)'}, 'text/plain': 'x'}, raw=True)",
    "class X:\n    def _repr_html_(self): return '<script>alert(1)</script>'\nX()",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_no_markup_but_tables_is_kept(room: Classroom, markup: str) -> None:
    graded = gains_nothing(room, {"price": markup})
    for cell in graded.autograded["cells"]:
        for output in cell.get("outputs", []):
            assert set(output.get("data", {})) <= {"text/plain", "text/html", "image/png", "image/jpeg"}
            told = {kind: text for kind, text in output.get("data", {}).items() if kind != "text/plain"}
            assert "alert" not in json.dumps(told) or "<a" not in json.dumps(told)
            assert not any(
                word in json.dumps(told) for word in ("script", "onload", "onerror", "onmouse", "onclick", "<svg")
            )


def test_control_characters_and_half_characters_are_taken_out() -> None:
    claimed = [
        {"output_type": "stream", "name": "stdout", "text": "a\x00b\x1b]0;title\x07c\x1b[31md\x1b[0m\u202ee\ud800"},
        {"output_type": "error", "ename": "<b>" * 200, "evalue": ["x"], "traceback": [1, "y\x08"]},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo*", "text/plain": 5}},
        {"output_type": "update_display_data", "data": {}}, "x", None, {"output_type": "stream", "text": {}},
    ]  # fmt: skip
    stream, error, display, empty = clean_outputs(claimed)
    assert stream["text"] == "ab]0;titlec\x1b[31md\x1b[0me?"
    assert len(error["ename"]) == 200 and error["traceback"] == ["", "y"]
    assert display["data"] == {"text/plain": ""} and empty["text"] == ""
