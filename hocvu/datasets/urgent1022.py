"""Synthetic messages of which about one in ten is urgent, each with the score a model gave it.

The model is simulated: scores of urgent messages lie higher, and the two heaps overlap, as real ones do.
Datasheet: docs/datasets/urgent1022.md.
"""

import random
from dataclasses import dataclass

from hocvu.datasets import reports1022_templates as templates
from hocvu.datasets.seeds import seed_of

URGENT_SHARE = 0.10
URGENT_SCORES, CALM_SCORES = (5.0, 2.6), (2.0, 4.6)  # beta distributions

_URGENT = (
    "dây điện rơi xuống lối đi hẻm {h}, mấy đứa nhỏ đang chơi gần đó",
    "cây lớn trên đường {d} nghiêng hẳn, sắp đổ vô nhà dân",
    "nắp hố ga đường {d} mất từ tối qua, xe máy vừa té",
    "nhà đầu hẻm {h} bốc khói, nghe mùi khét lắm",
    "trụ điện đường {d} xẹt lửa từng chập",
    "biển quảng cáo trên đường {d} sút một đầu, gió là đập qua đập lại",
    "mùi gas nồng quanh quán ăn hẻm {h}",
)
_CALM = (
    "cho hỏi bộ phận một cửa làm việc tới mấy giờ",
    "rác hẻm {h} hai ngày chưa ai gom",
    "đèn đường {d} tắt từ đầu tuần",
    "quán hẻm {h} mở nhạc lớn tới khuya",
    "vỉa hè đường {d} bị lấn chiếm bán hàng",
    "hồ sơ của tôi nộp {n} ngày chưa thấy kết quả",
    "xe buýt tuyến {t} bỏ trạm",
)


@dataclass(frozen=True)
class Message:
    """One message: whether it is urgent, and how urgent the model finds it, in 0..1."""

    text: str
    urgent: bool
    score: float


def generate_messages(count: int, seed: int) -> tuple[Message, ...]:
    """Return `count` messages; the same (count, seed) gives the same messages on every machine."""
    rng = random.Random(seed_of("urgent1022", seed))
    return tuple(_message(rng) for _ in range(count))


def _message(rng: random.Random) -> Message:
    urgent = rng.random() < URGENT_SHARE
    score = round(rng.betavariate(*(URGENT_SCORES if urgent else CALM_SCORES)), 3)
    text = rng.choice(_URGENT if urgent else _CALM)
    gaps = {"d": rng.choice(templates.STREETS), "h": rng.randint(2, 290), "n": rng.randint(3, 45)}
    return Message(text.format(t=rng.randint(1, 150), **gaps), urgent, score)
