"""A small bench with every kind of control, for tests of benches as such."""

from html import escape

from hocvu.labs.bench import Bench, Setting
from hocvu.labs.controls import Pick, Slider, Switch, Words
from hocvu.questions.experiment import Goal, Verdict


def draw(setting: Setting, seed: int) -> str:
    return f"<p>Ngưỡng {setting['nguong']}, hạt giống {seed}, ghi chú {escape(setting['ghi_chu'])}</p>"


def judge(setting: Setting, seed: int, goal: Goal) -> Verdict:
    return Verdict(1.0 if setting["nguong"] >= goal.full else 0.0, f"Ngưỡng đã đặt: {setting['nguong']}.")


SAMPLE = Bench(
    "ban_mau",
    "Bàn mẫu",
    (
        Pick("cach", "Cách làm", {"nhanh": "Làm nhanh", "ky": "Làm kỹ"}, "nhanh"),
        Slider("nguong", "Ngưỡng", 0, 1, 0.05, 0.5),
        Switch("dao", "Đảo chiều"),
        Words("ghi_chu", "Ghi chú", "không có"),
    ),
    draw,
    judge=judge,
    weak_setting={"cach": "nhanh", "nguong": 0.1, "dao": False, "ghi_chu": "x"},
)
