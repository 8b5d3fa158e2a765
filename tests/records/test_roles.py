"""Giving and taking roles: what is refused and what to do then, what the log keeps, and who stays administrator."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import update

from hocvu.records import (
    ActivationCode,
    AuditEntry,
    Membership,
    Person,
    add_unit,
    create_session,
    find_person,
    find_session,
    list_audit,
)
from hocvu.records.activation import put_codes
from hocvu.records.role_holders import grants_of, list_role_people, without_effect
from hocvu.records.roles import ROLE_CHANGE, Act, RoleRefused, give_role, take_role, units_to_choose

TODAY = date(2026, 11, 24)
HOUR = timedelta(hours=1)
WHY = "Quyết định 12/QĐ-UBND"


@pytest.fixture
def house(office: Any) -> Any:
    """The office with a second ward, a group below the first, and two administrators, Cúc and Dung."""
    with office.records.session() as s:
        office.below_id = add_unit(s, "P01-1", "Tổ một cửa", "Phường", parent_id=office.unit_id).id
        office.other_id = add_unit(s, "P02", "Phường Hoa Mai", "Phường").id
        s.execute(update(Person).values(roles=["learner"]))
    office.hire("Cúc", "CB3", roles=["learner", "admin"], password_hash="x")
    office.hire("Dung", "CB4", roles=["learner", "admin"], password_hash="x", unit_id=office.below_id)
    return office


def act(house: Any, by: str = "Cúc", reason: str = WHY) -> Act:
    return Act(house.people[by], reason, house.now, TODAY)


def gives(house: Any, name: str, role: str, unit: str = "", **how: str) -> AuditEntry:
    with house.records.session() as s:
        return give_role(s, house.id(name), role, unit, act(house, **how))


def takes(house: Any, name: str, role: str, **how: str) -> AuditEntry:
    with house.records.session() as s:
        return take_role(s, house.id(name), role, act(house, **how))


def leaves(house: Any, name: str) -> None:
    with house.records.session() as s:
        s.add(Membership(person_id=house.id(name), unit_id=house.unit_id, ends_on=TODAY - timedelta(days=1)))


def roles(house: Any, name: str) -> tuple[list[str], int | None]:
    with house.records.reading() as s:
        person = find_person(s, house.id(name))
    assert person is not None
    return person.roles, person.hr_unit_id


def test_a_role_is_given_for_a_unit_and_taken_and_the_log_keeps_before_and_after(house: Any) -> None:
    gives(house, "Ada", "hr", "P01")
    gives(house, "Ada", "unit_head", "P01")
    assert roles(house, "Ada") == (["learner", "hr", "unit_head"], house.unit_id)
    takes(house, "Ada", "hr", reason="Chuyển việc")
    assert roles(house, "Ada") == (["learner", "unit_head"], house.unit_id)
    takes(house, "Ada", "unit_head")
    assert roles(house, "Ada") == (["learner"], None)
    with house.records.reading() as s:
        newest, third, *_ = list_audit(s, action=ROLE_CHANGE)
    assert (newest.detail["before"], newest.detail["after"]) == (["learner", "unit_head:P01"], ["learner"])
    assert third.detail == {
        "person": house.id("Ada"), "taken": "hr", "unit": "P01", "reason": "Chuyển việc",
        "before": ["learner", "hr:P01", "unit_head:P01"], "after": ["learner", "unit_head:P01"],
    }  # fmt: skip
    assert third.actor == house.id("Cúc") and third.at == house.now


def test_what_is_refused_says_what_to_do_and_changes_nothing(house: Any) -> None:
    gives(house, "Bình", "hr", "P01")
    leaves(house, "Ada")
    house.hire("Em", "CB5", roles=["learner"])
    for sentence, refused in (
        ("đã rời cơ quan.*sửa danh sách trước", lambda: gives(house, "Ada", "instructor")),
        ("Ada.*đã rời cơ quan nên không quyết định", lambda: gives(house, "Em", "instructor", by="Ada")),
        ("đã có vai trò «Tổ chức cán bộ» cho Phường Bình Minh.*thu", lambda: gives(house, "Bình", "hr", "P01")),
        ("chỉ có một phạm vi.*thu vai trò kia", lambda: gives(house, "Bình", "board")),
        ("cần một đơn vị. Anh/chị chọn", lambda: gives(house, "Em", "unit_head")),
        ("không thuộc Phường Hoa Mai", lambda: gives(house, "Em", "unit_head", "P02")),
        ("không thuộc Tổ một cửa", lambda: gives(house, "Em", "hr", "P01-1")),
        ("«P99»: không có mã này", lambda: gives(house, "Em", "hr", "P99")),
        ("không gắn với đơn vị", lambda: gives(house, "Em", "instructor", "P01")),
        ("«learner»: hệ thống không có.*Giảng viên", lambda: gives(house, "Em", "learner")),
        ("«vua»: hệ thống không có", lambda: takes(house, "Em", "vua")),
        ("không có vai trò «Giảng viên»", lambda: takes(house, "Em", "instructor")),
        ("tự giao.*quản trị viên khác", lambda: gives(house, "Cúc", "instructor")),
        ("tự giao.*quản trị viên khác", lambda: takes(house, "Cúc", "admin")),
        ("Chưa có lý do", lambda: gives(house, "Em", "instructor", reason="  ")),
        ("dài quá 300", lambda: gives(house, "Em", "instructor", reason="x" * 301)),
    ):
        with pytest.raises(RoleRefused, match=sentence):
            refused()
    assert roles(house, "Em") == (["learner"], None) and roles(house, "Bình")[1] == house.unit_id
    with house.records.reading() as s:
        assert len(list_audit(s, action=ROLE_CHANGE)) == 1


def test_one_administrator_who_can_log_in_always_stays(house: Any) -> None:
    house.hire("Giang", "CB6", roles=["learner", "admin"])  # never activated the account
    leaves(house, "Dung")
    with pytest.raises(RoleRefused, match="quản trị viên cuối cùng.*giao vai trò Quản trị cho một người khác"):
        takes(house, "Cúc", "admin", by="Bình")
    with pytest.raises(RoleRefused, match="quản trị viên cuối cùng"):
        takes(house, "Cúc", "admin")
    takes(house, "Dung", "admin")
    takes(house, "Giang", "admin")


def test_two_administrators_who_take_each_others_role_at_once_leave_one(house: Any) -> None:
    at_once = Barrier(2)

    def take(name: str, by: str) -> bool:
        at_once.wait(10)
        try:
            takes(house, name, "admin", by=by)
        except RoleRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(take, ("Cúc", "Dung"), ("Dung", "Cúc")))
    assert sorted(done) == [False, True]


def test_log_ins_and_waiting_codes_of_before_do_not_grow_with_the_role(house: Any) -> None:
    with house.records.session() as s:
        token, _ = create_session(s, house.id("Ada"), "portal", lifetime=HOUR, now=house.now)
        put_codes(s, {house.id("Ada"): "băm"}, made_by="hr", now=house.now, expires_at=house.now + HOUR)
    gives(house, "Ada", "admin")
    with house.records.reading() as s:
        assert find_session(s, token, "portal", house.now) is None
        assert s.get(ActivationCode, house.id("Ada")) is None


def test_holders_are_listed_with_since_and_by_and_others_are_found(house: Any) -> None:
    given = gives(house, "Ada", "hr", "P01")
    with house.records.session() as s:
        s.get_one(Person, house.id("Bình")).login = "binh.nv"

    def listed(*asked: Any) -> list[str]:
        with house.records.reading() as s:
            return [person.name for person, _ in list_role_people(s, *asked, limit=10)]

    assert listed() == ["Ada", "Cúc", "Dung"] and listed("", None, "admin") == ["Cúc", "Dung"]
    assert listed("binh") == listed("BINH.N") == listed("cb2") == ["Bình"] and listed("%") == listed("_") == []
    assert listed("", {house.unit_id}) == ["Ada", "Cúc", "Bình"] and listed("", {house.unit_id}, "hr") == ["Ada"]
    with house.records.session() as s:
        ada = s.get_one(Person, house.id("Ada"))
        assert grants_of(s, [ada]) == {(ada.id, "hr"): s.get_one(AuditEntry, given.id)}
        assert [unit.code for unit in units_to_choose(s, s.get_one(Person, house.id("Dung")))] == ["P01-1", "P01"]
        ada.unit_id = house.other_id
        assert without_effect(s, [ada], TODAY) == {ada.id: "moved"}
    leaves(house, "Ada")
    with house.records.reading() as s:
        assert without_effect(s, [ada], TODAY) == {ada.id: "left"}
    takes(house, "Ada", "hr")
    with house.records.reading() as s:
        assert grants_of(s, [ada]) == {}
