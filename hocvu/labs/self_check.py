"""The start-up's self-assessment: ten statements, one a module, and what they suggest to go through fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import Bar, Part, comparison, stacked_bar
from hocvu.labs.controls import Pick

NOT_YET, PARTLY, WELL = "chua", "mot_phan", "duoc"
ANSWERS: Mapping[str, str] = {NOT_YET: "Chưa", PARTLY: "Một phần", WELL: "Làm được"}


@dataclass(frozen=True)
class Statement:
    """What a person can do who may go fast through a module."""

    module: int
    title: str
    text: str


@dataclass(frozen=True)
class Pace:
    """How to go through a module. effort: the bar's length in 0..1."""

    word: str
    advice: str
    effort: float
    fill: str  # white text is readable on it


PACES: Mapping[str, Pace] = {
    NOT_YET: Pace("học kỹ", "Đọc cả bài, thử hết bàn thử, rồi làm bài tập.", 1.0, "#0b5d57"),
    PARTLY: Pace("học đủ", "Đọc phần «Điều vừa thấy», thử bàn thử, rồi làm bài tập.", 0.6, "#8a5a00"),
    WELL: Pace("đi nhanh", "Làm bài tập trước; sai câu nào thì đọc lại phần đó.", 0.25, "#475467"),
}

STATEMENTS: tuple[Statement, ...] = (
    Statement(1, "AI quanh phường mình", "Tôi phân biệt được luật cứng, AI dự đoán, AI tạo sinh"),
    Statement(2, "Máy học từ dữ liệu", "Tôi nói được vì sao phải cất riêng dữ liệu để kiểm thử"),
    Statement(3, "Đúng, sai và ngưỡng", "Nghe «đúng 93%», tôi biết hỏi thêm về bỏ sót, báo nhầm"),
    Statement(4, "AI tạo sinh", "Tôi nói được vì sao AI viết trôi chảy mà vẫn sai"),
    Statement(5, "Ra yêu cầu", "Tôi viết được yêu cầu có nguồn, giới hạn và cách kiểm"),
    Statement(6, "Kiểm chứng dự thảo", "Tôi dò được số liệu, căn cứ trong dự thảo do AI soạn"),
    Statement(7, "Dữ liệu cá nhân", "Tôi biết phần nào của lá đơn phải che trước khi dùng AI"),
    Statement(8, "An toàn", "Tôi nhận ra tin nhắn, cuộc gọi giả mạo và biết báo cho ai"),
    Statement(9, "Công bằng", "Tôi so được tỷ lệ sai của máy giữa hai nhóm người dân"),
    Statement(10, "Con người quyết định", "Tôi biết việc nào phải có người quyết định và ký"),
)


def paces(setting: Setting) -> dict[int, Pace]:
    """Return module → how the person's own answer suggests to go through it."""
    return {one.module: PACES[setting[control_of(one)]] for one in STATEMENTS}


def control_of(statement: Statement) -> str:
    return f"cau_{statement.module}"


def draw(setting: Setting, seed: int) -> str:
    """Return the suggestion module by module. Nothing is graded; the seed plays no part."""
    suggested = paces(setting)
    fast = [f"chuyên đề {module}" for module, pace in suggested.items() if pace is PACES[WELL]]
    found = (
        f"Anh/chị có thể đi nhanh ở <strong>{', '.join(fast)}</strong>."
        if fast
        else ("Anh/chị nên học lần lượt cả mười chuyên đề, mỗi ngày một ít là vừa.")
    )
    counts = [Part(pace.word, sum(one is pace for one in suggested.values()), pace.fill) for pace in PACES.values()]
    bars = [
        Bar(
            f"{one.module}. {one.title}",
            suggested[one.module].effort,
            suggested[one.module].word,
            suggested[one.module].fill,
        )
        for one in STATEMENTS
    ]
    rows = "".join(
        f'<tr><th scope="row">{one.module}. {escape(one.title)}</th><td>{suggested[one.module].word}</td></tr>'
        for one in STATEMENTS
    )
    ways = "".join(
        f"<li><strong>{pace.word.capitalize()}:</strong> {pace.advice}</li>"
        for pace in PACES.values()
        if pace in suggested.values()
    )
    return (
        f"<p>{found}</p>{stacked_bar('Gợi ý cho mười chuyên đề', [part for part in counts if part.count])}"
        f"<ul>{ways}</ul>{comparison('Nên dành sức cho chuyên đề nào', bars)}"
        "<details><summary>Xem dưới dạng bảng</summary><table><caption>Gợi ý từng chuyên đề, theo lời tự đánh giá"
        '</caption><thead><tr><th scope="col">Chuyên đề</th><th scope="col">Gợi ý</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
        '<p class="hocvu-note">Chỉ là gợi ý: không chấm điểm, không lưu vào hồ sơ. Ai cũng có lúc tự đánh giá cao '
        "hoặc thấp hơn thật, nên chuyên đề nào cũng nên làm bài tập.</p>"
    )


BENCH = Bench(
    "tu_danh_gia",
    "Mười câu tự đánh giá",
    tuple(Pick(control_of(one), f"{one.module}. {one.text}", ANSWERS, NOT_YET) for one in STATEMENTS),
    draw,
    invitation="Tự đánh giá",
)
