"""Two small bar charts as SVG, and the same figures as a Markdown table."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Protocol

WIDTH, LEFT, RIGHT, ROW, BAR = 760, 268, 90, 26, 16
INK, QUIET, COLOUR = "#1c2733", "#56636f", "#1f6f8b"
FONT = "font-family='system-ui, Noto Sans, Arial, sans-serif'"


class Panel(Protocol):
    """A title and milliseconds by part."""

    @property
    def title(self) -> str: ...

    @property
    def parts(self) -> Mapping[str, float]: ...


def draw(panels: Sequence[Panel], note: str) -> str:
    """Return the picture. Each panel has its own scale, said in its title: the two differ by a factor of fifty."""
    lines, top = [], 16
    for panel in panels:
        whole, longest = sum(panel.parts.values()), max(panel.parts.values())
        top += 18
        lines.append(_text(16, top, f"{panel.title}: {_ms(whole)} of CPU a submission", INK, 15, "bold"))
        for name, spent in panel.parts.items():
            top += ROW
            width = max(1.0, (WIDTH - LEFT - RIGHT) * spent / longest)
            lines.append(_text(LEFT - 10, top, name, INK, 13, anchor="end"))
            lines.append(f'<rect x="{LEFT}" y="{top - 13}" width="{width:.1f}" height="{BAR}" rx="2" fill="{COLOUR}"/>')
            lines.append(_text(round(LEFT + width + 8), top, _ms(spent), INK, 13))
        top += 30
    lines.append(_text(16, top + 4, f"{note}. Each chart has its own scale.", QUIET, 12))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 20}" width="{WIDTH}" '
        f'height="{top + 20}" role="img" aria-labelledby="t d" {FONT}>'
    )
    said = "; ".join(f"{panel.title}: {_ms(sum(panel.parts.values()))}" for panel in panels)
    title = '<title id="t">What each part of grading one submission costs</title>'
    described = f'<desc id="d">{escape(said)}. The table beside the picture has every figure.</desc>'
    paper = f'<rect width="{WIDTH}" height="{top + 20}" fill="#ffffff"/>'
    return "\n".join([head, title, described, paper, *lines, "</svg>"]) + "\n"


def table(panels: Sequence[Panel]) -> str:
    """Return the figures of the picture as Markdown."""
    rows = ["| Submission | Part | CPU | Share |", "|---|---|---|---|"]
    for panel in panels:
        whole = sum(panel.parts.values())
        for name, spent in panel.parts.items():
            rows.append(f"| {panel.title} | {name} | {_ms(spent)} | {100 * spent / whole:.0f}% |")
        rows.append(f"| {panel.title} | **all** | **{_ms(whole)}** | |")
    return "\n".join(rows)


def _ms(value: float) -> str:
    return f"{value:.0f} ms" if value >= 20 else f"{value:.1f} ms" if value >= 2 else f"{value:.2f} ms"


def _text(x: int, y: int, words: str, colour: str, size: int, weight: str = "normal", anchor: str = "start") -> str:
    return (
        f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" font-weight="{weight}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )
