"""A line chart as inline SVG: a learning curve, a trade-off, a cost. Lines differ by dash, not by colour only."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 360, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 350, 22, 198
DASHES = ("", "6 4", "2 3")


@dataclass(frozen=True)
class Line:
    """One line: its name and its points (place, value); place 0 is the first of the chart's places."""

    name: str
    points: Sequence[tuple[int, float]]
    colour: str


@dataclass(frozen=True)
class Mark:
    """A place to point at, with a word: where the learner is, or the goal."""

    place: int
    word: str


def line_chart(
    title: str,
    places: Sequence[str],
    lines: Sequence[Line],
    *,
    top: float,
    ticks: Sequence[tuple[float, str]],
    mark: Mark | None = None,
) -> str:
    """Return the lines over evenly spaced places. top: the value at the upper edge; ticks: (value, its text)."""
    drawn = [_tick(value / top, text) for value, text in ticks]
    drawn += [_place(place, text, len(places)) for place, text in enumerate(places)]
    if mark:
        drawn.append(_mark(mark, len(places)))
    for number, line in enumerate(lines):
        drawn.append(_path(line, len(places), top, DASHES[number % len(DASHES)]))
    spoken = f"{title}. " + " ".join(_spoken(line, places, ticks) for line in lines)
    legend = "".join(_legend(line, row, DASHES[row % len(DASHES)]) for row, line in enumerate(lines))
    height = HEIGHT + 20 * len(lines)
    return (
        f'<svg class="hocvu-chart" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
        f' aria-label="{escape(spoken)}" xmlns="http://www.w3.org/2000/svg"><title>{escape(title)}</title>'
        f"{''.join(drawn)}{legend}</svg>"
    )


def _x(place: int, places: int) -> float:
    return LEFT + 8 + (RIGHT - LEFT - 16) * place / max(1, places - 1)


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, share))


def _tick(share: float, text: str) -> str:
    y = _y(share)
    return (
        f'<line x1="{LEFT}" y1="{y:.1f}" x2="{RIGHT}" y2="{y:.1f}" stroke="currentColor" stroke-opacity=".2"/>'
        f"{_text(LEFT - 5, y + 4, text, 'end')}"
    )


def _place(place: int, text: str, places: int) -> str:
    every = -(-places // 8)  # at most eight words below, so that none touch
    return _text(_x(place, places), BOTTOM + 18, text, "middle") if place % every == 0 else ""


def _mark(mark: Mark, places: int) -> str:
    x = _x(mark.place, places)
    anchor = "end" if mark.place > places / 2 else "start"
    shift = -5 if anchor == "end" else 5
    return (
        f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{BOTTOM}" stroke="currentColor" stroke-width="1.5"'
        f' stroke-dasharray="1 3"/>{_text(x + shift, TOP - 7, mark.word, anchor)}'
    )


def _path(line: Line, places: int, top: float, dash: str) -> str:
    spots = [(_x(place, places), _y(value / top)) for place, value in line.points]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{line.colour}"/>' for x, y in spots[:30])
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    shown = dots if len(spots) <= 30 else ""
    return f'<polyline points="{drawn}" fill="none" stroke="{line.colour}" stroke-width="2.5"{dashes}/>{shown}'


def _legend(line: Line, row: int, dash: str) -> str:
    y = HEIGHT + 20 * row
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{LEFT}" y1="{y}" x2="{LEFT + 30}" y2="{y}" stroke="{line.colour}" stroke-width="2.5"{dashes}/>'
        f"{_text(LEFT + 38, y + 4, line.name, 'start')}"
    )


def _spoken(line: Line, places: Sequence[str], ticks: Sequence[tuple[float, str]]) -> str:
    as_share = any(text.endswith("%") for _, text in ticks)
    values = [f"{100 * value:.0f}%" if as_share else f"{value:.0f}" for _, value in line.points[:12]]
    return (
        f"{line.name}: "
        + ", ".join(f"{places[place]} {value}" for (place, _), value in zip(line.points, values, strict=False))
        + "."
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="currentColor" text-anchor="{anchor}" font-size="14"'
        f' font-family="inherit">{escape(text)}</text>'
    )
