"""A bench: a few controls and a pure computation that draws what they lead to. One definition, every face.

The page shows it as a form and an outcome, the notebook as widgets; as an experiment (EXP) its setting is an answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from hocvu.labs.controls import Control, Switch, Words
from hocvu.questions.experiment import Goal, Verdict
from hocvu.questions.values import Fields, Fragment

Setting = Mapping[str, Any]  # control name → value as the control reads it


@dataclass(frozen=True)
class Bench:
    """A bench by name. It fits questions.experiment.Lab when it has `judge` and `weak_setting`.

    draw: (setting, seed) → the outcome as HTML: what was found in a sentence, a picture, a table. No script, no style.
    judge: (setting, seed, goal) → what the setting earns, worked out on data the learner has not seen.
    weak_setting: a setting that earns nothing for every seed.
    """

    name: str
    title: str
    controls: tuple[Control, ...]
    draw: Callable[[Setting, int], Fragment]
    invitation: str = "Chạy thử"
    hint: str = "Máy chủ chạy lại thiết lập của anh/chị trên dữ liệu mô phỏng của riêng anh/chị, rồi mới cho điểm."
    judge: Callable[[Setting, int, Goal], Verdict] | None = None
    weak_setting: Setting | None = None

    @property
    def defaults(self) -> dict[str, Any]:
        """The setting a lesson opens with."""
        return {control.name: control.default for control in self.controls}

    def parse(self, raw: object) -> dict[str, Any] | None:
        """Return the setting in {control name: value}, None for blank; raises ValueError in Vietnamese."""
        if raw is None or raw == {}:
            return None
        if not isinstance(raw, Mapping):
            raise ValueError("Không đọc được thiết lập này. Anh/chị chọn lại từng mục trên bàn thử.")
        unknown = set(raw) - {control.name for control in self.controls}
        if unknown:
            raise ValueError(
                f"Bàn thử không có mục «{sorted(map(str, unknown))[0]}». Anh/chị tải lại trang rồi chọn lại."
            )
        return {control.name: self._read(control, raw.get(control.name)) for control in self.controls}

    def _read(self, control: Control, raw: object) -> Any:
        if raw is None and not isinstance(control, Switch):
            do = "nhập" if isinstance(control, Words) else "chọn"
            raise ValueError(f"Còn thiếu «{control.label}». Anh/chị {do} rồi làm tiếp.")
        return control.read(raw)

    def from_form(self, item_id: str, fields: Fields) -> object | None:
        """Return the raw setting from the controls of `html`; None when only switches could have been left."""
        given = {control.name: control.from_form(f"{item_id}.{control.name}", fields) for control in self.controls}
        chosen = [given[control.name] for control in self.controls if not isinstance(control, Switch)]
        touched = any(raw is not None for raw in chosen) if chosen else any(given.values())
        return {name: raw for name, raw in given.items() if raw is not None} if touched else None

    def html(self, item_id: str, raw: object, seed: int | None) -> Fragment:
        """Return the form controls, empty where nothing was chosen; with a seed, also what the setting leads to."""
        given = raw if isinstance(raw, Mapping) else {}
        form = "".join(c.html(escape(f"{item_id}.{c.name}"), given.get(c.name)) for c in self.controls)
        form = f'<div class="pairs">{form}</div>'
        try:
            setting = self.parse(raw)
        except ValueError:
            return form
        return form if setting is None or seed is None else f"{form}\n{self.outcome(setting, seed)}"

    def outcome(self, setting: Setting, seed: int) -> Fragment:
        """Return what the setting leads to on the learner's own data, as one section."""
        drawn = self.draw(setting, seed)
        return f'<section class="hocvu-bench" aria-label="{escape(self.title)}: kết quả">{drawn}</section>'

    def show(self, params: Setting) -> str:
        """Return the setting in plain Vietnamese."""
        return "; ".join(control.show(params[control.name]) for control in self.controls)

    def verdict(self, params: Setting, seed: int, goal: Goal) -> Verdict:
        """Return what the setting earns. Raises TypeError for a bench that is not made to be graded."""
        if self.judge is None:
            raise TypeError(f"bench {self.name} has no judge: it cannot be the lab of an experiment")
        return self.judge(params, seed, goal)

    def weak(self) -> object:
        return dict(self.weak_setting or {})

    def unreadable(self) -> object:
        """Return something that is no setting of this bench."""
        return {"khong_co_muc_nay": 1}
