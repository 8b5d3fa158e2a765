"""The line under a question that says whether its answer is kept; it never says so before it is."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta, timezone
from html import escape

import ipywidgets as w

from hocvu.widgets.stores import AnswerStore, NotSaved

VIETNAM = timezone(timedelta(hours=7))  # the browser's Python has no time zone data
Parse = Callable[[object], object]  # raises ValueError, in Vietnamese, for an answer that would be asked again


class SaveLine:
    """Saves one item's answer and says what became of it, also when that is known only later."""

    def __init__(self, store: AnswerStore, item_id: str, parse: Parse, blank: str = "Chưa trả lời.") -> None:
        self._store, self._item_id, self._parse = store, item_id, parse
        self._blank, self._what = blank, ""
        self.widget = w.HTML()
        self.widget.add_class("hocvu-status")
        self.say("✔ Đã lưu trước đó." if item_id in store.answers else blank)
        store.watch(self._told)

    def save(self, raw: object, what: str = "") -> None:
        """Keep the answer; None clears it. what: words for «✔ Đã lưu <what> 14:05»."""
        self._what = what
        self.say("Đang lưu…", "hocvu-not-saved")
        try:
            self._store.save({self._item_id: raw})
        except NotSaved as error:
            self.say(f"✖ {error}", "hocvu-not-saved")

    def say(self, text: str, css: str = "") -> None:
        self.widget.value = f'<p role="status" class="{css}">{escape(text)}</p>'

    def _told(self, item_ids: Collection[str], problem: str) -> None:
        if self._item_id not in item_ids:
            return
        raw = self._store.answers.get(self._item_id)
        try:
            self._parse(raw)
            asked_again = ""
        except ValueError as error:
            asked_again = str(error)
        if problem:
            self.say(f"✖ {problem}", "hocvu-not-saved")
        elif raw is None:
            self.say(self._blank)
        elif asked_again:
            self.say(f"Đã lưu, nhưng cần sửa: {asked_again}", "hocvu-asked-again")
        else:
            self.say(" ".join(["✔ Đã lưu", *self._what.split(), f"{datetime.now(VIETNAM):%H:%M}"]), "hocvu-saved")
