"""A notebook open in JupyterLite: how long to wait, what moves its benches, what must fit and be accessible."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError

from hocvu.labs.bench import Bench
from hocvu.labs.benches import BENCHES
from hocvu.labs.controls import Control, Pick, Slider, Switch
from tests.browser.conftest_site import ROOT

START_TIMEOUT_MS = 180_000
KEYWORDS = "keyword_rules"  # the bench of module 1 has controls of its own
TYPED = {
    "yeu_cau": "Tóm tắt năm phản ánh cho buổi giao ban, tối đa 120 chữ, chỉ dùng năm phản ánh.",
    "bat_dau": "hồ",
    "cau": "rác đầy hẻm, cống nghẹt",
}


@dataclass(frozen=True)
class Move:
    """One thing that a person does to a bench. css: the bench; do: the doing, given the bench on the page."""

    name: str
    css: str
    do: Callable[[Locator], None]


def wait_until_open(page: Page) -> None:
    page.wait_for_selector("#hocvu-gate", state="hidden", timeout=START_TIMEOUT_MS)


def moves_of(bench: str) -> Iterator[Move]:
    """Yield a move of every control of a bench, in the order in which they stand."""
    if bench == KEYWORDS:
        yield Move("đổi từ khóa 1", ".hocvu-bench", _change_keyword)
        yield Move(
            "viết không dấu", ".hocvu-bench", lambda one: one.get_by_role("button", name="Viết không dấu").click()
        )
        return
    for control in BENCHES[bench].controls:
        yield Move(control.label, f".hocvu-bench-{bench}", _moved(BENCHES[bench], control))


def _change_keyword(bench: Locator) -> None:
    keyword = bench.get_by_role("textbox").first
    keyword.fill("đường")
    keyword.press("Tab")


def _moved(bench: Bench, control: Control) -> Callable[[Locator], None]:
    def move(shown: Locator) -> None:
        if isinstance(control, Pick):
            other = next(text for value, text in reversed(control.options.items()) if value != control.default)
            shown.get_by_label(control.label, exact=True).select_option(label=other)
        elif isinstance(control, Slider):
            key = "ArrowRight" if control.default < control.high else "ArrowLeft"
            shown.get_by_role("slider", name=control.label).press(key)
        elif isinstance(control, Switch):
            shown.get_by_label(control.label).click()
        else:
            shown.get_by_label(control.label).fill(TYPED[control.name])
            shown.get_by_role("button", name="Chạy thử").click()

    return move


def axe(page: Page, places: str) -> list[str]:
    """Return what axe-core finds wrong in our own parts, each with the element it is about."""
    page.evaluate((ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    include: list[Any] = [[place.strip()] for place in places.split(",")]
    found = page.evaluate("(include) => axe.run({include})", include)["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


_MISFITS = """(width) => [...document.querySelectorAll("#main .jp-Cell *")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > width + 1)
    .filter((one) => !one.closest("svg, thead, style, .scroll, .hocvu-tip, .cm-editor"))
    .map((one) => `${one.tagName} ${one.className}: ${one.textContent.slice(0, 40)}`)"""


def misfits(page: Page, width: int) -> list[str]:
    """Return what of the notebook reaches beyond a page of this width, unless it lies in a box that scrolls.

    JupyterLab lays a notebook out again some frames after its page was resized: that is waited for.
    """
    with suppress(TimeoutError):
        page.wait_for_function(f"(width) => ({_MISFITS})(width).length === 0", arg=width, timeout=10_000)
    return list(page.evaluate(_MISFITS, width))
