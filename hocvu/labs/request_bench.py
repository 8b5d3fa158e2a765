"""The request bench of module 5: public rules, each kept or not, and the draft of the simulated assistant."""

from html import escape

from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import Part, stacked_bar
from hocvu.labs.controls import Pick, Words
from hocvu.labs.keyword_rules_html import FILLS
from hocvu.labs.requests import TASKS, Task, draft
from hocvu.labs.rules import Outcome
from hocvu.questions.prompt import PERSONAL_DATA

NOTE = (
    "Trợ lý mô phỏng, không phải AI thật: nháp được ghép từ câu viết sẵn, thiếu thành phần nào thì hỏng đúng chỗ đó. "
    "Không gõ dữ liệu thật của ai."
)


def draw(setting: Setting, seed: int) -> str:
    """Return which rules the request keeps, and the draft it leads to. The seed plays no part."""
    task, request = TASKS[setting["viec"]], setting["yeu_cau"]
    return "\n".join([f'<p class="hocvu-note">{NOTE}</p>', _task(task), _rules(task, request), _draft(task, request)])


def _task(task: Task) -> str:
    sources = "".join(f"<li>{escape(source)}</li>" for source in task.sources)
    return (
        f"<h3>{escape(task.title)}</h3><p>{escape(task.story)}</p>"
        f"<details><summary>Xem nguồn (dữ liệu mô phỏng)</summary><ul>{sources}</ul></details>"
    )


def _rules(task: Task, request: str) -> str:
    kept = {part: rule.is_kept(request) for part, rule in task.components.items()}
    count = sum(kept.values())
    parts = [Part("có", count, FILLS[Outcome.RIGHT]), Part("thiếu", len(kept) - count, FILLS[Outcome.WRONG])]
    rows = "".join(_row(task, part, request) for part in kept)
    return (
        f"<p>Yêu cầu của anh/chị có <strong>{count}/{len(kept)}</strong> thành phần.</p>{_leak(request)}"
        f"{stacked_bar('Thành phần của yêu cầu', [one for one in parts if one.count])}"
        "<table><caption>Kiểm bằng luật công khai, không dùng AI</caption><thead><tr>"
        '<th scope="col">Thành phần</th><th scope="col">Kết quả</th><th scope="col">Cách kiểm</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(task: Task, part: str, request: str) -> str:
    """Return the row of one component; one that is missing comes with what can be done."""
    rule = task.components[part]
    how = f"<details><summary>Luật kiểm</summary>{escape(rule.why())}</details>"
    if rule.is_kept(request):
        found, hint = '<td class="hocvu-hit"><span class="hocvu-outcome">✓ có</span></td>', ""
    else:
        found = '<td class="hocvu-miss"><span class="hocvu-outcome">✗ thiếu</span></td>'
        leaks = task.rules[part].is_kept(request)  # the words are there; only the personal data spoil it
        hint = "Xóa dữ liệu cá nhân." if leaks else f"Thêm một câu như: «{escape(task.hints[part])}»"
    return f'<tr><th scope="row">{escape(rule.name)}</th>{found}<td>{hint}{how}</td></tr>'


def _leak(request: str) -> str:
    if PERSONAL_DATA.search(request):
        return (
            "<p><mark>Trong yêu cầu có số giống số điện thoại, số định danh hoặc địa chỉ thư.</mark> Anh/chị xóa đi "
            "trước khi gửi. Gửi rồi thì không lấy lại được.</p>"
        )
    return ""


def _draft(task: Task, request: str) -> str:
    lines, faults = [], 0
    for piece in draft(task, request):
        if piece.why:
            faults += 1
            said = f'<mark>{escape(piece.text)}</mark> <span class="hocvu-note">✗ {escape(piece.why)}</span>'
        else:
            said = escape(piece.text)
        lines.append(f"<p>{said}</p>")
    words = sum(len(piece.text.split()) for piece in draft(task, request))
    verdict = "Nháp dùng được sau khi người đọc lại." if not faults else f"Nháp hỏng ở {faults} chỗ."
    return f"<h3>Nháp của trợ lý mô phỏng ({words} chữ)</h3><p><strong>{verdict}</strong></p>{''.join(lines)}"


BENCH = Bench(
    "ban_soan_yeu_cau",
    "Bàn soạn yêu cầu",
    (
        Pick("viec", "Việc cần nhờ", {key: task.title for key, task in TASKS.items()}, "giao_ban"),
        Words("yeu_cau", "Yêu cầu gửi trợ lý", "Viết giúp tôi về mấy phản ánh hôm nay.", rows=6),
    ),
    draw,
    invitation="Thử trên bàn soạn yêu cầu",
)
