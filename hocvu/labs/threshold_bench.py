"""The threshold of module 3 as a bench: four cells, the trade-off, the cost, the people on duty (items 3-2, 3-3)."""

from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import percent
from hocvu.labs.controls import Slider
from hocvu.labs.four_cells import four_cells
from hocvu.labs.keyword_rules_html import FILLS, LEARNED, MINE, SYNTHETIC
from hocvu.labs.line_chart import Line, Mark, line_chart
from hocvu.labs.rules import Outcome
from hocvu.labs.threshold import (
    HIGH,
    LOW,
    MESSAGES,
    PER_PERSON,
    STEP,
    Tally,
    cheapest,
    meets,
    tally,
    target_of,
)
from hocvu.questions.experiment import Goal, Verdict
from hocvu.questions.text import show_number

_PLACES = tuple(round(0.1 + 0.05 * place, 2) for place in range(17))


def draw(setting: Setting, seed: int) -> str:
    """Return what the threshold does to the learner's 1,000 messages."""
    threshold, per_miss, per_alarm = setting["nguong"], setting["bo_sot"], setting["bao_nham"]
    found = tally(threshold, seed)
    return "\n".join(
        [
            f'<p class="hocvu-note">{SYNTHETIC} Điểm khẩn do một mô hình mô phỏng chấm.</p>',
            _found(found, threshold, setting["nguoi_truc"]),
            four_cells(found),
            _goal(threshold, seed),
            _trade_off(threshold, seed),
            _costs(threshold, seed, per_miss, per_alarm),
        ]
    )


def _found(found: Tally, threshold: float, people: float) -> str:
    capacity = round(people) * PER_PERSON
    over = found.alarms - capacity
    duty = (
        f"{round(people)} người trực xem kịp {capacity} tin: <strong>còn {over} tin chưa ai xem</strong>."
        if over > 0
        else f"{round(people)} người trực xem kịp {capacity} tin, đủ cho {found.alarms} tin máy báo."
    )
    never = percent((found.calm + found.false_alarms) / MESSAGES)
    return (
        f"<h3>Ngưỡng {show_number(threshold)}: máy báo khẩn {found.alarms} trong {show_number(MESSAGES)} tin</h3>"
        f"<p>Bỏ sót <strong>{found.missed}</strong> tin khẩn ({percent(found.miss_rate)} số tin khẩn), báo nhầm "
        f"<strong>{found.false_alarms}</strong> tin thường. Độ đúng chung {percent(found.accuracy)}; một máy luôn nói "
        f"«không khẩn» cũng đúng {never}.</p><p>{duty}</p>"
    )


def _goal(threshold: float, seed: int) -> str:
    target, (few_missed, few_alarms) = target_of(seed), meets(threshold, seed)
    signs = {True: "✓ đạt", False: "✗ chưa đạt"}
    return (
        "<table><caption>Mục tiêu của câu 3.3, tính riêng cho dữ liệu của anh/chị (dữ liệu mô phỏng)</caption>"
        "<thead><tr>"
        '<th scope="col">Yêu cầu</th><th scope="col" class="hocvu-number">Nhiều nhất</th>'
        '<th scope="col">Ngưỡng đang đặt</th></tr></thead><tbody>'
        f'<tr><th scope="row">Bỏ sót tin khẩn</th><td class="hocvu-number">{target.missed}</td>'
        f"<td>{signs[few_missed]}</td></tr>"
        f'<tr><th scope="row">Báo nhầm</th><td class="hocvu-number">{target.false_alarms}</td>'
        f"<td>{signs[few_alarms]}</td></tr></tbody></table>"
    )


