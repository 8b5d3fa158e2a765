"""Scores for HR systems: read by cursor, limited to units, every call logged."""

import hashlib

import pytest

from hocvu.portal.api_callers import SCOPES
from hocvu.portal.pull_models import EvidenceAnswer, ScoresAnswer, SnapshotAnswer, UnitsAnswer
from hocvu.records import Person, announce_leaving, announce_move, announce_return, list_audit, withdraw_score
from hocvu.records.tables_year import Snapshot
from tests.portal.world import Browser, World, assert_error_shape

SCORES = "/api/v1/scores"


def read(browser: Browser, token: str, **query: object) -> dict[str, object]:
    """One call that must succeed, checked against the published shape."""
    address = SCORES + "?" + "&".join(f"{name}={value}" for name, value in query.items())
    answer = browser.get(address, Authorization=f"Bearer {token}")
    assert answer.status_code == 200, answer.text
    ScoresAnswer.model_validate(answer.json())
    body: dict[str, object] = answer.json()
    return body


def codes(body: dict[str, object]) -> list[str]:
    rows = body["scores"]
    assert isinstance(rows, list)
    return [row["staff_code"] for row in rows]


def graduate(world: World, *logins: str, option: str = "a") -> None:
    for login in logins:
        assert world.log_in(login).hand_in({"1-2": option}).status_code == 201


def test_a_caller_needs_a_valid_token_with_the_scope(world: World) -> None:
    caller, good, other = world.visitor(), world.token("scores:read"), world.token("roster:write")
    for headers in ({}, {"Authorization": "Bearer hv_sai"}, {"Authorization": f"Basic {good}"}):
        answer = caller.get(SCORES, **headers)
        assert_error_shape(answer, 401, "bad_token")
        assert answer.headers["www-authenticate"].startswith("Bearer")
    assert_error_shape(caller.get(SCORES, Authorization=f"Bearer {other}"), 403, "missing_scope")
    assert caller.get(SCORES, Authorization=f"Bearer {good}").status_code == 200
    world.later(days=31)
    assert_error_shape(caller.get(SCORES, Authorization=f"Bearer {good}"), 401, "bad_token")


def test_a_learners_cookie_is_no_token(world: World) -> None:
    assert_error_shape(world.log_in("hr_tp").get(SCORES), 401, "bad_token")


def test_a_score_carries_levels_band_and_the_rules_version(world: World) -> None:
    graduate(world, "lan")
    body = read(world.visitor(), world.token("scores:read"))
    (row,) = body["scores"]  # type: ignore[misc]
    assert row["staff_code"] == "CB-lan" and row["unit"] == "P01" and row["period"] == "2027"
    assert row["points"] == 4 and row["max_points"] == 16 and row["rule_version"] == "2027.1"
    assert set(row["levels"]) >= {"NL1"} and body["more"] is False


def test_a_token_of_one_unit_sees_nobody_else(world: World) -> None:
    graduate(world, "lan", "hung")
    caller, token = world.visitor(), world.token("scores:read", unit_id=world.ward.id)
    assert codes(read(caller, token)) == ["CB-lan"]
    assert codes(read(caller, token, unit="P01")) == ["CB-lan"]
    for unit in ("S01", "TP", "KHONG-CO"):
        answer = caller.get(f"{SCORES}?unit={unit}", Authorization=f"Bearer {token}")
        assert_error_shape(answer, 404, "unknown_unit")


def test_paging_loses_nothing_while_scores_change(world: World) -> None:
    logins = [f"nguoi{n}" for n in range(6)]
    for login in logins:
        world.settle(login, f"Người {login}", world.ward.id)
    graduate(world, *logins, option="b")
    caller, token = world.visitor(), world.token("scores:read")
    seen: dict[str, float] = {}
    cursor, more, changed = "s0", True, False
    while more:
        body = read(caller, token, limit=2, cursor=cursor)
        for row in body["scores"]:  # type: ignore[attr-defined]
            seen[row["staff_code"]] = row["points"]
        cursor, more = str(body["next_cursor"]), bool(body["more"])
        if not changed:  # somebody already read, and somebody not yet read, improve
            graduate(world, "nguoi0", "nguoi5")
            changed, more = True, True
    assert seen == {f"CB-{login}": 4.0 if login in ("nguoi0", "nguoi5") else 0.0 for login in logins}
    nothing_new = read(caller, token, limit=2, cursor=cursor)
    assert nothing_new["scores"] == [] and nothing_new["next_cursor"] == cursor


