"""Explanatory drawings of the lessons: inline SVG in a figure, each with the same content as text."""

from dataclasses import dataclass
from html import escape

_INK, _PAPER = "#1b1b1b", "#ffffff"


@dataclass(frozen=True)
class Picture:
    """A drawing that a notebook shows as it is. text: what the drawing says, in sentences."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


@dataclass(frozen=True)
class _Kind:
    """One kind of software: what goes in, what the machine does, what comes out; lines of at most 17 letters."""

    name: str
    steps: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    example: str
    fill: str


_KINDS = (
    _Kind(
        "Luật cứng",
        (("Người viết sẵn", "từng bước"), ("Máy làm đúng", "từng bước ấy"), ("Kết quả", "định trước")),
        "Ở phường: máy lấy số, công thức Excel",
        "#dbe9f6",
    ),
    _Kind(
        "AI dự đoán",
        (("Nhiều ví dụ đã", "ghi kết quả"), ("Máy rút ra", "quy luật"), ("Đoán cho", "trường hợp mới")),
        "Ở phường: lọc thư rác, đọc chữ trên ảnh quét",
        "#d8efe4",
    ),
    _Kind(
        "AI tạo sinh",
        (("Rất nhiều chữ,", "hình, tiếng nói"), ("Máy rút ra cách", "chúng nối nhau"), ("Tạo ra nội dung", "mới")),
        "Ở phường: trợ lý AI soạn nháp thư mời",
        "#fbe6cf",
    ),
)


def three_kinds() -> Picture:
    """Return the drawing of the three kinds of software, one under the other so that it fits a phone."""
    text = " ".join(
        f"{kind.name}: {' → '.join(' '.join(step) for step in kind.steps)}. {kind.example}." for kind in _KINDS
    )
    drawn = "".join(_draw_kind(kind, 136 * row) for row, kind in enumerate(_KINDS))
    html = (
        '<figure class="hocvu-figure">'
        '<svg viewBox="0 0 360 404" width="100%" role="img" xmlns="http://www.w3.org/2000/svg"'
        f' aria-label="{escape(text)}"><title>Ba loại phần mềm</title>{drawn}</svg>'
        "<figcaption>Ba loại phần mềm: khác nhau ở chỗ cách làm đến từ đâu và cho ra thứ gì.</figcaption></figure>"
    )
    return Picture(html, text)


def _draw_kind(kind: _Kind, top: int) -> str:
    boxes = "".join(_draw_box(lines, 6 + 120 * place, top + 32) for place, lines in enumerate(kind.steps))
    arrows = "".join(
        f'<path d="M{x} {top + 58}h8m-4 -4l4 4l-4 4" fill="none" stroke="{_INK}" stroke-width="1.5"/>'
        for x in (116, 236)
    )
    return (
        f'<rect x="0.5" y="{top + 0.5}" width="359" height="127" rx="8" fill="{kind.fill}"/>'
        f'<text x="10" y="{top + 21}" font-size="15" font-weight="bold" fill="{_INK}">{kind.name}</text>'
        f"{boxes}{arrows}"
        f'<text x="10" y="{top + 108}" font-size="13" fill="{_INK}">{kind.example}</text>'
    )


def _draw_box(lines: tuple[str, ...], left: int, top: int) -> str:
    words = "".join(
        f'<text x="{left + 54}" y="{top + 22 + 16 * row}" font-size="12.5" text-anchor="middle" fill="{_INK}">'
        f"{escape(line)}</text>"
        for row, line in enumerate(lines)
    )
    return f'<rect x="{left}" y="{top}" width="108" height="52" rx="5" fill="{_PAPER}" stroke="{_INK}"/>{words}'
