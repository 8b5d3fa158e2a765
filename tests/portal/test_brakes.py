"""Who knocks too often waits: how long, told to people and programs; nobody's memory or log is filled."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st

from hocvu.errors import SettingsError
from hocvu.portal.app import build_app
from hocvu.portal.brakes import Brake, Brakes, Limit, wait_words
from hocvu.records import list_audit
from tests.portal.test_api_oauth import TOKEN, connect
from tests.portal.world import PORTAL, TestClient, World

NOW = datetime(2027, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CHECKS = ("/xac-minh", "/chung-nhan/00000000-0000-0000-0000-000000000000", "/chung-nhan/trang-thai", "/cau-da-rut")


def tight(checks: int = 4) -> Brakes:
    """Brakes that a test reaches soon."""
    token, refusals = Brake(Limit(2, 10 * MINUTE)), Brake(Limit(2, 15 * MINUTE))
    return Brakes(token=token, token_address=refusals, check_address=Brake(Limit(checks, MINUTE)))


@given(st.lists(st.integers(min_value=0, max_value=120), max_size=60))
def test_no_window_ever_holds_more_than_twice_the_limit_and_who_waits_is_let_in(pauses_s: list[int]) -> None:
    brake, now, passed = Brake(Limit(5, MINUTE)), NOW, []
    for pause in pauses_s:
        now += timedelta(seconds=pause)
        wait = brake.take("a", now)
        if not wait:
            passed.append(now)
        else:
            assert not brake.wait("a", now + wait) and wait <= MINUTE
        assert not brake.wait("b", now)
    for start in passed:
        assert sum(start <= moment < start + MINUTE for moment in passed) < 2 * 5


def test_invented_names_take_no_more_memory_than_so_many() -> None:
    brake = Brake(Limit(1, MINUTE), most_keys=10)
    for number in range(1000):
        assert not brake.take(str(number), NOW)
    assert len(brake) == 10 and brake.wait("999", NOW)


def test_a_wait_is_said_in_words() -> None:
    assert wait_words(timedelta(seconds=29.2)) == "Anh/chị chờ 30 giây rồi thử lại."
    assert wait_words(timedelta(seconds=91)) == "Anh/chị chờ 2 phút rồi thử lại."


def assert_told_to_wait(answer: Response) -> None:
    assert answer.status_code == 429 and "rồi thử lại" in answer.text
    assert 0 < int(answer.headers["retry-after"]) <= 900


def test_a_client_that_fetches_a_token_for_every_call_is_slowed_down(world: World) -> None:
    world.app.state.brakes = tight()
    system, other = connect(world), connect(world)
    assert [system.fetch().status_code for _ in range(2)] == [200, 200]
    stopped = system.fetch()
    assert_told_to_wait(stopped)
    assert stopped.json()["error"] == "slow_down" and "Mã đã lấy dùng được 30 phút" in stopped.text
    assert other.fetch().status_code == 200
    world.later(minutes=5)
    assert system.fetch().status_code == 200


def test_wrong_secrets_are_slowed_down_by_address_and_fill_no_log(world: World) -> None:
    world.app.state.brakes = tight()
    system = connect(world)
    refused = [system.fetch(client_secret="hvs_sai") for _ in range(6)]
    assert [answer.status_code for answer in refused] == [401, 401, 429, 429, 429, 429]
    assert_told_to_wait(refused[-1])
    with world.services.records.reading() as s:
        assert len(list_audit(s, action="oauth.refused")) == 2
    elsewhere = TestClient(world.app, base_url=PORTAL, client=("192.0.2.7", 1))
    given = {"grant_type": "client_credentials", "client_id": system.client_id, "client_secret": system.secret}
    assert elsewhere.post(TOKEN, data=given).status_code == 200


def test_public_check_pages_share_one_limit_for_an_address(world: World) -> None:
    world.app.state.brakes = tight()
    visitor = world.visitor()
    assert [visitor.get(path).status_code for path in CHECKS] == [200, 404, 200, 200]
    for path in CHECKS:
        assert_told_to_wait(visitor.get(path))
    assert visitor.get("/dang-nhap").status_code == 200
    world.later(seconds=15)
    assert visitor.get("/xac-minh").status_code == 200


def test_a_machine_with_many_addresses_of_one_ipv6_network_is_one(world: World) -> None:
    world.app.state.brakes = tight(1)
    asked = [TestClient(world.app, base_url=PORTAL, client=(f"2001:db8::{n}", 1)) for n in (1, 2)]
    assert [client.get("/xac-minh").status_code for client in asked] == [200, 429]


@pytest.mark.parametrize(
    ("trusted", "told_apart"), [("", False), ("192.0.2.9", False), ("10.0.0.0/24, 10.1.0.5", True)]
)
def test_only_a_named_proxy_may_say_who_asks(world: World, trusted: str, told_apart: bool) -> None:
    settings = replace(world.settings, trusted_proxies=trusted)
    app = build_app(replace(world.services, settings=settings))
    app.state.brakes = tight(1)
    proxy = TestClient(app, base_url=PORTAL, client=("10.0.0.7", 1))
    # What the client itself wrote stands before what the proxy added: a forged first address changes nothing.
    forwarded = ("198.51.100.1", "198.51.100.2", "203.0.113.5, 198.51.100.2")
    answers = [proxy.get("/xac-minh", headers={"X-Forwarded-For": one}).status_code for one in forwarded]
    assert answers == ([200, 200, 429] if told_apart else [200, 429, 429])


@pytest.mark.parametrize("trusted", ["*", "proxy.vidu.example", "10.0.0.1/8"])
def test_a_proxy_is_named_by_address_or_network(world: World, trusted: str) -> None:
    with pytest.raises(SettingsError, match="HOCVU_TRUSTED_PROXIES"):
        build_app(replace(world.services, settings=replace(world.settings, trusted_proxies=trusted)))
