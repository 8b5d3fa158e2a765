"""The keyword bench as plain HTML: a form without script, and the outcome of running the rules.

No inline style and no script, so that it stands under a strict content policy; BENCH_CSS is the styling.
"""

from collections.abc import Mapping
from html import escape

from hocvu.datasets.reports1022 import CATEGORIES, CATEGORY_BY_CODE
from hocvu.labs.charts import Bar, Part, comparison, percent, stacked_bar
from hocvu.labs.rules import (
    LEARNED_FROM,
    MAX_KEYWORD,
    MAX_RULES,
    Measures,
    Outcome,
    Routed,
    Rules,
    Tally,
    measure_model,
    measure_rules,
)

SYNTHETIC = "Dữ liệu mô phỏng: phản ánh do máy sinh ra cho khóa học, không phải phản ánh thật của người dân."
FILLS = {Outcome.RIGHT: "#16693a", Outcome.WRONG: "#a9281f", Outcome.MISSED: "#4a605d"}
MINE, LEARNED = "#0b5e57", "#b4541a"
SIGNS = {Outcome.RIGHT: "✓", Outcome.WRONG: "✗", Outcome.MISSED: "–"}
CLASSES = {
    Outcome.RIGHT: "hocvu-bench-right",
    Outcome.WRONG: "hocvu-bench-wrong",
    Outcome.MISSED: "hocvu-bench-missed",
}
BENCH_CSS = """
.hocvu-bench { max-width: 60rem; line-height: 1.5; overflow-wrap: anywhere; }
.hocvu-bench .widget-html-content { line-height: 1.5; }
.hocvu-bench h3 { margin: 1.2em 0 .4em; font-size: 1.05em; }
.hocvu-bench .hocvu-note { font-size: .9em; opacity: .85; }
.hocvu-bench .hocvu-chart { display: block; width: 100%; max-width: 26rem; height: auto; margin: .5em 0; }
.hocvu-bench .hocvu-tallies { display: flex; flex-direction: row; flex-wrap: wrap; gap: .5em 1.5em; margin: .5em 0; }
.hocvu-tallies div { display: flex; gap: .4em; align-items: baseline; }
.hocvu-tallies dt, .hocvu-tallies dd { margin: 0; padding: 0; float: none; width: auto; }
.hocvu-tallies dd { font-size: 1.4em; font-weight: bold; }
.hocvu-bench table { border-collapse: collapse; width: 100%; margin: 0 0 .75em; text-align: left; }
.hocvu-bench summary { padding: .6em 0; cursor: pointer; font-weight: 600; }
.hocvu-bench caption { text-align: left; font-weight: bold; padding: .4em 0; }
.hocvu-bench th, .hocvu-bench td { border-bottom: 1px solid #cfdcd7; padding: .35em .5em .35em 0; text-align: left;
  vertical-align: top; white-space: normal; line-height: 1.4; }
.hocvu-bench th { overflow-wrap: normal; }
.hocvu-bench td.hocvu-number, .hocvu-bench th.hocvu-number { text-align: right; overflow-wrap: normal; }
.hocvu-bench td.hocvu-hit, .hocvu-bench td.hocvu-miss { padding-left: .5em; }
.hocvu-bench td.hocvu-hit { background: #e5f4ea; } .hocvu-bench td.hocvu-miss { background: #fdecea; }
.hocvu-bench td.hocvu-number + td, .hocvu-bench th.hocvu-number + th { padding-left: 1em; }
.hocvu-four .hocvu-outcome { white-space: normal; }
.hocvu-bench .scroll { overflow-x: auto; }
.hocvu-bench mark { background: #fff4d6; color: #16302e; }
.hocvu-bench .widget-html-content h3:first-child { margin-top: 0; }
.hocvu-reports td:nth-of-type(2), .hocvu-reports td:nth-of-type(3) { min-width: 7em; }
.hocvu-outcome { white-space: nowrap; font-weight: bold; }
@media (max-width: 40rem) {
  .hocvu-reports thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .hocvu-reports tr { display: block; border-bottom: 1px solid #cfdcd7; padding: .5em 0; }
  .hocvu-reports th, .hocvu-reports td { display: block; border: 0; padding: .1em 0; }
  .hocvu-reports tbody th, .hocvu-reports td:first-of-type { display: inline; }
  .hocvu-reports tbody th::after { content: ". "; }
  .hocvu-reports td[data-label]::before { content: attr(data-label) ": "; font-size: .9em; opacity: .85; }
  .hocvu-reports td:first-of-type::before { display: none; }
}
"""


