"""The verb `role`: give or take a role on this machine, by the same rules as the administrator's page, and logged."""

from argparse import Namespace

from sqlalchemy.orm import Session

from hocvu.cli.say import say
from hocvu.portal.activation import issue_codes
from hocvu.portal.services import utc_now
from hocvu.portal.words import vietnam_time
from hocvu.records import Person, Unit, add_audit, find_by_staff_code, open_records
from hocvu.records.roles import ROLE_NAMES, SCOPED, Act, RoleRefused, give_role, scope_words, take_role
from hocvu.settings import Settings
from hocvu.year.calendar import day_in_vietnam

VIA = "hocvu role"


def role(settings: Settings, chosen: Namespace) -> int:
    """Give or take a role and print what the person may do now; with --code also how they get in."""
    records, now = open_records(settings.database), utc_now()
    try:
        with records.session() as s:
            person, by = _person(s, chosen.person), _person(s, chosen.by)
            act = Act(by, chosen.reason, now, day_in_vietnam(now), VIA)
            if chosen.give:
                give_role(s, person.id, chosen.give, chosen.unit, act)
            else:
                take_role(s, person.id, chosen.take, act)
            lines = [f"{person.staff_code} {person.name}: {', '.join(_roles(s, person))}"]
            if chosen.code:
                lines += _issue_code(s, settings, person, act)
        for line in lines:  # only now is it stored
            say(line)
        return 0
    finally:
        records.close()


def _roles(s: Session, person: Person) -> list[str]:
    return [
        f"{ROLE_NAMES.get(one, one)} ({scope_words(s, person, one)})" if one in SCOPED else ROLE_NAMES.get(one, one)
        for one in person.roles
    ]


def _issue_code(s: Session, settings: Settings, person: Person, act: Act) -> list[str]:
    """Return what to print of a new activation code: without it the first administrator could not log in."""
    unit = s.get_one(Unit, person.unit_id)
    (letter,) = issue_codes(s, settings.read_secret(), [(person, unit.name)], made_by=act.by.id, now=act.now)
    add_audit(s, act.by.id, "account.code", {"person": person.id, "via": VIA}, act.now)
    return [
        f"Mã kích hoạt, chỉ hiện một lần này: {letter.code} (hạn {vietnam_time(letter.expires_at)})",
        f"Người ấy mở {settings.portal}/kich-hoat, nhập mã CBCCVC, mã kích hoạt và đặt mật khẩu.",
    ]


def _person(s: Session, staff_code: str) -> Person:
    person = find_by_staff_code(s, staff_code)
    if person is None:
        raise RoleRefused(f"{staff_code}: không có mã CBCCVC này. Anh/chị dùng mã ở trang Nhân sự.")
    return person
