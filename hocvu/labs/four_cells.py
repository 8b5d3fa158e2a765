"""The four cells of a yes-or-no judgement as a picture: what the machine says against how it is."""

from html import escape

from hocvu.labs.threshold import Tally


def four_cells(found: Tally) -> str:
    """Return a table of two by two: numbers, plain words, and a colour that is not the only sign."""
    cells = {
        "hits": ("hocvu-hit", "✓ Báo đúng", found.hits, "tin khẩn, máy báo"),
        "missed": ("hocvu-miss", "✗ Bỏ sót", found.missed, "tin khẩn, máy im lặng"),
        "false": ("hocvu-miss", "✗ Báo nhầm", found.false_alarms, "tin thường, máy báo"),
        "calm": ("hocvu-hit", "✓ Im lặng đúng", found.calm, "tin thường, máy im lặng"),
    }

    def cell(key: str) -> str:
        css, word, count, meaning = cells[key]
        said = f'<strong class="hocvu-outcome">{escape(word)}: {count}</strong><br>{escape(meaning)}'
        return f'<td class="{css}">{said}</td>'

    return (
        '<table class="hocvu-four"><caption>Bốn ô đúng – sai (dữ liệu mô phỏng)</caption><thead><tr>'
        '<td></td><th scope="col">Máy báo khẩn</th><th scope="col">Máy không báo</th></tr></thead><tbody>'
        f'<tr><th scope="row">Thật sự khẩn</th>{cell("hits")}{cell("missed")}</tr>'
        f'<tr><th scope="row">Không khẩn</th>{cell("false")}{cell("calm")}</tr></tbody></table>'
    )
