"""The keyword bench in a notebook: rules edited in place, the outcome on 60 reports worked out again at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ipywidgets as w

from hocvu.datasets.reports1022 import CATEGORIES
from hocvu.labs.keyword_rules_html import (
    BENCH_CSS,
    SYNTHETIC,
    categories_html,
    comparison_html,
    message_html,
    reports_html,
    tally_html,
    writings_html,
)
from hocvu.labs.rules import MAX_RULES, Outcome, Tally, measure_model, measure_rules, parse_rules
from hocvu.widgets.save_line import SaveLine

ITEM = "1-3"
NOT_KEPT = "Chưa lưu bộ luật nào."
START = [["xe buýt", "BUYT"], ["rác", "RAC"], ["karaoke", "ONAO"], ["hồ sơ", "TTHC"]]
_FIELDS = [("– chọn lĩnh vực –", ""), *((category.name, category.code) for category in CATEGORIES)]
_SHOWN = [("mọi phản ánh", None), ("chỉ phản ánh sai", Outcome.WRONG), ("chỉ phản ánh bỏ sót", Outcome.MISSED)]

PAGE = 10  # reports listed at a time: the list has no scroll bar of its own
RULES_CSS = """
.hocvu-rule { display: grid; gap: 0 .5rem; align-items: center; margin: 0 0 .5rem; max-width: 100%; overflow: visible;
  grid-template: "number to ." "keyword field buttons" / minmax(8rem, 1fr) minmax(0, 21rem) auto; }
