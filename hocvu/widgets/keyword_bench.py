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
from hocvu.labs.rules import MAX_RULES, Outcome, measure_model, measure_rules, parse_rules
from hocvu.widgets.stores import NotSaved

ITEM = "1-3"
START = [["xe buýt", "BUYT"], ["rác", "RAC"], ["karaoke", "ONAO"], ["hồ sơ", "TTHC"]]
_FIELDS = [("– chọn lĩnh vực –", ""), *((category.name, category.code) for category in CATEGORIES)]
_SHOWN = [("mọi câu", None), ("chỉ câu sai", Outcome.WRONG), ("chỉ câu bỏ sót", Outcome.MISSED)]

Save = Callable[[str, object], None]


def keyword_bench(*, seed: int, rules: object = None, save: Save | None = None, acknowledge: bool = True) -> w.Widget:
    """Return the bench on the learner's own reports.

    rules: raw rules to begin with, as kept for item 1-3; save(item_id, raw) keeps them, and raises NotSaved.
    acknowledge: say «Đã lưu» here; False where the caller's own status line says it.
    """
    return KeywordBench(seed, rules, save, acknowledge).widget


class _Row:
    """One rule: keyword, category and its three buttons. Rows stay where they are; their values move."""

    def __init__(self, number: int, on_change: Callable[[], None], on_button: Callable[[int, str], None]) -> None:
        self.keyword = w.Text(
            description=f"Luật {number}",
            placeholder="từ khóa",
            continuous_update=False,
            style={"description_width": "4.8rem"},
            layout=w.Layout(flex="1 1 12rem", width="auto", min_width="0"),
        )
        self.category = w.Dropdown(
            options=_FIELDS,
            value="",
            description="chuyển tới",
            style={"description_width": "4.8rem"},
            layout=w.Layout(flex="2 1 16rem", width="auto", min_width="0"),
        )
        self.buttons = {
            action: w.Button(
                description=text, tooltip=f"{hint} {number}", layout=w.Layout(width="4.2rem", min_width="0")
            )
            for action, text, hint in (
                ("up", "Lên", "Đưa lên trước: luật"),
                ("down", "Xuống", "Đưa xuống sau: luật"),
                ("remove", "Bỏ", "Bỏ luật"),
            )
        }
        self.box = w.HBox(
            [self.keyword, self.category, w.HBox(list(self.buttons.values()))],
            layout=w.Layout(flex_flow="row wrap", width="100%", margin="0 0 .4rem 0"),
        )
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

    def __init__(self, seed: int, rules: object, save: Save | None, acknowledge: bool) -> None:
        self._seed, self._save, self._acknowledge = seed, save, acknowledge
        self._rows: list[_Row] = []
        self._quiet = False
        self._mine = measure_rules((), seed)
        self._list = w.VBox(layout=w.Layout(width="100%"))
        self._list.add_class("hocvu-rules")
        self._add = _button("Thêm luật", "hocvu-bench-add", lambda: self._add_rule())
        self._plain = w.ToggleButton(description="Viết không dấu", tooltip="Chạy lại trên bản không dấu")
        self._plain.add_class("hocvu-bench-plain")
        self._only = w.Dropdown(
            options=_SHOWN,
            description="Xem",
            style={"description_width": "4.8rem"},
            layout=w.Layout(width="auto", max_width="20rem"),
        )
        self._only.add_class("hocvu-bench-only")
        self._problem, self._summary, self._details, self._saved = w.HTML(), w.HTML(), w.HTML(), w.HTML()
        self._set_pairs(_readable(rules))
        self.widget = self._assemble()
        self._plain.observe(lambda _change: self._show(), "value")
        self._only.observe(lambda _change: self._show(), "value")
        self._changed()
        self._saved.value = ""

    def _assemble(self) -> w.Widget:
        parts: list[Any] = [
            w.HTML(f"<style>{BENCH_CSS}</style>{message_html(SYNTHETIC)}"),
            self._list,
            w.HBox([self._add, self._plain], layout=w.Layout(flex_flow="row wrap")),
            self._problem,
            self._summary,
        ]
        if self._save is not None:
            keep = _button("Dùng bộ luật này cho bài 1.3", "hocvu-bench-save", self._keep)
            keep.button_style, keep.layout = "primary", w.Layout(width="auto", max_width="100%")
            parts.append(w.HBox([keep, self._saved], layout=w.Layout(flex_flow="row wrap")))
        parts += [self._only, self._details]
        box = w.VBox(parts, layout=w.Layout(width="100%", max_width="60rem"))
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
        pairs = self.raw["rules"]
        complete = [pair for pair in pairs if pair[1]]
        try:
            rules = parse_rules({"rules": complete}) or ()
        except ValueError as error:
            text = f"Cần sửa: {error} Kết quả bên dưới vẫn là của bộ luật trước đó."
            self._problem.value = message_html(text, "hocvu-asked-again", role="alert")
            return
        waiting = len(pairs) - len(complete)
        text = f"{waiting} luật chưa chọn lĩnh vực nên chưa được tính." if waiting else ""
        self._problem.value = message_html(text, role="status")
        self._saved.value = message_html("Bộ luật vừa đổi, chưa lưu cho bài 1.3.")
        self._mine = measure_rules(rules, self._seed)
        self._show()

    def _show(self) -> None:
        plain = bool(self._plain.value)
        tally = self._mine.without_marks if plain else self._mine.with_marks
        writing = "viết không dấu" if plain else "như người dân gõ"
        self._summary.value = (
            f'<div role="status"><h3>{len(tally.routed)} phản ánh, {writing}</h3>{tally_html(tally)}</div>'
        )
        table = reports_html(tally, writing, self._only.value)
        self._details.value = (
            f'<div class="hocvu-scroll" tabindex="0" role="region" aria-label="Từng phản ánh">{table}</div>'
            f"{writings_html(self._mine.with_marks)}{categories_html(tally)}"
            f"{comparison_html(self._mine, measure_model(self._seed))}"
        )

    def _keep(self) -> None:
        assert self._save is not None
        try:
            rules = parse_rules(self.raw)
            if rules is None:
                raise ValueError("Anh/chị chưa có luật nào để lưu.")
            self._save(ITEM, self.raw)
        except (ValueError, NotSaved) as error:
            self._saved.value = message_html(f"✖ {error}", "hocvu-not-saved", role="alert")
            return
        done = f"✔ Đã lưu {len(rules)} luật cho bài 1.3." if self._acknowledge else ""
        self._saved.value = message_html(done, "hocvu-saved", role="status")


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
