"""What a person can set on a bench: one definition for the form of a page and for the widgets of a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from hocvu.questions.base import drop_down, one
from hocvu.questions.text import read_number, show_number
from hocvu.questions.values import Fields, Fragment

MAX_STEPS_LISTED = 12  # a slider with no more steps than these is a list on a page


@dataclass(frozen=True)
class Pick:
    """One of a few options, value → what people read. default: a value."""

    name: str
    label: str
    options: Mapping[str, str]
    default: str

    def read(self, raw: object) -> str:
        """Return the chosen value; raises ValueError with what is expected, in Vietnamese."""
        if not isinstance(raw, str) or raw not in self.options:
            raise ValueError(f"«{self.label}»: không có lựa chọn này. Anh/chị chọn lại trong danh sách.")
        return raw

    def from_form(self, control: str, fields: Fields) -> object | None:
        return one(fields, control) or None

    def html(self, control: str, raw: object) -> Fragment:
        return f'<div class="pair">{drop_down(control, self.label, self.options, raw, "– chọn –")}</div>'

    def show(self, value: object) -> str:
        return f"{self.label}: {self.options[str(value)]}"


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high` in steps of `step`; people read and type it with a decimal comma."""

    name: str
    label: str
    low: float
    high: float
    step: float
    default: float
    unit: str = ""

    @property
    def values(self) -> tuple[float, ...]:
        """Every value it can take, rounded to the step."""
        count = round((self.high - self.low) / self.step)
        return tuple(round(self.low + place * self.step, 6) for place in range(count + 1))

    def read(self, raw: object) -> float:
        """Return the nearest step; raises ValueError with what is expected, in Vietnamese."""
        number = read_number(raw) if isinstance(raw, str) else raw
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not self.low <= number <= self.high:
            low, high = show_number(self.low), show_number(self.high)
            raise ValueError(f"«{self.label}»: hãy nhập một số từ {low} đến {high}.")
        return min(self.values, key=lambda value: abs(value - number))

    def from_form(self, control: str, fields: Fields) -> object | None:
        return one(fields, control).strip() or None

    def html(self, control: str, raw: object) -> Fragment:
        if len(self.values) <= MAX_STEPS_LISTED:
            listed = {show_number(value): f"{show_number(value)} {self.unit}".strip() for value in self.values}
            chosen = show_number(raw) if isinstance(raw, (int, float)) else raw
            return f'<div class="pair">{drop_down(control, self.label, listed, chosen, "– chọn –")}</div>'
        typed = "" if raw is None else show_number(raw) if isinstance(raw, (int, float)) else str(raw)
        bounds = f"từ {show_number(self.low)} đến {show_number(self.high)} {self.unit}".strip()
        return (
            f'<div class="pair"><label for="{control}">{escape(self.label)} <span class="hint">({bounds})</span>'
            f'</label><input id="{control}" name="{control}" inputmode="decimal" autocomplete="off"'
            f' value="{escape(typed)}"></div>'
        )

    def show(self, value: object) -> str:
        return f"{self.label}: {show_number(value)} {self.unit}".strip() if isinstance(value, (int, float)) else ""


@dataclass(frozen=True)
class Switch:
    """On or off."""

    name: str
    label: str
    default: bool = False

    def read(self, raw: object) -> bool:
        """Return on or off; a box that was not ticked is not sent, so None is off."""
        if raw not in (None, True, False):
            raise ValueError(f"«{self.label}»: chỉ có bật hoặc tắt.")
        return bool(raw)

    def from_form(self, control: str, fields: Fields) -> object | None:
        return one(fields, control) == "1"

    def html(self, control: str, raw: object) -> Fragment:
        ticked = " checked" if raw is True else ""
        return (
            f'<p class="option switch"><input type="checkbox" id="{control}" name="{control}" value="1"{ticked}>'
            f'<label for="{control}">{escape(self.label)}</label></p>'
        )

    def show(self, value: object) -> str:
        return f"{self.label}: {'bật' if value else 'tắt'}"


@dataclass(frozen=True)
class Words:
    """A text the person types, at most `longest` characters."""

    name: str
    label: str
    default: str = ""
    rows: int = 4
    longest: int = 2_000

    def read(self, raw: object) -> str:
        """Return the text; raises ValueError when it is none or too long."""
        if not isinstance(raw, str):
            raise ValueError(f"«{self.label}»: hãy nhập chữ.")
        if len(raw) > self.longest:
            raise ValueError(
                f"«{self.label}» dài {len(raw)} ký tự; chỉ được tối đa {self.longest}. Anh/chị viết gọn lại."
            )
        return raw

    def from_form(self, control: str, fields: Fields) -> object | None:
        return one(fields, control) or None

    def html(self, control: str, raw: object) -> Fragment:
        text = raw if isinstance(raw, str) else ""
        return (
            f'<div class="pair"><label for="{control}">{escape(self.label)}</label><textarea id="{control}"'
            f' name="{control}" rows="{self.rows}" maxlength="{self.longest}">{escape(text)}</textarea></div>'
        )

    def show(self, value: object) -> str:
        return f"{self.label}: {value}"


Control = Pick | Slider | Switch | Words
