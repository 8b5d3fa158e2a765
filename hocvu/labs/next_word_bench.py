"""The next-syllable machine of module 4 as a bench: what may come next, what it writes, how much of it is copied."""

from html import escape

from hocvu.datasets.sentences import Sentence, numbered_documents, syllables
from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import Bar, comparison, percent
from hocvu.labs.controls import Pick, Slider, Words
from hocvu.labs.keyword_rules_html import LEARNED, MINE
from hocvu.labs.next_word import (
    ASKED,
    COPIED_OUT_OF,
    END,
    RUN,
    TRIES,
    Machine,
    all_same,
    copied_runs,
    copied_share,
    counts_after,
    is_made_up,
    nearly_all_different,
)
from hocvu.questions.experiment import Goal, Verdict
from hocvu.questions.text import show_number

NOTE = (
    "Kho câu là dữ liệu mô phỏng. Máy tách theo tiếng, không theo từ. Trợ lý thật lớn hơn nhiều và học theo cách khác, "
    "nhưng vẫn là chọn chữ theo xác suất."
)
INVENTED = (
    "Ba mươi công văn pha vào kho đều do khóa học bịa ra, không lấy từ văn bản nào. Dấu ✗ là công văn mà cả ba mươi "
    "câu bịa ấy cũng không có: máy lấy số của câu này ghép với việc của câu khác."
)
SHOWN = 8


def draw(setting: Setting, seed: int) -> str:
    """Return what the machine says may come next, five sentences it writes, and how much of them is copied."""
    machine = Machine(int(setting["cua_so"]), setting["nhiet_do"], setting["kho"] == "so_hieu")
    before = syllables(setting["bat_dau"])[-12:]
    written = machine.several(before, TRIES, seed)
    return "\n".join(
        [
            f'<p class="hocvu-note">{NOTE}</p>',
            _next(machine, before),
            _written(machine, written),
            _documents() if machine.with_numbers else "",
            _copied(machine, seed),
            f"<details><summary>Bảng đếm: sau tiếng «{ASKED}» trong kho có pha câu số hiệu</summary>",
            f"{_table()}</details>",
        ]
    )


