"""The machine is lost: a portal that was being written to is restored elsewhere, and nothing accepted is missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hocvu.backup.making import make_backup
from hocvu.backup.restoring import restore_backup
from hocvu.jobs.janitor import Janitor
from hocvu.jobs.queue import Queue
from hocvu.portal.app import create_app
from hocvu.records import Attempt, list_attempts, open_records, results_of
from hocvu.settings import Settings
from hocvu.year.verify import verify_bundle
from tests.backup.archives import NOW, quiet
from tests.jobs.office import Office
from tests.portal.test_year import FINAL_DAY, freezes
from tests.portal.world import PORTAL, Browser, World, assert_error_shape
from tests.postgresql import PostgreSQL

SCORES = "/api/v1/scores"


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    with World(tmp_path, root) as world:
        yield world


def moves(world: World, folder: Path, database_url: str = "") -> Browser:
    """The world's portal now runs elsewhere, on what is in `folder`; the first browser there."""
    world.services.records.close()
    world.settings = replace(world.settings, var=folder, database_url=database_url)
    world.app = create_app(world.settings, clock=lambda: world.now)
    world.services = world.app.state.services
    return Browser(world.app, PORTAL)


def outcomes(world: World, login: str) -> dict[str, Any]:
    """Receipt → everything about it: answers, when, each item's points and words."""

    def facts(attempt: Attempt, results: Any) -> tuple[object, ...]:
        items = [(one.item_id, one.points, one.status, one.shown, one.feedback) for one in results]
        return attempt.sha256, attempt.answers, attempt.submitted_at, attempt.graded_at, items

    with world.services.records.reading() as s:
        return {one.id: facts(one, results_of(s, one.id)) for one in list_attempts(s, world.people[login])}


def is_frozen(world: World) -> dict[str, Any]:
    """Both freezes; the public key as the old portal showed it."""
    world.now = datetime(2027, 11, 16, 1, tzinfo=UTC)
    assert freezes(world.log_in("hr_tp"), "provisional", "CHỐT TẠM 2027") == 303
    world.now = FINAL_DAY
    assert freezes(world.log_in("hr_tp"), "final", "CHỐT CHÍNH THỨC 2027") == 303
    key: dict[str, Any] = world.visitor().get("/xac-minh/khoa.json").json()["keys"][0]
    return key


def reads(browser: Browser, token: str, cursor: str = "s0") -> dict[str, Any]:
    answer: dict[str, Any] = browser.get(f"{SCORES}?cursor={cursor}", Authorization=f"Bearer {token}").json()
    return answer