def test_unchanged_scores_answer_304(world: World) -> None:
    graduate(world, "lan")
    caller, token = world.visitor(), world.token("scores:read")
    bearer = {"Authorization": f"Bearer {token}"}
    etag = caller.get(SCORES, **bearer).headers["etag"]
    assert not etag.startswith("W/")
    unchanged = caller.get(SCORES, **bearer, If_None_Match=f'"x", {etag}')
    assert unchanged.status_code == 304 and unchanged.headers["etag"] == etag and not unchanged.content
    graduate(world, "hung")
    assert caller.get(SCORES, **bearer, If_None_Match=etag).status_code == 200


def test_updated_since_narrows_and_needs_a_zone(world: World) -> None:
    graduate(world, "lan")
    world.later(hours=1)
    graduate(world, "hung")
    caller, token = world.visitor(), world.token("scores:read")
    assert codes(read(caller, token, updated_since="2026-12-01T09:30:00%2B07:00")) == ["CB-hung"]
    for loose in ("2026-12-01T02:30:00", "2026-12-01", "1796000000", "2026-12-01 02:30:00Z"):
        answer = caller.get(f"{SCORES}?updated_since={loose}", Authorization=f"Bearer {token}")
        assert_error_shape(answer, 422, "invalid_request")
    assert codes(read(caller, token, updated_since="0001-01-01T00:00:00%2B14:00")) == ["CB-lan", "CB-hung"]
    assert codes(read(caller, token, updated_since="9999-12-31T23:59:60-12:00")) == []


@pytest.mark.parametrize(
    "query", ["cursor=1", "cursor=s", "cursor=s1234567890abcdef", "limit=0", "limit=5001", "limit=x", "fields=all"]
)
def test_what_the_schema_forbids_is_422(world: World, query: str) -> None:
    answer = world.visitor().get(f"{SCORES}?{query}", Authorization=f"Bearer {world.token('scores:read')}")
    assert_error_shape(answer, 422, "invalid_request")


def test_every_cursor_the_schema_allows_works(world: World) -> None:
    caller, token = world.visitor(), world.token("scores:read")
    for cursor in ("s0", "sf", "sfffffffffffffff", "s000000000000001"):
        assert read(caller, token, cursor=cursor)["more"] is False


def test_every_call_is_in_the_audit_log(world: World) -> None:
    graduate(world, "lan")
    read(world.visitor(), world.token("scores:read"), limit=10)
    with world.services.records.reading() as s:
        (entry,) = list_audit(s, action="scores.read")
    assert entry.actor == "token:1" and entry.detail["rows"] == 1


def move(world: World, login: str, unit_id: int) -> None:
    with world.services.records.session() as s:
        person = s.get_one(Person, world.people[login])
        announce_move(s, person.id, person.unit_id, world.now)
        person.unit_id = unit_id


def test_who_moves_leaves_the_old_units_readers_and_comes_to_the_new_ones(world: World) -> None:
    graduate(world, "lan")
    old, new, city = (world.token("scores:read", unit_id=unit) for unit in (world.ward.id, world.office.id, None))
    caller = world.visitor()
    cursors = {token: str(read(caller, token)["next_cursor"]) for token in (old, new, city)}
    move(world, "lan", world.office.id)
    (gone,) = read(caller, old, cursor=cursors[old])["scores"]  # type: ignore[misc]
    assert gone["withdrawn"] is True and gone["reason"] == "moved" and gone["unit"] == "P01"
    (come,) = read(caller, new, cursor=cursors[new])["scores"]  # type: ignore[misc]
    assert come["staff_code"] == "CB-lan" and come["unit"] == "S01" and "withdrawn" not in come
    both = read(caller, city, cursor=cursors[city])["scores"]
    assert [row.get("withdrawn", False) for row in both] == [True, False]  # type: ignore[attr-defined]


