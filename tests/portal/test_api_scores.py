"""Scores for HR systems: read by cursor, limited to units, every call logged."""

import pytest

from hocvu.portal.api_models import ScoresAnswer
from hocvu.records import list_audit
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
        assert answer.headers["www-authenticate"] == "Bearer"
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
    answer = caller.get(f"{SCORES}?updated_since=2026-12-01T02:30:00", Authorization=f"Bearer {token}")
    assert_error_shape(answer, 422, "invalid_request")


@pytest.mark.parametrize(
    "query", ["cursor=1", "cursor=s", "cursor=s1234567890abcdef", "limit=0", "limit=1001", "limit=x"]
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


def test_openapi_shows_the_api_and_nothing_else(world: World) -> None:
    paths = world.visitor().get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/csrf", "/api/v1/drafts/{assignment}", "/api/v1/submissions/{assignment}", "/api/v1/scores",
    }  # fmt: skip
