"""The words that tests of the year tell their stories in: a city at the end of its period, with a clock."""

import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hocvu.course import read_course
from hocvu.records import (
    ItemRow,
    Person,
    add_person,
    add_unit,
    ensure_period,
    find_score,
    list_items,
    open_records,
    person_evidence,
    register_items,
    save_results,
    save_score,
    store_attempt,
)
from hocvu.records.tables_year import Snapshot
from hocvu.results import Result, Status
from hocvu.scoring import score_person
from hocvu.settings import Settings
from hocvu.year.bundle import write_bundle
from hocvu.year.desk import Desk, open_desk
from hocvu.year.freeze import Kind, confirmation_text, freeze

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
PERIOD, SLUG, VERSION = "2027", "01-thu", "0123456789ab"
# Four items in two modules: enough for M1 of NL1.
ITEMS = [
    ItemRow(SLUG, VERSION, f"1-{n}", module, "MC1", "NL1", 1, 4.0, f"Câu {n}") for n, module in enumerate("1122", 1)
]


def at(text: str) -> datetime:
    """ "15/11/2027 23:59" on a clock in Việt Nam."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=CITY_TIME)


class City:
    """Two wards, learners Lan and Hùng, HR of the city (Mai, Sơn) and of a ward (Đào), an instructor (Giảng)."""

    def __init__(self, folder: Path, checkout: Path) -> None:
        shutil.copytree(checkout / "course", folder / "course", ignore=shutil.ignore_patterns("*.ipynb"))
        (folder / "docs").symlink_to(checkout / "docs")  # facts name files there as their source
        self.settings = Settings(root=folder, var=folder / "var")
        self.records = open_records(self.settings.database)
        self.people: dict[str, Person] = {}
        with self.records.session() as s:
            self.ward = add_unit(s, "P01", "Phường Hoa Mai", "Phường").id
            ensure_period(s, PERIOD, *self._period())
            register_items(s, ITEMS, now=at("16/11/2026 08:00"), period_id=PERIOD)
        for name in ("Lan", "Hùng"):
            self.hire(name)
        self.hire("Mai", "hr")
        self.hire("Sơn", "hr")
        self.hire("Đào", "hr", hr_unit_id=self.ward)
        self.hire("Giảng", "instructor")
        self.hire("Biên", "instructor")

    def _period(self) -> tuple[object, object]:
        period = read_course(self.settings.root).period
        return period.starts_on, period.ends_on

    @property
    def desk(self) -> Desk:
        return open_desk(self.records, read_course(self.settings.root), self.settings)

    def hire(self, name: str, *roles: str, hr_unit_id: int | None = None) -> Person:
        with self.records.session() as s:
            person = add_person(
                s,
                staff_code=f"CB-{name}",
                name=name,
                unit_id=self.ward,
                roles=["learner", *roles],
                hr_unit_id=hr_unit_id,
            )
        self.people[name] = person
        return person

    def hands_in(self, name: str, moment: str, points: Mapping[str, float]) -> str:
        """The attempt's id; graded at once, as the portal does."""
        now, person = at(moment), self.people[name]
        with self.records.session() as s:
            attempt, _ = store_attempt(s, person.id, PERIOD, SLUG, VERSION, dict(points), 7, 1, f"{name} {moment}", now)
            results = [Result(item, value, 4.0, Status.GRADED) for item, value in points.items()]
            save_results(s, attempt, results, "1", now)
            rule = read_course(self.settings.root).rule
            score = score_person(person_evidence(s, person.id, PERIOD), list_items(s, PERIOD), rule)
            save_score(s, person.id, PERIOD, score, now)
            return attempt.id

    def level(self, name: str) -> int:
        """The live level of NL1."""
        with self.records.reading() as s:
            score = find_score(s, self.people[name].id, PERIOD)
        return int(score.levels["NL1"]) if score else 0

    def freezes(self, kind: Kind, moment: str, by: str = "Mai") -> Snapshot:
        return freeze(self.desk, kind, self.people[by], confirmation_text(PERIOD, kind), at(moment))

    def freezes_for_good(self) -> Snapshot:
        self.freezes(Kind.PROVISIONAL, "16/11/2027 06:00")
        return self.freezes(Kind.FINAL, "07/12/2027 09:00")

    def bundle(self, snapshot: Snapshot) -> Path:
        path = self.settings.root / f"{snapshot.id}.zip"
        with self.records.reading() as s, write_bundle(s, snapshot, self.desk.key) as file:
            path.write_bytes(file.read())
        return path


RIGHT = dict.fromkeys(["1-1", "1-2", "1-3", "1-4"], 4.0)
HALF = {"1-1": 4.0, "1-2": 0.0, "1-3": 4.0, "1-4": 0.0}
