"""Paper with the site's own fonts: text that fits its place, and a word about signs that the fonts do not have."""

from pathlib import Path
from typing import Any

from fpdf import FPDF

FONTS = "node_modules/@fontsource"
# Each part is asked for what those before it lack. Highland names have ŏ, which only the typewriter face has.
PARTS = {
    "latin": "be-vietnam-pro/files/be-vietnam-pro-latin",
    "vietnamese": "be-vietnam-pro/files/be-vietnam-pro-vietnamese",
    "latin-ext": "be-vietnam-pro/files/be-vietnam-pro-latin-ext",
    "typewriter": "noto-sans-mono/files/noto-sans-mono-latin-ext",
}
FACES = {"": "400", "B": "700"}
LACKING = "Có ký tự mà bộ chữ in không có, được in thành dấu «?». Tên đúng là tên {where}."


class PdfSheet(FPDF):  # type: ignore[misc]
    """A document of A4 pages in Vietnamese."""

    def __init__(self, root: Path, orientation: str = "portrait") -> None:
        super().__init__(orientation=orientation, format="A4")
        for part, stem in PARTS.items():
            for style, weight in FACES.items():
                self.add_font(part, style, root / FONTS / f"{stem}-{weight}-normal.woff")
        self.set_fallback_fonts(list(PARTS)[1:], exact_match=True)
        self.set_lang("vi")

    def finish(self) -> bytes:
        """Return the document, and close the files of the fonts: those that no text needed would stay open."""
        try:
            return bytes(self.output())
        finally:
            for font in self.fonts.values():
                font.close()

    def write_in(self, style: str, size: float) -> None:
        """Set the face ("" or "B") and size in points."""
        self.set_font("latin", style, size)

    def lacks(self, text: str) -> bool:
        """Whether some sign of the text is in none of the fonts."""
        return any(not self._has(sign) for sign in text)

    def shown(self, text: str) -> str:
        """Return a text of one line as it can be printed: a question mark stands for each sign that the fonts lack."""
        return "".join(sign if self._has(sign) else "?" for sign in one_line(text))

    def fit(self, left: float, top: float, width: float, text: str, style: str, size: float, **how: Any) -> None:
        """Write a text into one line of this width, smaller if it must be; one that is longer still takes two lines."""
        text, line = self.shown(text), size * 0.42
        for part in range(12, 6, -1):
            self.write_in(style, size * part / 12)
            if self.get_string_width(text) <= width - 2 * self.c_margin:
                break
        else:
            while len(self.multi_cell(width, line, text, dry_run=True, output="LINES")) > 2 and self.font_size_pt > 4:
                self.write_in(style, self.font_size_pt - 0.5)
            line = self.font_size_pt * 0.42
        self.set_xy(left, top)
        self.multi_cell(width, line, text, **how)

    def _has(self, sign: str) -> bool:
        return sign.isspace() or any(ord(sign) in self.fonts[part].cmap for part in PARTS)


def one_line(text: str) -> str:
    """Return a name without its line breaks: on paper it is one line of text, never markup."""
    return " ".join(text.split())
