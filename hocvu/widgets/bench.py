"""A bench in a notebook: its controls as widgets, the outcome drawn again after every change."""

from collections.abc import Callable
from functools import singledispatch
from html import escape
from typing import Any

import ipywidgets as w

from hocvu.labs.bench import Bench
from hocvu.labs.controls import Control, Pick, Slider, Switch, Words
from hocvu.labs.keyword_rules_html import BENCH_CSS, message_html
from hocvu.widgets.save_line import SaveLine

_WRAPPED = w.Layout(width="auto", height="auto", flex_flow="row wrap")
_NATURAL = {"description_width": "initial"}
NOT_KEPT = "Chưa lưu thiết lập nào."


def bench_widget(
    bench: Bench, *, seed: int, raw: object = None, item: str = "", line: SaveLine | None = None
) -> w.Widget:
    """Return the bench on the learner's own data.

    raw: a setting kept earlier, to begin with. item and line: the number of the question that the setting can be
    kept for and the line that says so; without them there is no button.
    """
    return OpenBench(bench, seed, raw, item, line).widget


class OpenBench:
    """A bench while it is open in a notebook; `widget` is what is shown."""

    def __init__(self, bench: Bench, seed: int, raw: object, item: str, line: SaveLine | None) -> None:
        self._bench, self._seed, self._line, self._item = bench, seed, line, item
        start = _readable(bench, raw)
        self.controls = {one.name: _widget_of(one, start[one.name]) for one in bench.controls}
        self._outcome, self._problem = w.HTML(), w.HTML()
        self.widget = self._assemble()
        for control in self.controls.values():
            control.observe(lambda _change: self._changed(), "value")
        self._draw()

    @property
    def setting(self) -> dict[str, Any]:
        return {name: control.value for name, control in self.controls.items()}

    def _assemble(self) -> w.Widget:
        box = w.VBox(list(self.controls.values()), layout=w.Layout(width="auto"))
        box.add_class("hocvu-bench-controls")
        parts: list[w.Widget] = [w.HTML(f"<style>{BENCH_CSS}{CONTROLS_CSS}</style>"), box, self._problem]
        if any(isinstance(control, Words) for control in self._bench.controls):
            parts.append(self._try_button())
        if self._line is not None:
            keep = w.Button(description=f"Dùng thiết lập này cho câu {self._item}", layout=w.Layout(width="auto"))
            keep.add_class("hocvu-bench-save")
            keep.on_click(lambda _button: self._keep())
            parts.append(w.HBox([keep, self._line.widget], layout=_WRAPPED))
        whole = w.VBox([*parts, self._outcome], layout=w.Layout(width="auto"))
        whole.add_class("hocvu-bench")
        whole.add_class(f"hocvu-bench-{self._bench.name}")
        return whole

    def _try_button(self) -> w.Widget:
        """Return a button for whoever has typed: a text is drawn when the cursor leaves it, which nobody can know."""
        button = w.Button(description="Chạy thử", layout=w.Layout(width="auto"))
        button.add_class("hocvu-bench-try")
        button.on_click(lambda _button: self._draw())
        return button

    def _changed(self) -> None:
        if self._draw() and self._line is not None:
            self._line.say(f"Thiết lập vừa đổi, chưa lưu cho câu {self._item}.")

    def _draw(self) -> bool:
        """Draw the outcome; False and a word of help if the setting cannot be read."""
        try:
            setting = self._bench.parse(self.setting) or self._bench.defaults
        except ValueError as error:
            self._problem.value = message_html(f"Cần sửa: {error}", "hocvu-asked-again", role="alert")
            return False
        self._problem.value = ""
        self._outcome.value = f'<div role="status">{self._bench.outcome(setting, self._seed)}</div>'
        return True

    def _keep(self) -> None:
        assert self._line is not None
        try:
            self._bench.parse(self.setting)
        except ValueError as error:
            self._line.say(f"Cần sửa: {error}", "hocvu-asked-again")
            return
        self._line.save(self.setting, f"thiết lập cho câu {self._item} lúc")


