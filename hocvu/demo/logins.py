"""The demo world's log-ins, and which of them may be shown to everybody: what seeding made and nobody has changed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from hocvu.portal.passwords import verify_password
from hocvu.portal.services import Services
from hocvu.portal.trial_logins import TrialLogin
from hocvu.records import Person, find_by_login, list_audit
from hocvu.settings import Settings

SEEDED = "demo-seeded"  # the log's line that only seeding writes
DEMO_PASSWORD = "hoc-vu-2027"


@dataclass(frozen=True)
class DemoLogin:
    """A log-in to try the system with."""

    login: str
    name: str
    roles: tuple[str, ...]
    what: str
    own_unit_only: bool = False


DEMO_LOGINS = (
    DemoLogin("hocvien", "Nguyễn Thị Học", ("learner",), "người học: làm khóa học từ đầu"),
    DemoLogin("hocvien2", "Trần Văn Hành", ("learner",), "người học thứ hai, cùng đơn vị"),
    DemoLogin("giangvien", "Lê Minh Giảng", ("learner", "instructor"), "giảng viên: xem thống kê bài tập"),
    DemoLogin("nhansu", "Phạm Thu Sự", ("learner", "hr"), "tổ chức cán bộ: xem mọi đơn vị, tải XLSX"),
    DemoLogin("nhansu-phuong", "Võ Kim Phường", ("learner", "hr"), "tổ chức cán bộ của một phường", True),
    DemoLogin("thutruong", "Hoàng Văn Trưởng", ("learner", "unit_head"), "thủ trưởng đơn vị: xem đơn vị mình", True),
    DemoLogin("thidua", "Bùi Thị Đua", ("learner", "board"), "hội đồng thi đua: số liệu tổng hợp, người được đề cử"),
    DemoLogin("quantri", "Đặng Quốc Trị", ("learner", "admin"), "quản trị: cấp mã truy cập, giao vai trò, xem nhật ký"),
)


def is_local(settings: Settings) -> bool:
    """Whether the portal answers only to this machine's own names, as no portal for others does."""
    return urlsplit(settings.portal).hostname in ("localhost", "127.0.0.1")


def working_logins(services: Services) -> tuple[TrialLogin, ...]:
    """Return the demo log-ins that work, each tried with the demo password.

    None in a portal with an address for others, none in a store that was never seeded, whatever its people are called.
    """
    if not is_local(services.settings):
        return ()
    with services.records.reading() as s:
        if not list_audit(s, action=SEEDED, limit=1):
            return ()
        people = [(demo, find_by_login(s, demo.login)) for demo in DEMO_LOGINS]
    tried = {stored: verify_password(stored, DEMO_PASSWORD) for stored in {_hash(person) for _, person in people}}
    return tuple(
        TrialLogin(demo.login, demo.name, demo.what, DEMO_PASSWORD, person.password_hash)
        for demo, person in people
        if person is not None and tried[person.password_hash]
    )


def _hash(person: Person | None) -> str:
    return person.password_hash if person else ""
