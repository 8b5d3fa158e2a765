"""The furnace of module 2 as a bench: what the examples are like, and what a model makes of them (items 2-3, 2-5)."""

from html import escape

from hocvu.datasets.reports1022 import CATEGORIES, CATEGORY_BY_CODE
from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import Bar, comparison, percent
from hocvu.labs.controls import Pick, Words
from hocvu.labs.keyword_rules_html import LEARNED, MINE, SYNTHETIC
from hocvu.labs.learning import (
    SIZES,
    TESTED,
    Learned,
    Training,
    learning_curve,
    majority_share,
    share_reached,
    smallest_enough,
    strongest_words,
    trained,
)
from hocvu.labs.line_chart import Line, Mark, line_chart
from hocvu.questions.experiment import Goal, Verdict
from hocvu.vietnamese import tokens

OWN_SENTENCE = "hẻm nhà tôi cứ mưa là ngập tới đầu gối"
WRITINGS = {"go": "như người dân gõ", "dau": "có dấu đầy đủ", "khong_dau": "không dấu"}


def draw(setting: Setting, seed: int) -> str:
    """Return what the model makes of the examples: the curve, the table of mistakes, its words, one's own sentence."""
    training = Training(
        wrong_labels=int(setting["nhan_sai"]) / 100, writing=setting["cach_viet"], balanced=setting["can_bang"] == "co"
    )
    size, tried = int(setting["so_vi_du"]), setting["thu_tren"]
    curve = learning_curve(training, seed, tried)
    learned = next(one for one in curve if one.size == size)
    majority = majority_share(seed, tried)
    return "\n".join(
        [
            f'<p class="hocvu-note">{SYNTHETIC}</p>',
            _found(learned, majority, tried),
            _curve(curve, size, majority),
            f"<details><summary>Máy nhầm lĩnh vực nào với lĩnh vực nào</summary>{_confusion(learned)}</details>",
            "<details><summary>Mười chữ, cặp chữ kéo dự đoán mạnh nhất</summary>",
            f"{_strongest(training, size, seed)}</details>",
            _own(training, size, seed, setting["cau"]),
        ]
    )


