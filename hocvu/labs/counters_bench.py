"""The start-up's first bench: how many counters a morning needs. It shows what dragging, looking and handing in are."""

import hashlib
import math

from hocvu.labs.bench import Bench, Setting
from hocvu.labs.charts import Bar, comparison
from hocvu.labs.controls import Slider
from hocvu.questions.experiment import Goal, Verdict
from hocvu.questions.text import show_number

A_COUNTER = 12  # people that one counter serves in an hour
MOST = 8
SERVED, WAITING = "#0b5d57", "#a92a23"


def people_of(seed: int) -> int:
    """Return how many people come in the learner's hour: 50 to 70."""
    return 50 + int(hashlib.sha256(f"quay|{seed}".encode()).hexdigest(), 16) % 21


def needed(seed: int) -> int:
    """Return the fewest counters that leave nobody waiting."""
    return math.ceil(people_of(seed) / A_COUNTER)


def served(counters: int, seed: int) -> int:
    return min(people_of(seed), counters * A_COUNTER)


def draw(setting: Setting, seed: int) -> str:
    """Return who is served and who still waits with so many counters open."""
    counters, people = int(setting["so_quay"]), people_of(seed)
    done = served(counters, seed)
    left = people - done
    idle = counters - needed(seed)
    verdict = (
        f"Còn {left} người chưa tới lượt."
        if left
        else "Không còn ai phải chờ, và không dư quầy nào."
        if not idle
        else f"Không còn ai phải chờ, nhưng dư {idle} quầy."
    )
    picture = comparison(
        "Sau một giờ",
        [
            Bar("Đã phục vụ", done / people, f"{done} người", SERVED),
            Bar("Còn chờ", left / people, f"{left} người", WAITING),
        ],
    )
    return (
        f"<p>Mở <strong>{counters} quầy</strong> cho {people} người đến trong một giờ. {verdict}</p>{picture}"
        "<table><caption>Sau một giờ (dữ liệu mô phỏng)</caption><thead><tr>"
        '<th scope="col">Người dân</th><th scope="col" class="hocvu-number">Số người</th></tr></thead><tbody>'
        f'<tr><th scope="row">Đã phục vụ</th><td class="hocvu-number">{done}</td></tr>'
        f'<tr><th scope="row">Còn chờ</th><td class="hocvu-number">{left}</td></tr></tbody></table>'
        f'<p class="hocvu-note">Giả định: mỗi quầy phục vụ {A_COUNTER} người một giờ. Số người đến của mỗi người học '
        "khác nhau một chút.</p>"
    )


def judge(setting: Setting, seed: int, goal: Goal) -> Verdict:
    """All for the fewest counters that leave nobody waiting, half for more than these."""
    counters = int(setting["so_quay"])
    share = 1.0 if counters == needed(seed) else 0.5 if counters > needed(seed) else 0.0
    left = people_of(seed) - served(counters, seed)
    return Verdict(share, f"Mở {show_number(counters)} quầy, còn {left} người chờ sau một giờ.")


BENCH = Bench(
    "ban_lam_quen",
    "Bàn làm quen: mở mấy quầy",
    (Slider("so_quay", "Số quầy mở", 1, MOST, 1, 1, "quầy"),),
    draw,
    invitation="Thử trên bàn làm quen",
    judge=judge,
    weak_setting={"so_quay": 1},
)