def test_who_left_is_forgotten_and_comes_back_on_return(world: World) -> None:
    graduate(world, "lan", "hung")
    caller, token = world.visitor(), world.token("scores:read")
    cursor = str(read(caller, token)["next_cursor"])
    with world.services.records.session() as s:
        assert announce_leaving(s, world.people["lan"], world.ward.id, world.now) == 1
    (gone,) = read(caller, token, cursor=cursor)["scores"]  # type: ignore[misc]
    assert gone["reason"] == "left" and gone["seq"] == 3
    assert [row["staff_code"] for row in read(caller, token)["scores"] if "withdrawn" not in row] == ["CB-hung"]  # type: ignore[attr-defined]
    with world.services.records.session() as s:
        assert announce_return(s, world.people["lan"], world.now) == 1
    assert codes(read(caller, token, cursor="s3")) == ["CB-lan"]


def test_a_withdrawn_score_is_taken_back_and_a_new_result_brings_it_again(world: World) -> None:
    graduate(world, "lan", option="b")
    with world.services.records.session() as s:
        assert withdraw_score(s, world.people["lan"], "2027", world.ward.id, world.now) == 1
    caller, token = world.visitor(), world.token("scores:read")
    (gone,) = read(caller, token)["scores"]  # type: ignore[misc]
    assert gone["reason"] == "withdrawn"
    graduate(world, "lan")
    assert [row.get("points") for row in read(caller, token)["scores"]] == [None, 4.0]  # type: ignore[attr-defined]


def test_reading_while_people_move_ends_with_the_truth(world: World) -> None:
    """A reader that applies rows in their order has, at the end, exactly the people of its unit."""
    logins = [f"nguoi{n}" for n in range(6)]
    for login in logins:
        world.settle(login, f"Người {login}", world.ward.id)
    graduate(world, *logins)
    caller, token = world.visitor(), world.token("scores:read", unit_id=world.ward.id)
    kept: set[str] = set()
    cursor, more, step = "s0", True, 0
    while more:
        body = read(caller, token, limit=2, cursor=cursor)
        for row in body["scores"]:  # type: ignore[attr-defined]
            (kept.discard if row.get("withdrawn") else kept.add)(row["staff_code"])
        cursor, more = str(body["next_cursor"]), bool(body["more"])
        if step < 2:
            move(world, logins[5 * step], world.office.id)
            step, more = step + 1, True
    assert kept == {f"CB-{login}" for login in logins[1:5]}


def test_names_need_a_scope_of_their_own(world: World) -> None:
    graduate(world, "lan")
    caller, codes_only = world.visitor(), world.token("scores:read")
    with_names = world.token("scores:read", "scores:read.names")
    assert_error_shape(caller.get(f"{SCORES}?fields=names", Authorization=f"Bearer {codes_only}"), 403, "missing_scope")
    assert "Nguyễn Thị Lan" not in str(read(caller, codes_only))
    assert "Nguyễn Thị Lan" not in str(read(caller, with_names))
    (row,) = read(caller, with_names, fields="names")["scores"]  # type: ignore[misc]
    assert row["name"] == "Nguyễn Thị Lan" and row["kind"] == "công chức"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_read_token_writes_nothing(world: World, method: str) -> None:
    token = world.token(*SCOPES)
    headers = {"Authorization": f"Bearer {token}"}
    answer = world.visitor().client.request(method, SCORES, json={"band": 4}, headers=headers)
    assert_error_shape(answer, 405, "method_not_allowed")
    draft = world.visitor().client.request("PUT", "/api/v1/drafts/01-thu", json={"answers": {}}, headers=headers)
    assert draft.status_code == 401


