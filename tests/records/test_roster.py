"""Units, people, periods and items."""

from datetime import date
from typing import Any

import pytest

from hocvu.errors import HocvuError
from hocvu.records import (
    ItemRow,
    add_audit,
    add_unit,
    ensure_period,
    find_by_login,
    find_by_staff_code,
    find_item_version,
    find_person,
    find_unit_by_code,
    list_audit,
    list_items,
    list_people,
    list_units,
    period_on,
    register_items,
    retire_item,
    unit_and_children,
)
from hocvu.scores import ItemInfo

PERIOD = "2027"


def test_people_are_found_by_login_and_staff_code(office: Any) -> None:
    office.hire("Lê Hòa", "CB9", login="hoa", roles=["hr"], password_hash="x")
    with office.records.reading() as s:
        hoa = find_by_login(s, "hoa")
        assert hoa is not None and hoa.roles == ["hr"]
        assert hoa.name_folded == "le hoa"
        assert find_by_staff_code(s, "CB9") is hoa and find_person(s, hoa.id) is hoa
        assert find_by_login(s, "nobody") is None


def test_people_are_listed_by_staff_code_in_pieces(office: Any) -> None:
    with office.records.reading() as s:
        assert [person.name for person in list_people(s, limit=1)] == ["Ada"]
        assert [person.name for person in list_people(s, after_staff_code="CB1")] == ["Bình"]
        assert list_people(s, unit_ids=[]) == []


def test_a_unit_tree_ends_even_in_a_loop(office: Any) -> None:
    with office.records.session() as s:
        child = add_unit(s, "P01-1", "Tổ", "Phường", parent_id=office.unit_id)
        parent = find_unit_by_code(s, "P01")
        assert parent is not None
        parent.parent_id = child.id
    with office.records.reading() as s:
        assert unit_and_children(s, office.unit_id) == {office.unit_id, child.id}
        assert [unit.code for unit in list_units(s, bloc="Phường")] == ["P01", "P01-1"]
        assert [unit.code for unit in list_units(s, ids={child.id})] == ["P01-1"]


def test_a_period_is_made_once_and_found_by_day(office: Any) -> None:
    with office.records.session() as s:
        ensure_period(s, PERIOD, date(2026, 11, 16), date(2027, 11, 14))
    with office.records.reading() as s:
        found = period_on(s, date(2027, 11, 14))
        assert found is not None and found.id == PERIOD
        assert period_on(s, date(2027, 11, 15)) is None


def test_registered_items_are_what_scoring_takes(office: Any) -> None:
    with office.records.reading() as s:
        assert list_items(s, PERIOD)[0] == ItemInfo("1-1", "1", "NL1", 1, 4.0, "MC1")
        assert [item.item_id for item in list_items(s, PERIOD)] == ["1-1", "1-2", "1-7"]
        assert list_items(s, "2028") == ()


def test_a_new_version_replaces_the_item_in_the_period_and_the_old_one_stays(office: Any) -> None:
    new = ItemRow("01-thu", "v2", "1-1", "1", "MCn", "NL1", 1, 6.0)
    for _ in range(2):
        with office.records.session() as s:
            register_items(s, [new], now=office.now, period_id=PERIOD)
    with office.records.reading() as s:
        assert list_items(s, PERIOD)[0].max_points == 6.0
        assert len(list_items(s, PERIOD)) == 3
        old = find_item_version(s, "01-thu", "0123456789ab", "1-1")
        assert old is not None and old.max_points == 4.0


def test_items_without_a_period_do_not_count_in_it(office: Any) -> None:
    with office.records.session() as s:
        register_items(s, [ItemRow("02-sau", "v1", "2-1", "2", "MC1", "NL1", 1, 4.0)], now=office.now)
        assert len(list_items(s, PERIOD)) == 3


def test_a_retired_item_no_longer_counts_and_is_not_forgotten(office: Any) -> None:
    with office.records.session() as s:
        assert retire_item(s, PERIOD, "1-1")
        assert not retire_item(s, PERIOD, "1-1")
    with office.records.reading() as s:
        assert [item.item_id for item in list_items(s, PERIOD)] == ["1-2", "1-7"]
        assert find_item_version(s, "01-thu", "0123456789ab", "1-1") is not None


def test_an_item_id_belongs_to_one_assignment(office: Any) -> None:
    with pytest.raises(HocvuError, match="taken by 01-thu.*another grade_id"), office.records.session() as s:
        register_items(s, [ItemRow("02-sau", "v1", "1-1", "2", "MC1", "NL1", 1, 4.0)], now=office.now, period_id=PERIOD)


def test_the_audit_log_is_read_newest_first(office: Any) -> None:
    with office.records.session() as s:
        for number in range(3):
            add_audit(s, "system", f"step-{number}", {"number": number}, office.now)
    with office.records.reading() as s:
        entries = list_audit(s, limit=2)
        assert [entry.action for entry in entries] == ["step-2", "step-1"]
        assert [entry.action for entry in list_audit(s, before_id=entries[-1].id)] == ["step-0"]
        assert [entry.action for entry in list_audit(s, action="step-1", actor="system")] == ["step-1"]
