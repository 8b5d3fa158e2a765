"""Giving and taking a role: the one way, for the page and for the verb, with everything that is refused and logged.

A refusal is a Vietnamese sentence that says what to do next.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, cast, delete, or_, select
from sqlalchemy.orm import Session

from hocvu.errors import HocvuError
from hocvu.records.access import end_sessions_of
from hocvu.records.audit import add_audit
from hocvu.records.people import find_unit, find_unit_by_code, unit_and_children
from hocvu.records.roster import gone_before, has_left_on
from hocvu.records.tables import AuditEntry, Person, Unit
from hocvu.records.tables_access import ActivationCode
from hocvu.vietnamese import nfc

ROLE_NAMES = {
    "learner": "Người học",
    "instructor": "Giảng viên",
    "hr": "Tổ chức cán bộ",
    "unit_head": "Thủ trưởng đơn vị",
    "board": "Hội đồng Thi đua – Khen thưởng",
    "admin": "Quản trị",
}
GIVEN = ("instructor", "hr", "unit_head", "board", "admin")  # everybody is a learner, always
SCOPED = ("hr", "unit_head", "board")  # for a unit and those below; they share people.hr_unit_id, so have one scope
OF_ONE_UNIT = "unit_head"  # never for the whole city
ROLE_CHANGE = "role.change"  # the action in the log
LONGEST_REASON = 300
CITY = "toàn thành phố"


class RoleRefused(HocvuError):
    """A role cannot be given or taken; the message says why and what to do next."""

    code = "role_refused"


@dataclass(frozen=True)
class Act:
    """Who decided, why, and when. via: the command that wrote it down for them, "" = they did, on the page."""

    by: Person
    reason: str
    now: datetime
    today: date
    via: str = ""


def give_role(s: Session, person_id: str, role: str, unit_code: str, act: Act) -> AuditEntry:
    """Give a role and return its line in the log. unit_code "": the whole city. Raises RoleRefused.

    The person logs in anew: a session from before must not grow. A code that waits for them ends, because somebody who
    may issue codes for learners only could open the account with it.
    """
    person = _locked(s, person_id)
    _check_act(s, person, role, act)
    if has_left_on(s, person.id, act.today):
        raise RoleRefused(
            f"{_who(person)} đã rời cơ quan theo danh sách nhân sự nên không nhận vai trò được. "
            "Nếu danh sách ghi sai, anh/chị nhờ bộ phận tổ chức cán bộ sửa danh sách trước."
        )
    if role in person.roles:
        scope = f" cho {scope_words(s, person, role)}" if role in SCOPED else ""
        change = " Muốn đổi phạm vi, anh/chị thu vai trò này rồi giao lại." if scope else ""
        raise RoleRefused(f"{_who(person)} đã có vai trò «{ROLE_NAMES[role]}»{scope}, không cần giao lần nữa.{change}")
    before = _written(s, person)
    unit = _unit_of_role(s, person, role, unit_code)
    if role in SCOPED:
        person.hr_unit_id = unit.id if unit else None
    person.roles = [*person.roles, role]
    s.execute(delete(ActivationCode).where(ActivationCode.person_id == person.id, ActivationCode.used_at.is_(None)))
    return _log(s, person, act, before, given=role, unit=unit.code if unit else "")


def take_role(s: Session, person_id: str, role: str, act: Act) -> AuditEntry:
    """Take a role and return its line in the log. Raises RoleRefused; one administrator who can log in must stay."""
    others = [one for one in _working_administrators(s, act.today) if one != person_id]
    person = _locked(s, person_id)
    if role == "admin" and role in person.roles and not others:
        raise RoleRefused(
            f"{_who(person)} là quản trị viên cuối cùng còn đăng nhập được nên chưa thu được vai trò này. "
            "Anh/chị giao vai trò Quản trị cho một người khác, chờ người ấy kích hoạt tài khoản, rồi người ấy thu."
        )
    _check_act(s, person, role, act)
    if role not in person.roles:
        raise RoleRefused(
            f"{_who(person)} không có vai trò «{ROLE_NAMES[role]}» nên không có gì để thu. "
            "Anh/chị mở lại trang của người này để xem vai trò hiện có."
        )
    before, unit = _written(s, person), _scope_code(s, person, role)
    person.roles = [one for one in person.roles if one != role]
    if not set(SCOPED) & set(person.roles):
        person.hr_unit_id = None
    return _log(s, person, act, before, taken=role, unit=unit)


def scope_words(s: Session, person: Person, role: str) -> str:
    """Return for which unit somebody has a role, in words."""
    unit = find_unit(s, person.hr_unit_id) if role in SCOPED and person.hr_unit_id is not None else None
    return unit.name if unit else CITY


def units_to_choose(s: Session, person: Person) -> Sequence[Unit]:
    """Return the units that a role of this person can be for: their own and those above it, nearest first."""
    found: list[Unit] = []
    unit = find_unit(s, person.unit_id)
    while unit is not None and unit not in found:
        found.append(unit)
        unit = find_unit(s, unit.parent_id) if unit.parent_id is not None else None
    return found


def has_role(*roles: str) -> ColumnElement[bool]:
    """Whether somebody has one of these roles; none named: any role but the learner's."""
    stored = cast(Person.roles, String)
    if not roles:
        return stored.not_in(("[]", '["learner"]'))
    return or_(*(stored.contains(f'"{role}"', autoescape=True) for role in roles))