def test_a_lost_machine(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Queue(world.settings).close()  # as hocvu serve makes it
    lan, hung = world.log_in("lan"), world.log_in("hung")
    page = f"/ket-qua/{lan.hand_in({'1-2': 'a', '1-7': {'viec': 'rà soát'}}).json()['receipt']['id']}"
    with monkeypatch.context() as broken:
        broken.setattr("hocvu.questions.choice.ChooseOne.grade", lambda *_: 1 / 0)
        waiting = hung.hand_in({"1-2": "a"}).json()["receipt"]["id"]
    assert hung.save({"1-2": "b"}).status_code == 200
    seen = lan.get(page).text
    key, token = is_frozen(world), world.token("scores:read")
    before = outcomes(world, "lan")

    lan = world.log_in("lan")
    later: list[str] = []

    def meanwhile(what: str, done: int, there_are: int) -> None:
        """Between any two steps of the copy somebody hands in; a copy that began anew each time would never end."""
        if what.startswith("chép") and len(later) < 100:
            answer = lan.hand_in({"1-2": "b", "1-7": {"viec": f"việc {len(later)}"}})
            assert answer.status_code == 201, answer.text
            later.append(answer.json()["receipt"]["id"])

    monkeypatch.setattr("hocvu.backup.sqlite_file.STEP_PAGES", 8)
    made = make_backup(world.settings, tmp_path / "a.tar", world.now, meanwhile)
    assert 10 < len(later) < 100 and made.left_out == ()
    assert [one.name for one in made.manifest.files] == ["queue.db", "hocvu.db", "secret", "signing-key.json"]
    assert made.manifest.counts["frozen_years"] == 1
    cursor = reads(lan, token)["next_cursor"]

    place = replace(world.settings, var=tmp_path / "new")
    assert restore_backup(place, tmp_path / "a.tar", world.now, quiet).notes == ()
    visitor = moves(world, tmp_path / "new")
    restored = outcomes(world, "lan")
    assert {one: restored[one] for one in before} == before
    assert set(restored) - set(before) <= set(later)  # one moment: what came after it is whole or not there
    assert all(graded_at is not None for *_, graded_at, _ in restored.values())
    assert [graded_at is not None for *_, graded_at, _ in outcomes(world, "hung").values()] == [True], waiting

    assert_error_shape(Browser(world.app, PORTAL).get("/api/v1/drafts/01-thu"), 401, "not_logged_in")
    visitor.client.cookies = lan.client.cookies
    assert_error_shape(visitor.get("/api/v1/drafts/01-thu"), 401, "not_logged_in")  # the old log-in has ended
    lan = world.log_in("lan")
    assert "4/16 điểm" in seen and "4/16 điểm" in lan.get(page).text
    assert world.log_in("hung").get("/api/v1/drafts/01-thu").json()["answers"]["1-2"] == "b"

    bundle = tmp_path / "goi.zip"
    bundle.write_bytes(world.log_in("hr_tp").get("/chot-so/2027-final/goi.zip").content)
    assert verify_bundle(bundle, key).is_right
    codes = {row["staff_code"] for row in reads(lan, token, cursor)["scores"]}
    assert codes == {"CB-lan", "CB-hung"}  # who read beyond the backup is told of everybody again


def test_the_same_on_postgresql(world: World, tmp_path: Path, postgresql: PostgreSQL) -> None:
    lan = world.log_in("lan")
    for answer in ("a", "b"):
        assert lan.hand_in({"1-2": answer, "1-3": {"rules": [["rác", "RAC"]]}}).status_code == 201
    key, before = is_frozen(world), outcomes(world, "lan")
    made = make_backup(world.settings, tmp_path / "a.tar", world.now, quiet)
    city = replace(world.settings, var=tmp_path / "city", database_url=postgresql.new_database())
    restore_backup(city, tmp_path / "a.tar", world.now, quiet)
    moves(world, city.var, city.database_url)
    assert outcomes(world, "lan") == before
    lan = world.log_in("lan")
    assert lan.hand_in({"1-2": "a", "1-7": {"viec": "trên máy mới"}}).status_code == 201
    assert lan.send("/kien-nghi", {"loai": "data", "noi_dung": "Sai tên phòng."}).status_code == 303
    before = outcomes(world, "lan")

    again = make_backup(city, tmp_path / "b.tar", world.now, quiet)
    assert again.manifest.counts == {
        **made.manifest.counts,
        "attempts": 3,
        "results": made.manifest.counts["results"] + 4,
    }
    home = replace(world.settings, var=tmp_path / "home", database_url="")
    restore_backup(home, tmp_path / "b.tar", world.now, quiet)
    moves(world, home.var)
    assert outcomes(world, "lan") == before
    bundle = tmp_path / "goi.zip"
    bundle.write_bytes(world.log_in("hr_tp").get("/chot-so/2027-final/goi.zip").content)
    assert verify_bundle(bundle, key).is_right
    assert json.loads(again.manifest.text())["database"] == "postgresql"


def test_what_the_new_machine_lacks_is_said(world: World, tmp_path: Path) -> None:
    make_backup(world.settings, tmp_path / "a.tar", world.now, quiet)
    (world.root / "source/01-thu/exercises.ipynb").unlink()
    place = replace(world.settings, var=tmp_path / "new", portal_origin="https://khac.example", secret_hex=f"{7:064x}")
    settings, course, secret = restore_backup(place, tmp_path / "a.tar", world.now, quiet).notes
    assert f"HOCVU_PORTAL_ORIGIN={PORTAL}" in settings and "LITE" not in settings
    assert course.endswith("source/01-thu/exercises.ipynb.") and "HOCVU_SECRET_HEX" in secret


def test_what_waits_to_be_graded_waits_there_too_with_and_without_its_queue(tmp_path: Path) -> None:
    with Office(tmp_path / "old", f"sqlite:///{tmp_path / 'old' / 'hocvu.db'}") as office:
        office.settings.read_secret()
        attempt_id = office.hands_in()
        make_backup(office.settings, tmp_path / "a.tar", NOW, quiet)
    for name in ("with", "without"):
        place = Settings(var=tmp_path / name)
        restore_backup(place, tmp_path / "a.tar", NOW, quiet)
        if name == "without":  # as on PostgreSQL
            (place.var / "queue.db").unlink()
        records, queue = open_records(place.database), Queue(place)
        assert queue.states([attempt_id]) == ({attempt_id: "ENQUEUED"} if name == "with" else {})
        Janitor(records, queue, "may-moi").look_around(NOW, is_new=True)
        assert queue.states([attempt_id]) == {attempt_id: "ENQUEUED"}
        queue.close()
        records.close()
