"""The published description of the API: frozen, and true as far as schemathesis can tell."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from hocvu.portal.api_callers import SCOPES
from hocvu.portal.brakes import Brake, Limit
from hocvu.records import create_client
from tests.portal.openapi_run import OAUTH, READS, find_faults
from tests.portal.world import World

GOLDEN = "docs/openapi.json"
OPEN = Brake(Limit(1_000_000, timedelta(seconds=1)))


def described(world: World) -> str:
    return json.dumps(world.app.openapi(), ensure_ascii=False, indent=1) + "\n"


def test_the_description_is_the_frozen_one(world: World, root: Path, request: pytest.FixtureRequest) -> None:
    """A change of the API is seen here first: read the difference, then run pytest with --update-goldens."""
    golden = root / GOLDEN
    if request.config.getoption("--update-goldens"):
        golden.write_text(described(world), encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == described(world)


def test_the_description_shows_the_api_and_nothing_else(world: World) -> None:
    document = world.visitor().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1") and set(document["paths"]) == {
        "/api/v1/csrf", "/api/v1/drafts/{assignment}", "/api/v1/submissions/{assignment}", "/api/v1/scores",
        "/api/v1/people/{staff_code}/evidence", "/api/v1/units", "/api/v1/oauth/token", "/api/v1/oauth/revoke",
        "/api/v1/snapshots/{snapshot_id}",
    }  # fmt: skip
    flow = document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/api/v1/oauth/token" and set(flow["scopes"]) == set(SCOPES)


def search(world: World, examples: int) -> None:
    for login in ("lan", "hung"):
        world.log_in(login).hand_in({"1-2": "a"})
    bearer = f"Bearer {world.token(*SCOPES)}"
    with world.services.records.session() as s:
        year = timedelta(days=365)
        secret, client = create_client(s, "HR", SCOPES, now=world.now, secret_lifetime=year, created_by="CB-admin")
    pair = base64.b64encode(f"{client.id}:{secret}".encode()).decode()
    brakes = world.app.state.brakes
    # The search has one moment and one address.
    world.app.state.brakes = replace(brakes, token=OPEN, token_address=OPEN)
    for paths, authorization in ((READS, bearer), (OAUTH, f"Basic {pair}")):
        faults, calls = find_faults(world, paths, authorization, examples=examples)
        assert calls > 20 and faults == []


def test_schemathesis_finds_nothing(world: World) -> None:
    search(world, examples=15)


@pytest.mark.long
def test_schemathesis_finds_nothing_in_a_long_search(world: World) -> None:
    search(world, examples=500)
