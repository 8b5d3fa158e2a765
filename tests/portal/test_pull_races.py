"""Another system pulls page by page while scores change and people move: nothing lost or twice, on either store."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from hocvu.records import Person, announce_leaving, announce_move, announce_return, read_feed, save_score
from hocvu.scores import Score
from tests.portal.test_api_scores import read
from tests.portal.world import World
from tests.postgresql import PostgreSQL

SCORE = Score(0.1, {"NL1": 1}, 0, 0.0, 16.0, "2027.1")
LOGINS = [f"nguoi{n}" for n in range(9)]
CHANGES, WRITERS = 30, 3


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path, root: Path) -> Iterator[World]:
    url = ""
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.new_database()
    with World(tmp_path, root, url) as world:
        for login in LOGINS:
            world.settle(login, f"Người {login}", world.ward.id)
        yield world


def change(world: World, writer: int, started: Event) -> None:
    """One grader at work on its own people: points grow, people move and leave and come back."""
    random, mine = Random(writer), LOGINS[writer::WRITERS]
    started.wait()
    for step in range(1, CHANGES + 1):
        with world.services.records.session(durable=False) as s:
            person = s.get_one(Person, world.people[random.choice(mine)])
            save_score(s, person.id, "2027", replace(SCORE, points=float(step)), world.now)
            if step % 5 == 0:
                announce_move(s, person.id, person.unit_id, world.now)
                person.unit_id = world.office.id if person.unit_id == world.ward.id else world.ward.id
            if step % 7 == 0:
                announce_leaving(s, person.id, person.unit_id, world.now)
                announce_return(s, person.id, world.now)


def truth(world: World, unit_ids: set[int] | None = None) -> dict[str, tuple[str, float]]:
    with world.services.records.reading() as s:
        rows = read_feed(s, period_id="2027", unit_ids=unit_ids)
        return {row.staff_code: (row.unit, row.points) for row in rows if hasattr(row, "points")}


def apply(rows: list[dict[str, Any]], known: dict[str, tuple[str, float]]) -> None:
    """What docs/api.md tells readers to do with each row."""
    for row in rows:
        if row.get("withdrawn"):
            if known.get(row["staff_code"], ("", 0))[0] == row["unit"]:
                del known[row["staff_code"]]
        else:
            known[row["staff_code"]] = (row["unit"], row["points"])


class Reader:
    """Another system with a token of the city or of one unit, and what it knows so far."""

    def __init__(self, world: World, unit_id: int | None) -> None:
        self.caller, self.token = world.visitor(), world.token("scores:read", unit_id=unit_id)
        self.known: dict[str, tuple[str, float]] = {}
        self.seqs: list[int] = []
        self.cursor = "s0"

    def pull(self, limit: int = 4) -> bool:
        """Read one page; return whether there is more."""
        body = read(self.caller, self.token, limit=limit, cursor=self.cursor)
        rows: list[dict[str, Any]] = body["scores"]  # type: ignore[assignment]
        apply(rows, self.known)
        self.seqs += [row["seq"] for row in rows]
        self.cursor = str(body["next_cursor"])
        return bool(body["more"])


def test_readers_end_with_the_truth_whatever_happens_while_they_read(world: World) -> None:
    started = Event()
    city, ward = Reader(world, None), Reader(world, world.ward.id)
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(change, world, writer, started) for writer in range(WRITERS)]
        started.set()
        while any([city.pull(), ward.pull()]) or not all(one.done() for one in writers):
            pass
        for one in writers:
            one.result()
    for reader, units in ((city, None), (ward, {world.ward.id})):
        reader.pull(limit=1000)
        assert reader.seqs == sorted(set(reader.seqs)), "a number came twice or out of order"
        assert reader.known == truth(world, units) and reader.known


def test_a_removal_never_carries_the_reader_past_a_score_it_has_not_seen(
    tmp_path: Path, root: Path, postgresql: PostgreSQL
) -> None:
    """A score and a removal are committed between the two queries of one call: only PostgreSQL lets that happen."""
    with World(tmp_path, root, postgresql.new_database()) as world:
        records, people = world.services.records, world.people
        with records.session() as s:
            save_score(s, people["lan"], "2027", SCORE, world.now)

        def commit_between(_: object, __: object, statement: str, *___: object) -> None:
            if statement.startswith("SELECT score_removals.seq") and not done:
                done.append(statement)
                with records.session() as s:
                    save_score(s, people["hung"], "2027", SCORE, world.now)
                    announce_leaving(s, people["lan"], world.ward.id, world.now)

        done: list[str] = []
        caller, token = world.visitor(), world.token("scores:read")
        event.listen(records.engine, "before_cursor_execute", commit_between)
        first = read(caller, token)
        event.remove(records.engine, "before_cursor_execute", commit_between)
        known: dict[str, tuple[str, float]] = {}
        for body in (first, read(caller, token, cursor=first["next_cursor"])):
            apply(body["scores"], known)  # type: ignore[arg-type]
        assert done and set(known) == {"CB-hung"} == set(truth(world))