def _trade_off(threshold: float, seed: int) -> str:
    tallies = [tally(place, seed) for place in _PLACES]
    urgent, calm = tallies[0].hits + tallies[0].missed, tallies[0].calm + tallies[0].false_alarms
    missed = Line("Bỏ sót: phần tin khẩn bị bỏ qua", [(i, one.missed / urgent) for i, one in enumerate(tallies)], MINE)
    alarmed = [(place, one.false_alarms / calm) for place, one in enumerate(tallies)]
    alarms = Line("Báo nhầm: phần tin thường bị báo", alarmed, LEARNED)
    picture = line_chart(
        "Đường đánh đổi theo ngưỡng",
        [show_number(place) for place in _PLACES],
        [missed, alarms],
        top=1.0,
        ticks=[(0.0, "0%"), (0.25, "25%"), (0.5, "50%"), (0.75, "75%"), (1.0, "100%")],
        mark=_mark(threshold),
    )
    rows = "".join(
        f'<tr><th scope="row">{show_number(place)}</th><td class="hocvu-number">{one.missed}</td>'
        f'<td class="hocvu-number">{one.false_alarms}</td><td class="hocvu-number">{percent(one.accuracy)}</td></tr>'
        for place, one in zip(_PLACES, tallies, strict=True)
    )
    return (
        f"<h3>Bớt cái này thì thêm cái kia</h3>{picture}<details><summary>Xem bảng số theo ngưỡng</summary><table>"
        "<caption>Bỏ sót, báo nhầm và độ đúng chung theo ngưỡng (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Ngưỡng</th><th scope="col" class="hocvu-number">Bỏ sót</th>'
        '<th scope="col" class="hocvu-number">Báo nhầm</th><th scope="col" class="hocvu-number">Độ đúng chung</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _mark(threshold: float) -> Mark:
    nearest = min(range(len(_PLACES)), key=lambda place: abs(_PLACES[place] - threshold))
    return Mark(nearest, f"ngưỡng {show_number(threshold)}")


def _costs(threshold: float, seed: int, per_miss: float, per_alarm: float) -> str:
    costs = [tally(place, seed).cost(per_miss, per_alarm) for place in _PLACES]
    top = max(costs) or 1.0
    line = Line("Tổng thiệt hại", list(enumerate(costs)), FILLS[Outcome.WRONG])
    best, mine = cheapest(seed, per_miss, per_alarm), tally(threshold, seed).cost(per_miss, per_alarm)
    least = tally(best, seed).cost(per_miss, per_alarm)
    picture = line_chart(
        "Tổng thiệt hại theo ngưỡng",
        [show_number(place) for place in _PLACES],
        [line],
        top=top,
        ticks=[(0.0, "0"), (top / 2, show_number(round(top / 2))), (top, show_number(round(top)))],
        mark=_mark(threshold),
    )
    return (
        f"<h3>Tổng thiệt hại khi một lần bỏ sót là {show_number(per_miss)}, một lần báo nhầm là "
        f"{show_number(per_alarm)}</h3><p>Ngưỡng đang đặt: <strong>{show_number(mine)}</strong>. "
        f"Nhỏ nhất là {show_number(least)}, ở ngưỡng {show_number(best)}.</p>{picture}"
    )


def judge(setting: Setting, seed: int, goal: Goal) -> Verdict:
    """Full points for a threshold that meets both parts of the learner's goal; one part alone earns nothing."""
    threshold = setting["nguong"]
    found, target = tally(threshold, seed), target_of(seed)
    line = (
        f"Ngưỡng {show_number(threshold)}: bỏ sót {found.missed} (nhiều nhất {target.missed}), "
        f"báo nhầm {found.false_alarms} (nhiều nhất {target.false_alarms})."
    )
    return Verdict(1.0 if all(meets(threshold, seed)) else 0.0, line)


BENCH = Bench(
    "thanh_nguong",
    "Thanh ngưỡng",
    (
        Slider("nguong", "Ngưỡng báo khẩn", LOW, HIGH, STEP, 0.7),
        Slider("bo_sot", "Thiệt hại một lần bỏ sót", 1, 50, 1, 20),
        Slider("bao_nham", "Thiệt hại một lần báo nhầm", 1, 10, 1, 1),
        Slider("nguoi_truc", "Số người trực", 1, 10, 1, 3, "người"),
    ),
    draw,
    invitation="Thử trên thanh ngưỡng",
    judge=judge,
    weak_setting={"nguong": 0.7, "bo_sot": 20.0, "bao_nham": 1.0, "nguoi_truc": 3.0},
)
