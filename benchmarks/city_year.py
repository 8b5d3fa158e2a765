"""A whole city's year in one store on disk: everybody's scores anew, one person's after a submission, the freeze,
and everything verified."""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from benchmarks.city import NOW, build_city, database_bytes
from benchmarks.city_evidence import write_evidence
from benchmarks.timing import in_a_process, spread_of
from hocvu.cli.verifiers import Verifier
from hocvu.course import Course, read_course
from hocvu.ledger.rescore import rescore_period
from hocvu.records import Person, list_items, open_records, person_evidence, save_score
from hocvu.scoring import prepare_items, score_person
from hocvu.settings import Settings
from hocvu.year.desk import open_desk
from hocvu.year.freeze import Kind, confirmation_text, freeze

PEOPLE = 200_000


def report_city(root: Path, people: int = PEOPLE) -> None:
    """Print what a change of rule, one submission and a freeze cost in a store of so many people."""
    with tempfile.TemporaryDirectory() as var:
        settings = Settings(root=root, var=Path(var))
        course = read_course(root)
        print(f"A city's year on SQLite: {people:,} people, 88 graded items, random ids, rows in no order of people")
        in_a_process(lambda: _build(settings, course, people))
        for what in ("every score new", "again, nothing to write"):
            _line(f"scores from evidence, {what}", lambda: _rescore(settings, course))
        _line("verify from stored results", lambda: _verify(settings, course))
        _one_person(settings, course)  # from here on some scores are made up
        _line("freeze: read, score, pack, sign", lambda: _freeze(settings, course))
    print()


def _verify(settings: Settings, course: Course) -> None:
    """Evidence and scores computed again from results and compared: `hocvu recompute --verify --stored-results`."""
    records = open_records(settings.database)
    done = list(Verifier(records, course.period.code, course.rule, {}, 0).everybody(os.cpu_count() or 1))
    people, results = sum(one.people for one in done), sum(one.taken_as_stored for one in done)
    print(f"  {people:,} people, {results:,} results, {sum(one.differences for one in done)} differences")
    records.close()


def _build(settings: Settings, course: Course, people: int) -> None:
    began = time.perf_counter()
    build_city(settings, people)
    records = open_records(settings.database)
    with records.reading() as s:
        ids = list(s.scalars(select(Person.id).where(Person.login.is_(None))))
    rows = write_evidence(records, settings.var / "hocvu.db", course, ids, NOW)
    records.close()
    size = database_bytes(settings.var) / 1e9
    print(f"  writing it                         {time.perf_counter() - began:7.1f} s   {rows:,} rows, {size:.1f} GB")
    sys.stdout.flush()


def _rescore(settings: Settings, course: Course) -> None:
    records = open_records(settings.database)
    done = rescore_period(records, course.period.code, course.rule, "bench", lambda: NOW, lambda *_: None)
    print(f"  {done.changed:,} of {done.people:,} scores written")
    records.close()


def _one_person(settings: Settings, course: Course) -> None:
    """Evidence and items read, score computed and saved: what each submission adds to grading."""
    records = open_records(settings.database)
    with records.reading() as s:
        ids = list(s.scalars(select(Person.id).limit(1000)))
    period = course.period.code

    def once(number: int) -> object:
        person_id = ids[number % len(ids)]
        with records.session() as s:
            evidence = person_evidence(s, person_id, period)
            evidence["1-1"] = (number % 7) / 7
            score = score_person(evidence, prepare_items(list_items(s, period)), course.rule)
            return save_score(s, person_id, period, score, NOW)

    cpu = time.process_time()
    spread = spread_of(once, 400)
    cpu_ms = 1000 * (time.process_time() - cpu) / (spread.runs + 3)
    print(f"  one person, commit on disk         {spread}   CPU {cpu_ms:.2f} ms each")
    records.close()


def _freeze(settings: Settings, course: Course) -> None:
    records = open_records(settings.database)
    desk = open_desk(records, course, settings)
    with records.reading() as s:
        officer = s.scalars(select(Person).where(Person.login == "tp")).one()
    text = confirmation_text(desk.period_id, Kind.PROVISIONAL)
    made = freeze(desk, Kind.PROVISIONAL, officer, text, desk.plan.cutoff_at)
    print(f"  {made.people:,} people frozen, sha256 {made.sha256[:16]}…")
    records.close()


def _line(name: str, work: Callable[[], None]) -> None:
    spent = in_a_process(work)
    print(f"  {name:40} {spent.cpu_s:7.1f} s CPU {spent.wall_s:7.1f} s wall   peak {spent.peak_mb:.0f} MB")
    sys.stdout.flush()