def test_the_day_of_a_band_stays_until_the_next_band(world: World) -> None:
    graduate(world, "lan")
    (row,) = read(world.visitor(), world.token("scores:read"))["scores"]  # type: ignore[misc]
    assert row["band"] == 0 and row["band_since"] is None


def test_evidence_names_the_attempt_but_not_the_answers(world: World) -> None:
    graduate(world, "lan")
    caller, token = world.visitor(), world.token("evidence:read", unit_id=world.ward.id)
    answer = caller.get("/api/v1/people/CB-lan/evidence", Authorization=f"Bearer {token}")
    assert answer.status_code == 200
    body = EvidenceAnswer.model_validate(answer.json())
    line = next(one for one in body.evidence if one.item_id == "1-2")
    assert (line.points, line.competency, line.attempt_no, len(line.answers_sha256)) == (4, "NL1", 1, 64)
    for other in ("CB-hung", "CB-khong-co"):
        refused = caller.get(f"/api/v1/people/{other}/evidence", Authorization=f"Bearer {token}")
        assert_error_shape(refused, 404, "unknown_person")
    etag = answer.headers["etag"]
    again = caller.get("/api/v1/people/CB-lan/evidence", Authorization=f"Bearer {token}", If_None_Match=etag)
    assert again.status_code == 304


def test_units_show_no_rates_of_few_people(world: World) -> None:
    graduate(world, "lan")
    caller, token = world.visitor(), world.token("units:read", unit_id=world.ward.id)
    answer = caller.get("/api/v1/units", Authorization=f"Bearer {token}")
    (ward,) = UnitsAnswer.model_validate(answer.json()).units
    assert (ward.code, ward.people, ward.started, ward.parent) == ("P01", 2, None, None)
    for n in range(5):
        world.settle(f"nguoi{n}", "Người", world.ward.id)
    (ward,) = UnitsAnswer.model_validate(caller.get("/api/v1/units", Authorization=f"Bearer {token}").json()).units
    assert (ward.people, ward.started) == (7, 1 / 7)


def test_every_kind_of_call_leaves_its_own_line_in_the_log(world: World) -> None:
    caller, token = world.visitor(), world.token(*SCOPES)
    for path in (SCORES, "/api/v1/people/CB-lan/evidence", "/api/v1/units"):
        caller.get(path, Authorization=f"Bearer {token}")
    with world.services.records.reading() as s:
        actions = [entry.action for entry in list_audit(s, actor="token:1")]
    assert sorted(actions) == ["evidence.read", "scores.read", "units.read"]


def freeze(world: World) -> Snapshot:
    manifest = '{"period":"2027"}'
    snapshot = Snapshot(
        id="2027-tam",
        period_id="2027",
        kind="provisional",
        cutoff_at=world.now,
        made_at=world.now,
        made_by="CB-hr_tp",
        people=6,
        manifest=manifest,
        sha256=hashlib.sha256(manifest.encode()).hexdigest(),
        signature="a.b.c",
    )
    with world.services.records.session() as s:
        s.add(snapshot)
    return snapshot


def test_a_snapshot_is_read_as_it_was_signed_and_only_by_the_city(world: World) -> None:
    snapshot, caller = freeze(world), world.visitor()
    city, ward = world.token("snapshots:read"), world.token("snapshots:read", unit_id=world.ward.id)
    answer = caller.get(f"/api/v1/snapshots/{snapshot.id}", Authorization=f"Bearer {city}")
    body = SnapshotAnswer.model_validate(answer.json())
    assert hashlib.sha256(body.manifest.encode()).hexdigest() == body.sha256 and body.annexes == 0
    for path, token in ((snapshot.id, ward), ("khong-co", city)):
        refused = caller.get(f"/api/v1/snapshots/{path}", Authorization=f"Bearer {token}")
        assert_error_shape(refused, 404, "unknown_snapshot")
