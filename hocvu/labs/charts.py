"""Small charts as inline SVG, readable without colour and with a text alternative; no script, no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 360  # a phone's width, so that text is never scaled below its size there
GAP = 2.0


@dataclass(frozen=True)
class Part:
    """One part of a whole: a count with its word. fill: a colour on which white text is readable (4.5:1)."""

    label: str
    count: int
    fill: str


@dataclass(frozen=True)
class Bar:
    """One bar of a comparison. share in 0..1; text is what a person reads beside it."""

    label: str
    share: float
    text: str
    fill: str


def percent(share: float) -> str:
    """Return a share as people read it in Vietnamese: 0.605 is "60,5%", 0.6 is "60%"."""
    if 0.9995 <= share < 1:
        return "trên 99,9%"  # nearly sure is not sure
    rounded = f"{100 * share:.1f}".replace(".", ",").removesuffix(",0")
    return f"{rounded}%"


def stacked_bar(title: str, parts: Sequence[Part]) -> str:
    """Return one bar cut into parts; the text alternative says every count."""
    total = sum(part.count for part in parts) or 1
    spoken = f"{title}: " + ", ".join(f"{part.label} {part.count}" for part in parts)
    drawn, left = [], 0.0
    for part in parts:
        width = WIDTH * part.count / total
        gap = GAP if left and width > 2 * GAP else 0.0  # parts of like brightness stay apart
        drawn.append(f'<rect x="{left + gap:.1f}" y="0" width="{width - gap:.1f}" height="36" fill="{part.fill}"/>')
        if width >= 9 * len(f"{part.label} {part.count}"):
            drawn.append(_text(left + width / 2, 23, f"{part.label} {part.count}", fill="#ffffff", anchor="middle"))
        elif width >= 22:
            drawn.append(_text(left + width / 2, 23, str(part.count), fill="#ffffff", anchor="middle"))
        left += width
    return _picture(spoken, 36, drawn)


def comparison(title: str, bars: Sequence[Bar]) -> str:
    """Return horizontal bars under one another, each with its label above and its value at the end."""
    spoken = f"{title}: " + "; ".join(f"{bar.label} {bar.text}" for bar in bars)
    drawn = []
    for row, bar in enumerate(bars):
        top = 44 * row
        length = max(1.0, (WIDTH - 90) * bar.share)
        drawn.append(_text(0, top + 14, bar.label))
        drawn.append(f'<rect x="0" y="{top + 20}" width="{length:.1f}" height="16" fill="{bar.fill}"/>')
        drawn.append(_text(length + 6, top + 33, bar.text, weight="bold"))
    return _picture(spoken, 44 * len(bars), drawn)


def _text(
    x: float, y: float, text: str, *, fill: str = "currentColor", anchor: str = "start", weight: str = "normal"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{fill}" text-anchor="{anchor}" font-size="14"'
        f' font-weight="{weight}" font-family="inherit">{escape(text)}</text>'
    )


def _picture(spoken: str, height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg class="hocvu-chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(spoken)}" xmlns="http://www.w3.org/2000/svg">'
        f"<title>{escape(spoken)}</title>{''.join(drawn)}</svg>"
    )
