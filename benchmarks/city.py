"""A simulated city in a store of its own: people, units and scores written in bulk, no answers behind them."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, update

from hocvu.course import read_course
from hocvu.datasets.people import make_name
from hocvu.demo.logins import DEMO_PASSWORD
from hocvu.portal.passwords import hash_password
from hocvu.records import Person, StoredScore, Unit, add_person, create_api_token, ensure_period, open_records
from hocvu.records.tables import Counter
from hocvu.settings import Settings
from hocvu.vietnamese import search_form

BLOCS = ("Phường", "Xã, đặc khu", "Sở, ngành", "Đơn vị sự nghiệp giáo dục", "Y tế", "Khác")
UNITS = 400
NOW = datetime(2027, 6, 1, 2, tzinfo=UTC)
CHUNK = 5000
SEED = 2027


def build_city(settings: Settings, people: int) -> str:
    """Fill the empty store with so many people, 95 % of them with a score; return a token that reads everything."""
    course, rng = read_course(settings.root), random.Random(SEED)
    records = open_records(settings.database)
    with records.session() as s:
        ensure_period(s, course.period.code, course.period.starts_on, course.period.ends_on)
        s.execute(insert(Unit), list(_units()))
        for rows in _chunks(_people(rng, people)):
            s.execute(insert(Person), rows)
        for rows in _chunks(_scores(rng, people, course.period.code, tuple(course.competencies), course.rule.version)):
            s.execute(insert(StoredScore), rows)
        s.execute(update(Counter).where(Counter.name == "scores").values(value=people))
        password = hash_password(DEMO_PASSWORD)
        for login, hr_unit in (("tp", None), ("donvi", 7)):
            add_person(
                s,
                staff_code=f"HR-{login}",
                name=f"Cán bộ {login}",
                unit_id=hr_unit or 1,
                login=login,
                password_hash=password,
                roles=["learner", "hr"],
                hr_unit_id=hr_unit,
            )
        token, _ = create_api_token(s, "bench", ["scores:read", "units:read"], now=NOW)
    records.close()
    return token


def database_bytes(var: Path) -> int:
    return sum(file.stat().st_size for file in var.glob("hocvu.db*"))


def _units() -> Iterator[dict[str, Any]]:
    yield {"id": 1, "code": "TP", "name": "Thành phố (mô phỏng)", "bloc": "Khác", "parent_id": None}
    for number in range(2, UNITS + 2):
        bloc = BLOCS[number % len(BLOCS)]
        yield {"id": number, "code": f"DV{number:04}", "name": f"{bloc} số {number}", "bloc": bloc, "parent_id": 1}


def _people(rng: random.Random, count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        name = make_name(rng)
        yield {
            "id": _person_id(number),
            "staff_code": f"CB{number:07}",
            "name": name,
            "name_folded": search_form(name),
            "kind": rng.choice(("công chức", "viên chức", "người lao động")),
            "position": "Chuyên viên",
            "department": f"Phòng {number % 7}",
            "is_leader": rng.random() < 0.08,
            "unit_id": 2 + rng.randrange(UNITS),
            "email": "",
            "login": None,
            "password_hash": "",
            "roles": ["learner"],
            "hr_unit_id": None,
        }


def _scores(
    rng: random.Random, people: int, period: str, competencies: tuple[str, ...], version: str
) -> Iterator[dict[str, Any]]:
    order = list(range(people))
    rng.shuffle(order)  # seqs come in the order in which people hand in, not in that of their codes
    for seq, number in enumerate(order, 1):
        if rng.random() < 0.05:
            continue
        band = rng.choices((0, 1, 2, 3), (45, 30, 20, 5))[0]
        at = NOW - timedelta(minutes=people - seq)
        yield {
            "person_id": _person_id(number),
            "period_id": period,
            "seq": seq,
            "coverage": 1.0 if band > 1 else round(rng.random(), 4),
            "levels": {code: rng.randint(max(0, band - 1), band or 1) for code in competencies},
            "band": band,
            "points": float(rng.randint(0, 560)),
            "max_points": 560.0,
            "rule_version": version,
            "updated_at": at,
            "band_since": at if band else None,
        }


def _chunks(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _person_id(number: int) -> str:
    """Return an id as random as uuid4, and the same in every run."""
    return str(uuid.UUID(int=random.Random(number).getrandbits(128), version=4))