def form_html(item_id: str, raw: object) -> str:
    """Return 15 rows of keyword and category, named `{id}.kw1` / `{id}.cat1` and on, with `raw` filled in."""
    pairs = raw.get("rules") if isinstance(raw, Mapping) else None
    given = [pair for pair in pairs if isinstance(pair, (list, tuple))] if isinstance(pairs, (list, tuple)) else []
    rows = []
    for line in range(1, MAX_RULES + 1):
        typed = [part if isinstance(part, str) else "" for part in given[line - 1]] if line <= len(given) else []
        rows.append(_form_row(escape(item_id), line, *(typed + ["", ""])[:2]))
    return (
        '<p class="hint">Máy xét từ luật 1 xuống; luật khớp đầu tiên quyết định. Để trống những hàng không dùng.</p>'
        f'<div class="pairs hocvu-rules">{"".join(rows)}</div>'
    )


def _form_row(item: str, line: int, keyword: str, category: str) -> str:
    options = "".join(
        f'<option value="{one.code}"{" selected" if one.code == category else ""}>{escape(one.name)}</option>'
        for one in CATEGORIES
    )
    return (
        f'<div class="pair"><label for="{item}.kw{line}">Từ khóa {line}</label>'
        f'<input id="{item}.kw{line}" name="{item}.kw{line}" value="{escape(keyword)}" maxlength="{MAX_KEYWORD}"'
        f' autocomplete="off">'
        f'<label for="{item}.cat{line}">chuyển tới lĩnh vực</label>'
        f'<select id="{item}.cat{line}" name="{item}.cat{line}"><option value="">– chọn lĩnh vực –</option>'
        f"{options}</select></div>"
    )


def bench_html(rules: Rules, seed: int, without_marks: bool = False) -> str:
    """Return the outcome of running the rules on the learner's 60 reports, beside the learned model's."""
    mine = measure_rules(rules, seed)
    shown = mine.without_marks if without_marks else mine.with_marks
    writing = "viết không dấu" if without_marks else "như người dân gõ"
    return "\n".join(
        [
            '<section class="hocvu-bench" aria-label="Kết quả chạy bộ luật từ khóa">',
            f'<p class="hocvu-note">{SYNTHETIC}</p>',
            f"<h3>Bộ luật của anh/chị trên {len(shown.routed)} phản ánh, {writing}</h3>",
            tally_html(shown),
            writings_html(mine.with_marks),
            comparison_html(mine, measure_model(seed)),
            _folded("Xem theo từng lĩnh vực", categories_html(shown)),
            _folded(f"Xem từng phản ánh ({len(shown.routed)} phản ánh)", reports_html(shown, writing)),
            "</section>",
        ]
    )


def _folded(summary: str, content: str) -> str:
    return f"<details><summary>{summary}</summary>{content}</details>"


def tally_html(tally: Tally) -> str:
    """Return the three counts as words and numbers, and as one bar."""
    counts = "".join(
        f'<div><dt>{outcome.capitalize()}</dt><dd class="{CLASSES[outcome]}">{tally.counts[outcome]}</dd></div>'
        for outcome in Outcome
    )
    bar = stacked_bar("Kết quả chuyển phản ánh", [Part(one, tally.counts[one], FILLS[one]) for one in Outcome])
    return f'<dl class="hocvu-tallies">{counts}</dl>{bar}'


def comparison_html(mine: Measures, learned: Measures) -> str:
    """Return the rules and the learned model side by side on the same reports, with and without diacritics."""
    rows = (
        ("Bộ luật của anh/chị", mine, MINE, "hocvu-bench-mine"),
        (f"Mô hình học từ {LEARNED_FROM} ví dụ", learned, LEARNED, "hocvu-bench-learned"),
    )
    bars = [
        Bar(f"{who}, {writing}", tally.share, percent(tally.share), fill)
        for who, measures, fill, _ in rows
        for writing, tally in (("như đã gõ", measures.with_marks), ("không dấu", measures.without_marks))
    ]
    lines = "".join(
        f'<tr class="{name}"><th scope="row">{who}</th>{_share_cell(measures.with_marks)}'
        f"{_share_cell(measures.without_marks)}</tr>"
        for who, measures, _, name in rows
    )
    return (
        "<h3>So với mô hình học từ ví dụ, trên cùng các phản ánh ấy</h3>"
        f"{comparison('Tỷ lệ chuyển đúng', bars)}"
        "<table><caption>Số phản ánh chuyển đúng (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Cách làm</th><th scope="col" class="hocvu-number">Như đã gõ</th>'
        f'<th scope="col" class="hocvu-number">Viết không dấu</th></tr></thead><tbody>{lines}</tbody></table>'
    )


