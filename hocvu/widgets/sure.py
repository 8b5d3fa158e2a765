"""«Anh/chị chắc đến đâu?» under a question: one list, and its own word on whether the choice is kept."""

from collections.abc import Collection
from html import escape

import ipywidgets as w

from hocvu.questions.confidence import ASKED, NOT_GRADED, STEPS, SURE
from hocvu.widgets.stores import AnswerStore, NotSaved

NOT_SAID = 0  # not None, which a list shows as an empty line
_CHOICES = [("– không nói –", NOT_SAID), *((words, step) for step, words in STEPS.items())]


def sure_choice(store: AnswerStore, item_id: str) -> w.Widget:
    """Return the choice of how sure the learner is of one item; each change is saved to `store`."""
    return _Sure(store, item_id).widget


class _Sure:
    def __init__(self, store: AnswerStore, item_id: str) -> None:
        self._store, self._item_id = store, item_id
        self._list = w.Dropdown(
            options=_CHOICES,
            value=store.confidence.get(item_id, NOT_SAID),
            description=f"{ASKED} {NOT_GRADED}",
            style={"description_width": "initial"},
            layout=w.Layout(width="auto"),
        )
        self._line = w.HTML()
        self._line.add_class("hocvu-sure-status")
        self.widget = w.HBox([self._list, self._line], layout=w.Layout(width="auto", flex_flow="row wrap"))
        self.widget.add_class("hocvu-sure")
        self._say("")
        self._list.observe(lambda change: self._save(change.new or None), "value")
        store.watch(self._told)

    def _save(self, step: int | None) -> None:
        self._say("Đang lưu…", "hocvu-not-saved")
        try:
            self._store.save_confidence(self._item_id, step)
        except NotSaved as error:
            self._say(f"✖ {error}", "hocvu-not-saved")

    def _told(self, names: Collection[str], problem: str) -> None:
        if f"{SURE}{self._item_id}" not in names:
            return
        if problem:
            self._say(f"✖ {problem}", "hocvu-not-saved")
        elif self._item_id in self._store.confidence:
            self._say("✔ Đã lưu", "hocvu-saved")
        else:
            self._say("")

    def _say(self, text: str, css: str = "") -> None:
        self._line.value = f'<p role="status" class="{css}">{escape(text)}</p>'