def _found(learned: Learned, majority: float, tried: str) -> str:
    right = sum(one.right for one in learned.judged)
    sure, sure_right = learned.sure
    confident = (
        f" Máy tự tin từ 0,99 trở lên ở {sure} phản ánh, trong đó chuyển đúng {sure_right} "
        f"({percent(sure_right / sure)})."
        if sure
        else " Chưa có phản ánh nào máy tự tin từ 0,99 trở lên."
    )
    return (
        f"<h3>Học từ {_grouped(learned.size)} ví dụ, thử trên {TESTED} phản ánh chưa từng thấy, {WRITINGS[tried]}</h3>"
        f"<p>Chuyển đúng <strong>{right}/{TESTED} phản ánh ({percent(learned.share)})</strong>. Không học gì, cứ chọn "
        f"lĩnh vực đông nhất thì đúng {percent(majority)}.{confident}</p>"
    )


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _curve(curve: tuple[Learned, ...], size: int, majority: float) -> str:
    mine = Line("Mô hình học từ ví dụ", [(place, one.share) for place, one in enumerate(curve)], MINE)
    flat = Line("Cứ chọn lĩnh vực đông nhất", [(place, majority) for place in range(len(curve))], LEARNED)
    picture = line_chart(
        "Đường học: số ví dụ và tỷ lệ chuyển đúng",
        [_grouped(one.size) for one in curve],
        [mine, flat],
        top=1.0,
        ticks=[(0.0, "0%"), (0.2, "20%"), (0.4, "40%"), (0.6, "60%"), (0.8, "80%"), (1.0, "100%")],
        mark=Mark(SIZES.index(size), f"{_grouped(size)} ví dụ"),
    )
    rows = "".join(
        f'<tr><th scope="row">{_grouped(one.size)} ví dụ</th><td class="hocvu-number">{percent(one.share)}</td></tr>'
        for one in curve
    )
    return (
        f"{picture}<table><caption>Đường học (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Số ví dụ</th><th scope="col" class="hocvu-number">Chuyển đúng</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _confusion(learned: Learned) -> str:
    counts = learned.confusion
    heads = "".join(f'<th scope="col" class="hocvu-number">{escape(one.short)}</th>' for one in CATEGORIES)
    rows = []
    for row in CATEGORIES:
        cells = []
        for column in CATEGORIES:
            count = counts[row.code, column.code]
            css = "hocvu-hit" if row is column else "hocvu-miss" if count else ""
            cells.append(f'<td class="hocvu-number {css}">{count or "·"}</td>')
        rows.append(f'<tr><th scope="row">{escape(row.short)}</th>{"".join(cells)}</tr>')
    return (
        '<div class="scroll" tabindex="0" role="region" aria-label="Bảng nhầm lẫn, cuộn ngang được"><table>'
        "<caption>Bảng nhầm lẫn: hàng là lĩnh vực ghi trong sổ, cột là nơi máy chuyển tới (dữ liệu mô phỏng)</caption>"
        f'<thead><tr><th scope="col">Trong sổ</th>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'
    )


def _strongest(training: Training, size: int, seed: int) -> str:
    found = strongest_words(trained(training, size, seed))
    if not found:
        return "<p>Còn ít ví dụ quá, chưa chữ nào xuất hiện đủ 4 lần. Anh/chị tăng số ví dụ rồi xem lại.</p>"
    rows = "".join(
        f'<tr><th scope="row">{escape(token.replace("_", " "))}</th><td>{escape(CATEGORY_BY_CODE[field].short)}</td>'
        f'<td class="hocvu-number">{there}</td><td class="hocvu-number">{elsewhere}</td></tr>'
        for token, field, there, elsewhere in found
    )
    return (
        "<table><caption>Chữ hay gặp ở một lĩnh vực mà hiếm ở nơi khác (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Chữ</th><th scope="col">Kéo về</th><th scope="col" class="hocvu-number">Số lần ở đó</th>'
        f'<th scope="col" class="hocvu-number">Số lần ở nơi khác</th></tr></thead><tbody>{rows}</tbody></table>'
        '<p class="hocvu-note">Chữ đi cùng một lĩnh vực không có nghĩa là nguyên nhân. Máy chỉ đếm.</p>'
    )


def _own(training: Training, size: int, seed: int, sentence: str) -> str:
    chances = trained(training, size, seed).probabilities(tokens(sentence))
    best = sorted(chances.items(), key=lambda one: (-one[1], one[0]))[:3]
    bars = [Bar(CATEGORY_BY_CODE[code].name, chance, percent(chance), MINE) for code, chance in best]
    return (
        f"<h3>Câu anh/chị gõ thử</h3><p>«{escape(sentence)}»: máy chuyển về "
        f"<strong>{escape(CATEGORY_BY_CODE[best[0][0]].name)}</strong>.</p>"
        f"{comparison('Ba lĩnh vực máy nghĩ tới trước', bars)}"
        '<p class="hocvu-note">Con số bên cạnh là độ tự tin của máy, không phải tỷ lệ đúng.</p>'
    )


def judge(setting: Setting, seed: int, goal: Goal) -> Verdict:
    """Full points for the smallest number of examples that is enough on the learner's curve, half for its neighbour."""
    chosen, enough = int(setting["so_vi_du"]), smallest_enough(seed) or SIZES[-1]
    apart = abs(SIZES.index(chosen) - SIZES.index(enough))
    share = 1.0 if apart == 0 else 0.5 if apart == 1 else 0.0
    reached = share_reached(chosen, seed)
    line = f"Với {_grouped(chosen)} ví dụ, mô hình của anh/chị chuyển đúng {percent(reached)} trên tập kiểm thử."
    return Verdict(share, line)


BENCH = Bench(
    "lo_luyen",
    "Lò luyện phân loại",
    (
        Pick("so_vi_du", "Số ví dụ để học", {str(size): _grouped(size) for size in SIZES}, "40"),
        Pick("nhan_sai", "Nhãn ghi sai trong ví dụ", {"0": "0%", "3": "3%, như ngoài đời", "10": "10%"}, "3"),
        Pick(
            "cach_viet",
            "Ví dụ được viết",
            {"go": "như người dân gõ", "dau": "chỉ câu có dấu", "ca_hai": "mỗi câu hai bản, có dấu và không dấu"},
            "go",
        ),
        Pick("can_bang", "Số ví dụ mỗi lĩnh vực", {"khong": "theo thực tế", "co": "bằng nhau"}, "khong"),
        Pick("thu_tren", "Thử trên phản ánh", WRITINGS, "go"),
        Words("cau", "Câu gõ thử (không gõ dữ liệu thật)", OWN_SENTENCE, rows=2, longest=300),
    ),
    draw,
    invitation="Thử trên lò luyện",
    judge=judge,
    weak_setting={
        "so_vi_du": "20",
        "nhan_sai": "3",
        "cach_viet": "go",
        "can_bang": "khong",
        "thu_tren": "go",
        "cau": OWN_SENTENCE,
    },
)