def _share_cell(tally: Tally) -> str:
    return f'<td class="hocvu-number">{tally.right}/{len(tally.routed)} ({percent(tally.share)})</td>'


def categories_html(tally: Tally) -> str:
    """Return the counts per recorded category."""
    rows = {CATEGORY_BY_CODE[code].name: part for code, part in tally.by_category().items()}
    return _counts_table("Theo lĩnh vực ghi trong sổ", "Lĩnh vực", rows)


def writings_html(tally: Tally) -> str:
    """Return the counts for reports typed with and without diacritics; the number that item 1-4 asks for is here."""
    rows = {"Gõ có dấu": tally.typed_with_marks, "Gõ không dấu": tally.typed_without_marks}
    return _counts_table("Theo cách người dân gõ", "Cách gõ", rows)


def _counts_table(caption: str, head: str, rows: Mapping[str, Tally]) -> str:
    heads = "".join(f'<th scope="col" class="hocvu-number">{outcome.capitalize()}</th>' for outcome in Outcome)
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f'<td class="hocvu-number">{part.counts[outcome]}</td>' for outcome in Outcome)
        + "</tr>"
        for name, part in rows.items()
    )
    return (
        f"<table><caption>{caption} (dữ liệu mô phỏng)</caption>"
        f'<thead><tr><th scope="col">{head}</th>{heads}</tr></thead><tbody>{lines}</tbody></table>'
    )


def reports_html(tally: Tally, writing: str, only: Outcome | None = None, first: int | None = None) -> str:
    """Return the reports with where each belongs, where it was sent, why, and the outcome in a word.

    only: leave out the reports that came out another way. first: list no more than this many.
    """
    rows = [_report_row(number, one) for number, one in enumerate(tally.routed, 1) if only in (None, one.outcome)]
    lines = "".join(rows[:first])
    if not lines:
        return f"<p>Không có phản ánh nào {only}.</p>"
    return (
        f'<table class="hocvu-reports"><caption>Phản ánh mô phỏng, {writing}</caption>'
        '<thead><tr><th scope="col">Số</th><th scope="col">Phản ánh</th><th scope="col">Lĩnh vực trong sổ</th>'
        '<th scope="col">Luật chuyển tới</th><th scope="col">Kết quả</th></tr></thead>'
        f"<tbody>{lines}</tbody></table>"
        '<p class="hocvu-note">Giả lập như ngoài đời: cứ 100 phản ánh thì chừng 3 bị ghi nhầm lĩnh vực ngay trong sổ.'
        "</p>"
    )


def _report_row(number: int, one: Routed) -> str:
    why = f" (vì có «{escape(one.by)}»)" if one.by else ""
    sent = escape(CATEGORY_BY_CODE[one.sent_to].short) + why if one.sent_to else "không có luật nào khớp"
    return (
        f'<tr><th scope="row">{number}</th>{_cell("Phản ánh", escape(one.report.text))}'
        f"{_cell('Lĩnh vực trong sổ', escape(CATEGORY_BY_CODE[one.report.category].short))}"
        f"{_cell('Luật chuyển tới', sent)}"
        f'<td data-label="Kết quả"><span class="hocvu-outcome">{SIGNS[one.outcome]} {one.outcome}</span></td></tr>'
    )


def _cell(label: str, text: str) -> str:
    """Return a table cell that still says its column when rows are stacked on a phone."""
    return f'<td data-label="{label}">{text}</td>'


def message_html(text: str, css: str = "hocvu-note", role: str = "") -> str:
    """Return one sentence as a paragraph; role "status" or "alert" has a screen reader say it. Nothing for no text."""
    if not text:
        return ""
    spoken = f' role="{role}"' if role else ""
    return f'<p class="{css}"{spoken}>{escape(text)}</p>'
