"""Units as they stand now: who has left is not there; from the second year on the last freeze tells who rose."""

from datetime import UTC, date, datetime
from pathlib import Path

from hocvu.course import read_course
from hocvu.records import Membership, add_person, add_unit, ensure_period, open_records, save_scores
from hocvu.records.tables_year import Snapshot
from hocvu.records.years import add_snapshot
from hocvu.scores import Score
from hocvu.scoring import UnitCounts
from hocvu.year.parts import pack_part
from hocvu.year.unit_counts import live_units

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def score(level: int) -> Score:
    return Score(0.7, {"NL1": level}, level, 1.0, 2.0, "2027.1")


def test_who_rose_is_told_by_the_last_final_freeze(root: Path) -> None:
    records = open_records("sqlite://")
    before = {"stays": 2, "rises": 1}
    now = {"stays": 2, "rises": 2, "new": 1, "left": 3}
    with records.session() as s:
        ensure_period(s, "2026", date(2025, 11, 16), date(2026, 11, 15))
        ensure_period(s, "2027", date(2026, 11, 16), date(2027, 11, 15))
        unit = add_unit(s, "P01", "Phường", "Phường")
        people = {name: add_person(s, staff_code=name, name=name, unit_id=unit.id).id for name in (*now, "idle")}
        s.add(Membership(person_id=people["left"], unit_id=unit.id, starts_on=None, ends_on=date(2027, 1, 31)))
        save_scores(s, "2027", {people[name]: score(level) for name, level in now.items()}, NOW)
        rows = [(name, {"staff_code": name, "levels": {"NL1": level}}) for name, level in sorted(before.items())]
        part = pack_part("results", rows)
        kept = Snapshot(
            id="2026-final",
            period_id="2026",
            kind="final",
            cutoff_at=NOW,
            made_at=NOW,
            made_by="hr",
            people=2,
            manifest="{}",
            sha256="0" * 64,
            signature="",
        )
        add_snapshot(s, kept, {"results": part.chunks})
    with records.reading() as s:
        found = live_units(s, "2027", read_course(root).rule)
    assert found[unit.id].on_roster == 4 and found[unit.id].started == 3
    assert found[unit.id].counts == UnitCounts(people=4, participating=3, advanced=2, rising=2)
    records.close()
