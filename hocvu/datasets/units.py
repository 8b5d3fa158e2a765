"""Fictitious units: 40 of them, 6 to 120 people each, most of them small."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

NAMES: dict[str, Sequence[str]] = {
    "Phường": (
        "Phường Bình Minh", "Phường Hoa Phượng", "Phường Bằng Lăng", "Phường Trúc Xanh", "Phường Sao Mai",
        "Phường Cánh Diều", "Phường Hướng Dương", "Phường Mai Vàng", "Phường Rạng Đông", "Phường Cầu Vồng",
        "Phường Họa Mi", "Phường Sơn Ca", "Phường Hải Âu", "Phường Mây Trắng", "Phường Nắng Ấm", "Phường Tre Ngà",
        "Phường Bạch Đàn", "Phường Chim Én",
    ),
    "Xã, đặc khu": (
        "Xã Hoa Sen", "Xã Đồng Lúa", "Xã Sông Trăng", "Xã Suối Mơ", "Xã Thảo Nguyên", "Xã Lúa Mới", "Xã Vườn Dừa",
        "Đặc khu Đảo Yến",
    ),
    "Sở, ngành": (
        "Sở Mô phỏng 1", "Sở Mô phỏng 2", "Sở Mô phỏng 3", "Sở Mô phỏng 4", "Ban Mô phỏng 1",
    ),
    "Đơn vị sự nghiệp giáo dục": (
        "Trường Tiểu học Cây Bàng", "Trường Mầm non Ong Vàng", "Trường THCS Trăng Non", "Trường THPT Biển Xanh",
        "Trung tâm Giáo dục Lá Xanh",
    ),
    "Y tế": ("Trạm Y tế Bình Minh", "Trạm Y tế Hoa Sen", "Bệnh viện Mô phỏng 1"),
    "Khác": ("Trung tâm Dịch vụ Mô phỏng",),
}  # fmt: skip
SMALLEST, LARGEST = 6, 120


@dataclass(frozen=True)
class FictitiousUnit:
    """A made-up unit; size is how many people work there."""

    code: str
    name: str
    bloc: str
    size: int


def make_units(people: int, rng: random.Random) -> tuple[FictitiousUnit, ...]:
    """Return the 40 units with sizes that add up to `people`, each 6–120 when `people` allows it, skewed to small."""
    named = [(name, bloc) for bloc, names in NAMES.items() for name in names]
    weights = [rng.lognormvariate(0, 0.7) for _ in named]
    total = sum(weights)
    sizes = [min(LARGEST, max(SMALLEST, round(people * weight / total))) for weight in weights]
    return tuple(
        FictitiousUnit(f"MP{number:03d}", name, bloc, size)
        for number, ((name, bloc), size) in enumerate(zip(named, _adding_up_to(people, sizes), strict=True), start=1)
    )


def _adding_up_to(people: int, sizes: list[int]) -> list[int]:
    """Grow or shrink the largest units one by one until the sizes add up."""
    sizes = list(sizes)
    while (missing := people - sum(sizes)) != 0:
        step = 1 if missing > 0 else -1
        movable = [i for i, size in enumerate(sizes) if size < LARGEST] if step > 0 else range(len(sizes))
        index = max(movable or range(len(sizes)), key=lambda i: sizes[i])
        sizes[index] += step
    return sizes