.hocvu-rule > .widget-text, .hocvu-rule > .widget-dropdown { display: contents; }
.hocvu-rule > .widget-text > .widget-label { grid-area: number; }
.hocvu-rule > .widget-text > input { grid-area: keyword; }
.hocvu-rule > .widget-dropdown > .widget-label { grid-area: to; }
.hocvu-rule > .widget-dropdown > select { grid-area: field; }
.hocvu-rule > .widget-hbox { grid-area: buttons; }
.hocvu-rule input, .hocvu-rule select { width: 100% !important; min-width: 0; box-sizing: border-box; margin: 0; }
.hocvu-rule .widget-label { width: auto !important; max-width: none; height: auto; line-height: 1.4; text-align: left; }
@media (max-width: 40rem) {
  .hocvu-rule { grid-template: "number buttons" "keyword keyword" "field field" / minmax(0, 1fr) auto; gap: .3rem .5rem;
    margin-bottom: 1rem; }
  .hocvu-rule > .widget-dropdown > .widget-label { position: absolute; width: 1px !important; height: 1px;
    overflow: hidden; clip-path: inset(50%); }
}
"""


def keyword_bench(*, seed: int, rules: object = None, line: SaveLine | None = None) -> w.Widget:
    """Return the bench on the learner's own reports.

    rules: raw rules to begin with, as kept for item 1-3. line: keeps them when the button is pressed, and says so;
    without it there is no button.
    """
    return KeywordBench(seed, rules, line).widget


class _Row:
    """One rule: keyword, category and its three buttons. Rows stay where they are; their values move."""

    def __init__(self, number: int, on_change: Callable[[], None], on_button: Callable[[int, str], None]) -> None:
        self.keyword = w.Text(
            description=f"Luật {number}",
            placeholder="từ khóa",
            continuous_update=False,
            style={"description_width": "initial"},
        )
        self.category = w.Dropdown(
            options=_FIELDS, value="", description="chuyển tới", style={"description_width": "initial"}
        )
        self.buttons = {
            action: w.Button(description=text, tooltip=f"{hint} {number}", layout=w.Layout(width="auto"))
            for action, text, hint in (
                ("up", "Lên", "Đưa lên trước: luật"),
                ("down", "Xuống", "Đưa xuống sau: luật"),
                ("remove", "Bỏ", "Bỏ luật"),
            )
        }
        self.box = w.Box([self.keyword, self.category, w.HBox(list(self.buttons.values()))])
        self.box.add_class("hocvu-rule")
        for part in (self.keyword, self.category):
            part.observe(lambda _change: on_change(), "value")
        for action, button in self.buttons.items():
            button.on_click(lambda _button, action=action: on_button(number - 1, action))

    @property
    def pair(self) -> list[str]:
        return [self.keyword.value.strip(), self.category.value]

    @pair.setter
    def pair(self, pair: list[str]) -> None:
        self.keyword.value, self.category.value = pair


class KeywordBench:
    """The bench while it is open in a notebook; `widget` is what is shown."""

    def __init__(self, seed: int, rules: object, line: SaveLine | None) -> None:
        self._seed, self._line = seed, line
        self._rows: list[_Row] = []
        self._quiet = False
        self._shown = PAGE
        self._mine = measure_rules((), seed)
        self._list = w.VBox()
        self._list.add_class("hocvu-rules")
        self._add = _button("Thêm luật", "hocvu-bench-add", lambda: self._add_rule())
        self._plain = w.ToggleButton(description="Viết không dấu", tooltip="Chạy lại trên bản không dấu")
        self._plain.add_class("hocvu-bench-plain")
        self._only = w.Dropdown(options=_SHOWN, description="Xem", style={"description_width": "initial"})
        self._only.add_class("hocvu-bench-only")
        self._more = _button("", "hocvu-bench-more", lambda: self._show_more())
        self._problem, self._summary, self._reports, self._details = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self._set_pairs(_readable(rules))
        self.widget = self._assemble()
        self._plain.observe(lambda _change: self._show(), "value")
        self._only.observe(lambda _change: self._show(), "value")
        self._measure()

    def _assemble(self) -> w.Widget:
        wrapped = w.Layout(flex_flow="row wrap", width="auto")
        parts: list[Any] = [
            w.HTML(f"<style>{BENCH_CSS}{RULES_CSS}</style>{message_html(SYNTHETIC)}"),
            self._list,
            w.HBox([self._add, self._plain], layout=wrapped),
            self._problem,
            self._summary,
        ]
        if self._line is not None:
            keep = _button("Dùng bộ luật này cho câu 1.3", "hocvu-bench-save", self._keep)
            keep.button_style = "primary"
            parts.append(w.HBox([keep, self._line.widget], layout=wrapped))
        parts += [self._only, self._reports, self._more, self._details]
        box = w.VBox(parts, layout=w.Layout(width="auto", max_width="60rem"))
        box.add_class("hocvu-bench")
        return box

    @property
    def raw(self) -> dict[str, list[list[str]]]:
        """The rules as an answer; rows without a keyword are left out."""
        return {"rules": [row.pair for row in self._rows if row.pair[0]]}

    def _set_pairs(self, pairs: list[list[str]]) -> None:
        """Show these rules: rows are added or dropped at the end, values are written into place."""
        with self._in_one_go():
            while len(self._rows) < len(pairs):
                self._rows.append(_Row(len(self._rows) + 1, self._changed, self._press))
            del self._rows[len(pairs) :]
            for row, pair in zip(self._rows, pairs, strict=True):
                row.pair = pair
            for number, row in enumerate(self._rows):
                row.buttons["up"].disabled = number == 0
                row.buttons["down"].disabled = number == len(pairs) - 1
            self._list.children = [row.box for row in self._rows]
            self._add.disabled = len(pairs) >= MAX_RULES

    @contextmanager
    def _in_one_go(self) -> Iterator[None]:
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _press(self, place: int, action: str) -> None:
        pairs = [row.pair for row in self._rows]
        moved = pairs.pop(place)
        target = place + {"up": -1, "down": 1, "remove": 0}[action]
        if action != "remove":
            pairs.insert(target, moved)
        self._set_pairs(pairs)
        self._changed()
        if self._rows:  # the keyboard follows the rule that was moved
            row = self._rows[min(target, len(self._rows) - 1)]
            button = row.buttons[action]
            (row.keyword if button.disabled or action == "remove" else button).focus()

    def _add_rule(self) -> None:
        self._set_pairs([*(row.pair for row in self._rows), ["", ""]])
        self._rows[-1].keyword.focus()

    def _changed(self) -> None:
        if self._quiet:
            return
        if self._measure() and self._line is not None:
            self._line.say("Bộ luật vừa đổi, chưa lưu cho câu 1.3.")

    def _measure(self) -> bool:
        """Work out the outcome of the rules; False and a word of help if they cannot be read."""
        pairs = self.raw["rules"]
        complete = [pair for pair in pairs if pair[1]]
        try:
            rules = parse_rules({"rules": complete}) or ()
        except ValueError as error:
            text = f"Cần sửa: {error} Kết quả bên dưới vẫn là của bộ luật trước đó."
            self._problem.value = message_html(text, "hocvu-asked-again", role="alert")
            return False
        waiting = len(pairs) - len(complete)
        text = f"{waiting} luật chưa chọn lĩnh vực nên chưa được tính." if waiting else ""
        self._problem.value = message_html(text, role="status")
        self._mine = measure_rules(rules, self._seed)
        self._show()
        return True

    def _show(self) -> None:
        self._shown = PAGE
        tally, writing = self._tally()
        self._summary.value = (
            f'<div role="status"><h3>{len(tally.routed)} phản ánh, {writing}</h3>{tally_html(tally)}</div>'
        )
        self._details.value = (
            f"{writings_html(self._mine.with_marks)}{categories_html(tally)}"
            f"{comparison_html(self._mine, measure_model(self._seed))}"
        )
        self._list_reports()

    def _tally(self) -> tuple[Tally, str]:
        if self._plain.value:
            return self._mine.without_marks, "viết không dấu"
        return self._mine.with_marks, "như người dân gõ"

    def _list_reports(self) -> None:
        tally, writing = self._tally()
        self._reports.value = reports_html(tally, writing, self._only.value, self._shown)
        listed = len(tally.routed) if self._only.value is None else tally.counts[self._only.value]
        left = max(0, listed - self._shown)
        self._more.description = f"Xem thêm {min(PAGE, left)} phản ánh (còn {left})"
        self._more.layout.display = None if left else "none"

    def _show_more(self) -> None:
        self._shown += PAGE
        self._list_reports()

    def _keep(self) -> None:
        assert self._line is not None
        try:
            rules = parse_rules(self.raw)
            if rules is None:
                raise ValueError("Chưa có luật nào để lưu. Anh/chị thêm ít nhất một luật.")
        except ValueError as error:
            self._line.say(f"Cần sửa: {error}", "hocvu-asked-again")
            return
        self._line.save(self.raw, f"{len(rules)} luật cho câu 1.3 lúc")


def _readable(raw: object) -> list[list[str]]:
    """Return the rules kept earlier as pairs; the four to start with if there are none that can be read."""
    try:
        rules = parse_rules(raw)
    except ValueError:
        rules = None
    return [[rule.keyword, rule.category] for rule in rules] if rules else [list(pair) for pair in START]


def _button(text: str, css: str, on_click: Callable[[], None]) -> w.Button:
    button = w.Button(description=text, layout=w.Layout(width="auto"))
    button.add_class(css)
    button.on_click(lambda _button: on_click())
    return button