def _readable(bench: Bench, raw: object) -> dict[str, Any]:
    try:
        kept = bench.parse(raw)
    except ValueError:
        kept = None
    return kept or bench.defaults


@singledispatch
def _widget_of(control: Control, value: Any) -> w.Widget:
    raise TypeError(f"no widget for {type(control).__name__}")


@_widget_of.register
def _(control: Pick, value: Any) -> w.Widget:
    options = [(text, option) for option, text in control.options.items()]
    return w.Dropdown(options=options, value=value, description=control.label, style=_NATURAL)


@_widget_of.register
def _(control: Slider, value: Any) -> w.Widget:
    say: Callable[[float], str] = lambda one: control.show(one).removeprefix(f"{control.label}: ")  # noqa: E731
    options = [(say(one), one) for one in control.values]
    return w.SelectionSlider(
        options=options, value=value, description=control.label, continuous_update=False, style=_NATURAL
    )


@_widget_of.register
def _(control: Switch, value: Any) -> w.Widget:
    return w.Checkbox(value=value, description=control.label, indent=False, layout=w.Layout(width="auto"))


@_widget_of.register
def _(control: Words, value: Any) -> w.Widget:
    box = w.Textarea(
        value=value, description=escape(control.label), rows=control.rows, continuous_update=False, style=_NATURAL
    )
    box.add_class("hocvu-bench-words")
    return box


# Selectors are long so as to win against ipywidgets, which wants every control 300 by 28 pixels, its label cut off.
CONTROLS_CSS = """
.hocvu-bench > .widget-html, .hocvu-bench > .widget-html > .widget-html-content { min-width: 0; max-width: 100%; }
.hocvu-bench > .widget-html > .widget-html-content { flex: 1 1 0; }
.hocvu-bench .hocvu-bench-controls > :is(.jupyter-widgets, .widget-slider) { height: auto; width: auto;
  max-width: 40rem; margin: .15rem 0; }
.hocvu-bench .hocvu-bench-controls > :is(.jupyter-widgets, .widget-slider) > .widget-label { width: auto;
  max-width: none; height: auto; min-width: 0; flex: 0 1 45%; line-height: 1.4; text-align: left; white-space: normal;
  overflow: visible; }
.hocvu-bench-controls > .widget-checkbox > label { width: auto; white-space: normal; }
.hocvu-bench .hocvu-bench-controls > .hocvu-bench-words.hocvu-bench-words { flex-direction: column;
  align-items: stretch; }
.hocvu-bench-words > textarea { width: 100%; }
.hocvu-bench > .hocvu-bench-try { align-self: flex-start; }
.hocvu-bench .hocvu-bench-controls > .widget-slider.widget-hslider { display: grid; align-items: center;
  gap: .25rem 1.25rem;
  grid-template: "label slider readout" minmax(2.75rem, auto) / minmax(0, 9fr) minmax(6rem, 8fr) minmax(4.5rem, 3fr); }
.hocvu-bench-controls > .widget-hslider > .widget-label { grid-area: label; }
.hocvu-bench .hocvu-bench-controls > .widget-hslider > .slider-container { grid-area: slider; width: auto;
  min-width: 0; margin: 0 .75rem; }
.hocvu-bench .hocvu-bench-controls > .widget-hslider > .widget-readout { grid-area: readout; width: auto;
  max-width: none; height: auto; margin: 0; overflow: visible; text-align: left; font-weight: 600; }
@media (max-width: 40rem) {
  .hocvu-bench .hocvu-bench-controls > .jupyter-widgets.widget-dropdown { flex-direction: column;
    align-items: stretch; }
  .hocvu-bench .hocvu-bench-controls > .widget-dropdown > .widget-label.widget-label,
  .hocvu-bench .hocvu-bench-controls > .widget-dropdown > select { flex: none; }
  .hocvu-bench .hocvu-bench-controls > .widget-slider.widget-hslider { margin: .4rem 0;
    grid-template: "label readout" auto "slider slider" 2.25rem / 1fr auto; }
}
"""
