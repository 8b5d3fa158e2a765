"""Freezing: what a snapshot holds, that nothing changes it, and who may not make one when."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hocvu.records import list_audit
from hocvu.records.years import list_snapshots, snapshot_lines
from hocvu.year.annex import AnnexRefused, Correction, correct_frozen, frozen_result
from hocvu.year.desk import Decision, NotAllowed
from hocvu.year.freeze import FreezeRefused, Kind, NotConfirmed, freeze, preview_freeze
from tests.year.city import HALF, PERIOD, RIGHT, City, at

AFTER = "16/11/2027 06:00"


def rows(city: City, snapshot_id: str, part: str) -> list[dict[str, Any]]:
    with city.records.reading() as s:
        return [json.loads(line) for line in snapshot_lines(s, snapshot_id, part)]


def test_a_snapshot_holds_rule_items_engines_roster_results_and_units(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", RIGHT)
    snapshot = city.freezes(Kind.PROVISIONAL, AFTER)
    assert rows(city, snapshot.id, "rule")[0]["levels"]["share"] == 0.7
    assert [item["item_id"] for item in rows(city, snapshot.id, "items")] == ["1-1", "1-2", "1-3", "1-4"]
    assert rows(city, snapshot.id, "engines") == [
        {"assignment": "01-thu", "attempts": 1, "engine_version": "1", "version": "0123456789ab"}
    ]
    lan = next(row for row in rows(city, snapshot.id, "roster") if row["staff_code"] == "CB-Lan")
    assert (lan["name"], lan["unit_code"], lan["unit_name"]) == ("Lan", "P01", "Phường Hoa Mai")
    result = next(row for row in rows(city, snapshot.id, "results") if row["staff_code"] == "CB-Lan")
    assert (result["levels"]["NL1"], result["coverage"], result["points"]) == (1, 1.0, 16.0)
    (unit,) = rows(city, snapshot.id, "units")
    assert (unit["eligible"], unit["participating"], unit["rank_in_bloc"]) == (7, 1, None)  # too few to rank
    manifest = json.loads(snapshot.manifest)
    assert manifest["rule_version"] == "2027.1" and manifest["cutoff_at"] == "2027-11-15T17:00:00+00:00"


def test_the_same_content_gives_the_same_bytes_whatever_the_order_of_work(city: City) -> None:
    city.hands_in("Hùng", "01/05/2027 09:00", HALF)
    city.hands_in("Lan", "01/06/2027 09:00", RIGHT)
    first = preview_freeze(city.desk, Kind.PROVISIONAL, at(AFTER)).content
    again = preview_freeze(city.desk, Kind.PROVISIONAL, at("20/11/2027 06:00")).content
    assert [part.sha256 for part in first.parts] == [part.sha256 for part in again.parts]


def test_a_look_writes_nothing(city: City) -> None:
    preview = preview_freeze(city.desk, Kind.PROVISIONAL, at(AFTER))
    assert (preview.obstacles, preview.confirmation) == ((), "CHỐT TẠM 2027")
    assert any("chưa có người ký" in warning for warning in preview.warnings)
    with city.records.reading() as s:
        assert list_snapshots(s) == [] and list_audit(s) == []


def test_what_comes_after_the_cut_off_does_not_count(city: City) -> None:
    city.hands_in("Lan", "15/11/2027 23:59", HALF)
    city.hands_in("Lan", "16/11/2027 00:00", RIGHT)
    city.hands_in("Hùng", "16/11/2027 00:01", RIGHT)
    assert city.level("Lan") == city.level("Hùng") == 1
    snapshot = city.freezes(Kind.PROVISIONAL, AFTER)
    frozen = {row["staff_code"]: row for row in rows(city, snapshot.id, "results")}
    assert (frozen["CB-Lan"]["points"], frozen["CB-Lan"]["levels"]["NL1"]) == (8.0, 0)
    assert (frozen["CB-Hùng"]["points"], frozen["CB-Hùng"]["coverage"]) == (0.0, 0.0)


def test_after_the_final_freeze_neither_work_nor_grading_changes_it(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", HALF)
    final = city.freezes_for_good()
    before = rows(city, final.id, "results")
    attempt = city.hands_in("Lan", "01/06/2027 09:01", RIGHT)  # graded anew, as a re-grading would
    city.hands_in("Hùng", "08/12/2027 09:00", RIGHT)
    assert attempt and city.level("Lan") == 1
    assert rows(city, final.id, "results") == before
    with city.records.reading() as s:
        assert frozen_result(s, final, "CB-Lan")["levels"]["NL1"] == 0  # type: ignore[index]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE snapshots SET manifest = ''",
        "UPDATE snapshots SET people = 0",
        "DELETE FROM snapshots",
        "UPDATE snapshot_chunks SET body = x'00'",
        "DELETE FROM snapshot_chunks",
    ],
)
def test_the_store_itself_refuses_to_rewrite_a_snapshot(city: City, change: str) -> None:
    city.freezes(Kind.PROVISIONAL, AFTER)
    with pytest.raises(DBAPIError, match="kept as written"), city.records.session() as s:
        s.execute(text(change))


def test_freezing_twice_is_refused(city: City) -> None:
    city.freezes(Kind.PROVISIONAL, AFTER)
    with pytest.raises(FreezeRefused, match="đã có bản «chốt tạm»"):
        city.freezes(Kind.PROVISIONAL, "17/11/2027 06:00")


@pytest.mark.parametrize("name", ["Đào", "Giảng", "Lan"])
def test_only_hr_of_the_whole_city_freezes(city: City, name: str) -> None:
    with pytest.raises(NotAllowed, match="toàn thành phố"):
        city.freezes(Kind.PROVISIONAL, AFTER, by=name)


@pytest.mark.parametrize(
    ("kind", "moment", "why"),
    [
        (Kind.PROVISIONAL, "15/11/2027 23:59", "còn nhận bài đến 24:00 ngày 15/11/2027"),
        (Kind.FINAL, "07/12/2027 09:00", "chưa chốt tạm"),
        (Kind.FINAL, "06/12/2027 23:59", "trước ngày 07/12/2027"),
    ],
)
def test_freezing_before_its_time_is_refused(city: City, kind: Kind, moment: str, why: str) -> None:
    with pytest.raises(FreezeRefused, match=why):
        city.freezes(kind, moment)


def test_the_confirmation_must_be_typed(city: City) -> None:
    with pytest.raises(NotConfirmed, match="CHỐT TẠM 2027"):
        freeze(city.desk, Kind.PROVISIONAL, city.people["Mai"], "chốt", at(AFTER))


def test_another_rule_than_at_the_provisional_freeze_is_refused(city: City) -> None:
    city.freezes(Kind.PROVISIONAL, AFTER)
    rule = city.settings.root / "course/scoring.toml"
    rule.write_text(
        rule.read_text(encoding="utf-8").replace('version = "2027.1"', 'version = "2028.1"'), encoding="utf-8"
    )
    with pytest.raises(FreezeRefused, match="2028.1 khác quy tắc lúc chốt tạm .2027.1"):
        city.freezes(Kind.FINAL, "07/12/2027 09:00")


def test_freezing_leaves_a_line_in_the_log(city: City) -> None:
    snapshot = city.freezes(Kind.PROVISIONAL, AFTER)
    with city.records.reading() as s:
        (entry,) = list_audit(s, action="year.freeze")
    assert entry.actor == city.people["Mai"].id and entry.detail["sha256"] == snapshot.sha256


def test_an_annex_raises_a_frozen_result(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", HALF)
    final = city.freezes_for_good()
    correction = Correction("CB-Lan", "Chấm lại câu 1.2", {"NL1": 1})
    annex = correct_frozen(city.desk, correction, city.people["Mai"], at("10/12/2027 09:00"))
    assert annex.number == 1 and json.loads(annex.body)["direction"] == "up"
    with city.records.reading() as s:
        assert frozen_result(s, final, "CB-Lan")["levels"]["NL1"] == 1  # type: ignore[index]
        assert frozen_result(s, final, "CB-Không-Có") is None


def test_an_annex_goes_down_by_a_signed_decision_only(city: City) -> None:
    city.hands_in("Lan", "01/06/2027 09:00", RIGHT)
    city.freezes_for_good()
    now, mai = at("10/12/2027 09:00"), city.people["Mai"]
    down = Correction("CB-Lan", "Kết luận kiểm tra", {"NL1": 0})
    with pytest.raises(AnnexRefused, match="quyết định đã ký"):
        correct_frozen(city.desk, down, mai, now)
    half = Correction("CB-Lan", "Kết luận kiểm tra", {"NL1": 0}, decision=Decision("12/QĐ-SNV"))
    with pytest.raises(AnnexRefused, match="đủ số, ngày và người ký"):
        correct_frozen(city.desk, half, mai, now)
    signed = Decision("12/QĐ-SNV", date(2027, 12, 9), "Giám đốc Sở")
    annex = correct_frozen(city.desk, Correction("CB-Lan", "Kết luận", {"NL1": 0}, decision=signed), mai, now)
    assert json.loads(annex.body)["decision"]["number"] == "12/QĐ-SNV"


@pytest.mark.parametrize(
    ("correction", "why"),
    [
        (Correction("CB-Lan", " ", {"NL1": 1}), "lý do"),
        (Correction("CB-Lan", "Sai", {"NL1": 0}), "giống hệt"),
        (Correction("CB-Lan", "Sai", {"NL9": 1}), "NL9"),
        (Correction("CB-Ai", "Sai", {"NL1": 1}), "CB-Ai"),
    ],
)
def test_an_annex_that_says_nothing_is_refused(city: City, correction: Correction, why: str) -> None:
    city.freezes_for_good()
    with pytest.raises(AnnexRefused, match=why):
        correct_frozen(city.desk, correction, city.people["Mai"], at("10/12/2027 09:00"))


def test_an_annex_needs_the_final_freeze_and_the_whole_city(city: City) -> None:
    up, now = Correction("CB-Lan", "Sai", {"NL1": 1}), at("10/12/2027 09:00")
    city.freezes(Kind.PROVISIONAL, AFTER)
    with pytest.raises(AnnexRefused, match="chưa chốt chính thức"):
        correct_frozen(city.desk, up, city.people["Mai"], now)
    with pytest.raises(NotAllowed):
        correct_frozen(city.desk, up, city.people["Đào"], now)
    assert PERIOD == "2027"
