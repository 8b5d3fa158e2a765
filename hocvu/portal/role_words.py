"""What each role opens, in words: for whoever gives or takes one, and for saying what somebody will no longer see."""

from collections.abc import Collection
from dataclasses import dataclass

ROLE_PURPOSES = {
    "instructor": "xem số liệu từng câu hỏi (không kèm tên), đọc mẫu bài viết, chấm lại, cho ý kiến về kiến nghị",
    "hr": "xem kết quả của từng người trong phạm vi, nạp danh sách, cấp mã kích hoạt, ghi đề cử, chốt sổ",
    "unit_head": "xem số liệu và người của đơn vị mình và đơn vị trực thuộc, xác nhận đóng góp",
    "board": "xem số liệu các đơn vị và hồ sơ của người được đề cử",
    "admin": "nối hệ thống khác, cấp mã kích hoạt, giao và thu vai trò, xem nhật ký",
}


@dataclass(frozen=True)
class Opened:
    """A page that only some roles open. words: what is on it; of_city: roles that open it for the whole city only."""

    path: str
    words: str
    roles: frozenset[str]
    of_city: frozenset[str] = frozenset()

    def opens(self, roles: Collection[str], in_a_unit: bool) -> bool:
        """Whether it opens for somebody with these roles; in_a_unit: their roles are for a unit, not for the city."""
        return bool(self.roles & set(roles) - (self.of_city if in_a_unit else frozenset()))


def _opened(path: str, words: str, *roles: str, of_city: str = "") -> Opened:
    return Opened(path, words, frozenset(roles), frozenset({of_city}))


OPENED = (
    _opened("/giang-vien", "Giảng viên: số liệu từng câu hỏi", "instructor"),
    _opened("/giang-vien/doc-mau", "Giảng viên: mẫu bài viết của người học", "instructor"),
    _opened("/giang-vien/cham-lai", "Giảng viên: chấm lại", "instructor"),
    _opened("/hr", "Nhân sự: kết quả của từng người, và các tệp tải về", "hr"),
    _opened("/hr/don-vi", "Nhân sự: số liệu theo đơn vị", "hr"),
    _opened("/hr/danh-sach", "Nhân sự: danh sách nhân sự, quá trình của từng người", "hr"),
    _opened("/hr/de-cu", "Nhân sự: đề cử thi đua", "hr"),
    _opened("/chot-so", "Chốt sổ và phụ lục", "hr"),
    _opened("/xet-kien-nghi", "Kiến nghị của người học đang chờ trả lời", "hr", "instructor"),
    _opened("/rut-cau", "Rút câu có lỗi", "hr", "instructor", of_city="hr"),
    _opened("/dong-gop", "Đóng góp lan tỏa: đề xuất và xác nhận", "hr", "unit_head"),
    _opened("/don-vi", "Đơn vị tôi: số liệu và người của đơn vị", "unit_head"),
    _opened("/thi-dua", "Thi đua: số liệu các đơn vị, hồ sơ người được đề cử", "board"),
    _opened("/hr/tai-khoan", "Tài khoản và mã kích hoạt", "hr", "admin"),
    _opened("/quan-tri", "Quản trị: mã truy cập, nhật ký", "admin"),
    _opened("/quan-tri/he-thong", "Quản trị: kết nối hệ thống", "admin"),
    _opened("/quan-tri/vai-tro", "Quản trị: vai trò", "admin"),
)


def lost_pages(roles: Collection[str], taken: str, in_a_unit: bool) -> list[str]:
    """Return what somebody with these roles no longer sees without one of them; another role may still open it."""
    left = set(roles) - {taken}
    return [one.words for one in OPENED if one.opens(roles, in_a_unit) and not one.opens(left, in_a_unit)]
