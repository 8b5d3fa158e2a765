"""Fictitious people: Vietnamese names in plausible proportions. No real person, number or address is behind them."""

import random
from dataclasses import dataclass

SURNAMES = {
    "Nguyễn": 31, "Trần": 11, "Lê": 9, "Phạm": 7, "Huỳnh": 5, "Hoàng": 4, "Phan": 4, "Vũ": 3, "Võ": 4, "Đặng": 2,
    "Bùi": 2, "Đỗ": 2, "Hồ": 2, "Ngô": 2, "Dương": 2, "Lý": 1, "Đinh": 1, "Mai": 1, "Trương": 2, "Lâm": 1,
}  # fmt: skip
MIDDLE = {"nam": ["Văn", "Minh", "Quốc", "Hữu", "Thanh", "Đức", "Hoàng", "Anh"],
          "nữ": ["Thị", "Ngọc", "Thanh", "Thu", "Kim", "Bích", "Phương", "Mỹ"]}  # fmt: skip
GIVEN = {
    "nam": ["An", "Bình", "Dũng", "Hải", "Hùng", "Khánh", "Khoa", "Long", "Minh", "Nam", "Phúc", "Quân", "Sơn", "Tâm",
            "Thành", "Tiến", "Trung", "Tuấn", "Việt", "Vinh"],
    "nữ": ["Anh", "Châu", "Dung", "Giang", "Hà", "Hạnh", "Hoa", "Hương", "Lan", "Linh", "Loan", "Mai", "Nga", "Ngân",
           "Nhung", "Oanh", "Thảo", "Trang", "Tuyết", "Yến"],
}  # fmt: skip
# Names of other communities of the city: Hoa, Khmer, Chăm, Ê-đê.
OTHER_NAMES = ["Quách Gia Huy", "Trịnh Mỹ Linh", "Thạch Sa Rươl", "Kim Thị Sô Phia", "Đàng Năng Thọ", "Thiên Sanh Vũ",
               "H'Hen Niê", "Y Thuyn Ksơr", "Lưu Bội Trân", "Sơn Thị Đa Ni"]  # fmt: skip
KINDS = {"công chức": 52, "viên chức": 33, "người lao động": 12, "cán bộ": 3}
POSITIONS = ["Tiếp nhận hồ sơ", "Văn phòng – thống kê", "Tư pháp – hộ tịch", "Địa chính – xây dựng", "Văn hóa – xã hội",
             "Tài chính – kế toán", "Công nghệ thông tin", "Tiếp công dân"]  # fmt: skip


@dataclass(frozen=True)
class Fictitious:
    """One made-up staff member."""

    name: str
    kind: str
    position: str
    is_leader: bool


def make_person(rng: random.Random) -> Fictitious:
    """Return a person whose name, kind and position are drawn with `rng`."""
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    leader = rng.random() < 0.08
    position = "Lãnh đạo, quản lý" if leader else rng.choice(POSITIONS)
    return Fictitious(make_name(rng), kind, position, leader)


def make_name(rng: random.Random) -> str:
    """Return a full name; about 4 % are names of the city's Hoa, Khmer, Chăm and Ê-đê communities."""
    if rng.random() < 0.04:
        return rng.choice(OTHER_NAMES)
    sex = rng.choice(["nam", "nữ"])
    surname = rng.choices(list(SURNAMES), list(SURNAMES.values()))[0]
    return f"{surname} {rng.choice(MIDDLE[sex])} {rng.choice(GIVEN[sex])}"
