"""A guess before learning: chosen, answered with one explanation, never graded and never kept."""

from collections.abc import Sequence
from html import escape

import ipywidgets as w

_CSS = """<style>
.hocvu-guess .widget-radio-box label { height: auto; line-height: 1.4; white-space: normal; padding: .2em 0; }
.hocvu-guess .widget-html-content { line-height: 1.5; }
.hocvu-guess .widget-html-content p { margin: 0 0 .35em; }
.hocvu-guess .widget-html { height: auto; }
</style>"""


def guess(question: str, options: Sequence[str], *, reveal: str) -> w.Widget:
    """Return the question with its options; choosing one shows `reveal`, whichever it was."""
    asked = w.HTML(f'{_CSS}<p class="hocvu-prompt"><strong>{escape(question)}</strong></p>')
    radio = w.RadioButtons(options=list(options), value=None, layout=w.Layout(width="auto", height="auto"))
    answer = w.HTML()

    def show(_change: object) -> None:
        answer.value = f'<p role="status"><strong>Anh/chị đoán: {escape(radio.value)}.</strong> {escape(reveal)}</p>'

    radio.observe(show, "value")
    box = w.VBox([asked, radio, answer], layout=w.Layout(width="auto"))
    box.add_class("hocvu-guess")
    return box