def _check_act(s: Session, person: Person, role: str, act: Act) -> None:
    if role not in GIVEN:
        names = ", ".join(f"{ROLE_NAMES[one]} ({one})" for one in GIVEN)
        raise RoleRefused(f"Vai trò «{role[:32]}»: hệ thống không có. Anh/chị chọn một trong các vai trò: {names}.")
    if act.by.id == person.id:
        raise RoleRefused(
            f"{_who(person)}: không ai tự giao, tự thu hay tự đổi vai trò của mình. "
            "Anh/chị nhờ một quản trị viên khác làm việc này."
        )
    if has_left_on(s, act.by.id, act.today):
        raise RoleRefused(
            f"{_who(act.by)} đã rời cơ quan nên không quyết định được. Anh/chị ghi người quyết định khác."
        )
    if not act.reason.strip():
        raise RoleRefused("Chưa có lý do. Anh/chị ghi số, ngày của quyết định hoặc việc người ấy được giao.")
    if len(act.reason) > LONGEST_REASON:
        raise RoleRefused(f"Lý do dài quá {LONGEST_REASON} ký tự. Anh/chị ghi ngắn lại: số, ngày của quyết định là đủ.")


def _unit_of_role(s: Session, person: Person, role: str, unit_code: str) -> Unit | None:
    """Return the unit, None = the whole city, if this person can have this role for it."""
    name = ROLE_NAMES[role]
    if not unit_code and role == OF_ONE_UNIT:
        raise RoleRefused(f"Vai trò «{name}» cần một đơn vị. Anh/chị chọn đơn vị của {_who(person)} rồi giao lại.")
    if unit_code and role not in SCOPED:
        raise RoleRefused(
            f"Vai trò «{name}» không gắn với đơn vị. Anh/chị bỏ chọn đơn vị {unit_code[:32]} rồi giao lại."
        )
    unit = find_unit_by_code(s, unit_code) if unit_code else None
    if unit_code and unit is None:
        raise RoleRefused(f"Đơn vị «{unit_code[:32]}»: không có mã này. Anh/chị dùng mã đơn vị ở trang Nhân sự.")
    if unit is not None and person.unit_id not in unit_and_children(s, unit.id):
        own = find_unit(s, person.unit_id)
        raise RoleRefused(
            f"{_who(person)} làm việc ở {own.name if own else 'đơn vị khác'}, không thuộc {unit.name}. Vai trò cho một "
            "đơn vị chỉ giao cho người của đơn vị ấy hoặc đơn vị trực thuộc. Nếu người ấy vừa chuyển đến, anh/chị nhờ "
            "bộ phận tổ chức cán bộ cập nhật danh sách nhân sự trước."
        )
    held = [one for one in person.roles if one in SCOPED]
    if held and person.hr_unit_id != (unit.id if unit else None):
        raise RoleRefused(
            f"{_who(person)} đang có vai trò «{ROLE_NAMES[held[0]]}» cho {scope_words(s, person, held[0])}. "
            "Mỗi người chỉ có một phạm vi: anh/chị chọn đúng phạm vi ấy, hoặc thu vai trò kia trước."
        )
    return unit


def _working_administrators(s: Session, today: date) -> Collection[str]:
    """Return the ids of administrators who can log in, locked: two who take each other's role come one by one."""
    query = select(Person.id).where(has_role("admin"), Person.password_hash != "", Person.id.not_in(gone_before(today)))
    return s.scalars(query.order_by(Person.id).with_for_update()).all()


def _locked(s: Session, person_id: str) -> Person:
    query = select(Person).where(Person.id == person_id).with_for_update().execution_options(populate_existing=True)
    return s.scalars(query).one()


def _log(s: Session, person: Person, act: Act, before: list[str], **change: str) -> AuditEntry:
    end_sessions_of(s, person.id)
    s.flush()
    detail = {
        "person": person.id,
        **change,
        "before": before,
        "after": _written(s, person),
        "reason": nfc(" ".join(act.reason.split())),
        **({"via": act.via} if act.via else {}),
    }
    return add_audit(s, act.by.id, ROLE_CHANGE, detail, act.now)


def _written(s: Session, person: Person) -> list[str]:
    """Return the roles as the log keeps them: `hr:P01` is HR of that unit."""
    return [f"{role}:{code}" if (code := _scope_code(s, person, role)) else role for role in person.roles]


def _scope_code(s: Session, person: Person, role: str) -> str:
    unit = find_unit(s, person.hr_unit_id) if role in SCOPED and person.hr_unit_id is not None else None
    return unit.code if unit else ""


def _who(person: Person) -> str:
    return f"{person.name} ({person.staff_code})"