def _next(machine: Machine, before: Sentence) -> str:
    choices = machine.next_syllables(before)
    shown = " ".join(before) or "đầu câu"
    if not choices:
        return (
            f"<h3>Sau «{escape(shown)}»</h3><p>Kho chưa có câu nào đi như vậy nên máy không đoán được tiếng kế tiếp. "
            "Anh/chị thử câu khác hoặc cửa sổ nhỏ hơn.</p>"
        )
    words = [("hết câu" if syllable == END else syllable, chance) for syllable, chance in choices[:SHOWN]]
    bars = [Bar(word, chance, percent(chance), MINE) for word, chance in words]
    rest = len(choices) - len(words)
    more = f" Còn {rest} tiếng khác, không hay gặp hơn." if rest > 0 else ""
    rows = "".join(
        f'<tr><th scope="row">{escape(word)}</th><td class="hocvu-number">{percent(chance)}</td></tr>'
        for word, chance in words
    )
    first = [word for word, chance in words if chance == words[0][1]]
    most = "Hay được chọn nhất" if len(first) == 1 else "Được chọn ngang nhau, không tiếng nào hơn"
    return (
        f"<h3>Tiếng nào đi sau «{escape(shown)}»?</h3><p>{most}: <strong>{escape(', '.join(first))}</strong> "
        f"({percent(words[0][1])}).{more}</p>{comparison('Xác suất của tiếng kế tiếp', bars)}"
        "<details><summary>Xem bảng xác suất</summary><table><caption>Xác suất của tiếng kế tiếp (kho câu mô phỏng)"
        '</caption><thead><tr><th scope="col">Tiếng</th><th scope="col" class="hocvu-number">Xác suất</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _written(machine: Machine, written: list[Sentence]) -> str:
    lines = "".join(f"<li>{_line(machine, sentence)}</li>" for sentence in written)
    different = len(set(written))
    found = (
        f"Cả {TRIES} lần đều ra cùng một câu." if different == 1 else f"{TRIES} lần cho ra {different} câu khác nhau."
    )
    return f"<h3>Máy viết tiếp {TRIES} lần</h3><p>{found}</p><ol>{lines}</ol>"


def _line(machine: Machine, sentence: Sentence) -> str:
    copied, runs = copied_runs(sentence, machine.with_numbers)
    said = f' <span class="hocvu-note">(chép {copied}/{runs} đoạn {RUN} tiếng)</span>' if runs else ""
    warning = (
        ' <strong class="hocvu-bench-wrong">✗ Kho không có công văn này: máy tự ghép.</strong>'
        if is_made_up(sentence)
        else ""
    )
    return f"{escape(' '.join(sentence))}{said}{warning}"


def _documents() -> str:
    rows = "".join(
        f'<tr><th scope="row">{number}&nbsp;(bịa)</th><td>{escape(office)}</td><td>{escape(matter)}</td></tr>'
        for number, office, matter in sorted(numbered_documents())
    )
    return (
        f'<p class="hocvu-note">{INVENTED}</p><details><summary>Xem ba mươi công văn bịa</summary><table>'
        "<caption>Ba mươi công văn bịa pha vào kho (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Số</th><th scope="col">Nơi ban hành</th><th scope="col">Về việc</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )


def _copied(machine: Machine, seed: int) -> str:
    share = copied_share(machine, seed)
    bars = [
        Bar(f"Có nguyên văn trong kho (từng đoạn {RUN} tiếng)", share, percent(share), LEARNED),
        Bar("Máy mới ghép", 1 - share, percent(1 - share), MINE),
    ]
    return (
        f"<h3>Tìm trong kho</h3><p>Cho máy tự viết {COPIED_OUT_OF} câu: {percent(share)} số đoạn {RUN} tiếng là chép "
        f"nguyên văn từ kho.</p>{comparison('Chép và mới ghép', bars)}"
    )


def _table() -> str:
    found = counts_after(ASKED)
    rows = "".join(
        f'<tr><th scope="row">{escape(syllable)}</th><td class="hocvu-number">{show_number(times)}</td></tr>'
        for syllable, times in found
    )
    total = show_number(sum(times for _, times in found))
    return (
        f"<table><caption>Tiếng đi ngay sau «{ASKED}» và số lần (kho câu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Tiếng kế tiếp</th><th scope="col" class="hocvu-number">Số lần</th></tr></thead>'
        f'<tbody>{rows}<tr><th scope="row">Tổng cộng</th><td class="hocvu-number">{total}</td></tr></tbody></table>'
    )


def judge(setting: Setting, seed: int, goal: Goal) -> Verdict:
    """Half the points for a temperature at which five sentences are the same, half for one at which four differ."""
    window = int(setting["cua_so"])
    same = all_same(setting["nhiet_do_giong"], window, seed)
    different = nearly_all_different(setting["nhiet_do_khac"], window, seed)
    words = {True: "đạt", False: "chưa đạt"}
    line = (
        f"Nhiệt độ {show_number(setting['nhiet_do_giong'])}, 5 lần giống nhau: {words[same]}. "
        f"Nhiệt độ {show_number(setting['nhiet_do_khac'])}, ít nhất 4 lần khác nhau: {words[different]}."
    )
    return Verdict((same + different) / 2, line)


_WINDOW = Pick("cua_so", "Cửa sổ", {"2": "2 tiếng", "3": "3 tiếng", "4": "4 tiếng"}, "3")

BENCH = Bench(
    "may_doan_tieng",
    "Máy đoán tiếng kế tiếp",
    (
        Words("bat_dau", "Bắt đầu bằng", "tôi xin phản ánh", rows=1, longest=120),
        _WINDOW,
        Slider("nhiet_do", "Nhiệt độ", 0, 2, 0.1, 1.0),
        Pick("kho", "Kho câu", {"thuong": "3.000 câu", "so_hieu": "thêm 30 công văn bịa"}, "thuong"),
    ),
    draw,
    invitation="Thử trên máy đoán tiếng",
)


def draw_two(setting: Setting, seed: int) -> str:
    """Return five sentences at each of the two temperatures of item 4-2, side by side with how many differ."""
    begin = BENCH.defaults["bat_dau"]
    parts = [f'<p class="hocvu-note">{NOTE}</p>']
    shares = []
    for name, title in (
        ("nhiet_do_giong", "Nhiệt độ cho câu giống nhau"),
        ("nhiet_do_khac", "Nhiệt độ cho câu khác nhau"),
    ):
        machine = Machine(int(setting["cua_so"]), setting[name])
        written = machine.several(syllables(begin), TRIES, seed)
        different = len(set(written))
        shares.append(Bar(title, different / TRIES, f"{different}/{TRIES} câu", MINE))
        lines = "".join(f"<li>{escape(' '.join(sentence))}</li>" for sentence in written)
        parts.append(f"<h3>{title}: {show_number(setting[name])}</h3><ol>{lines}</ol>")
    found = f"Số câu khác nhau trong {TRIES} lần viết: {shares[0].text} ở mức thứ nhất, {shares[1].text} ở mức thứ hai."
    parts.insert(1, f"<p>{found}</p>{comparison('Số câu khác nhau', shares)}")
    return "\n".join(parts)


TWO_TEMPERATURES = Bench(
    "hai_nhiet_do",
    "Hai mức nhiệt độ",
    (
        _WINDOW,
        Slider("nhiet_do_giong", "Nhiệt độ để 5 lần viết giống hệt nhau", 0, 2, 0.1, 1.0),
        Slider("nhiet_do_khac", "Nhiệt độ để ít nhất 4 trong 5 lần khác nhau", 0, 2, 0.1, 0.2),
    ),
    draw_two,
    invitation="Thử hai mức nhiệt độ",
    judge=judge,
    weak_setting={"cua_so": "3", "nhiet_do_giong": 2.0, "nhiet_do_khac": 0.0},
)
