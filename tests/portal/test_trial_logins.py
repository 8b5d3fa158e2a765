"""The log-in page of the demo world shows who can log in; no other log-in page ever does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hocvu.demo.logins import DEMO_LOGINS, DEMO_PASSWORD, working_logins
from hocvu.demo.world import seed_demo
from hocvu.portal.passwords import hash_password
from hocvu.records import find_by_login
from tests.portal.world import PORTAL, Browser, World

HERE = "http://localhost:8000"


@pytest.fixture
def world(tmp_path: Path, root: Path) -> Iterator[World]:
    """The small city on this machine, as `hocvu serve` starts it."""
    with World(tmp_path, root) as world:
        world.settings = replace(world.settings, portal_origin=HERE)
        restart(world)
        yield world


def restart(world: World) -> None:
    world.restart()
    world.app.state.trial_logins = working_logins(world.services)


def seed(world: World) -> None:
    seed_demo(world.services, 48, 2027, lambda said: None)
    restart(world)


def page(world: World) -> str:
    return world.visitor(world.settings.portal).get("/dang-nhap?toi=%2Fnang-luc").text


def changes_password(world: World, login: str) -> None:
    with world.services.records.session() as s:
        person = find_by_login(s, login)
        assert person is not None
        person.password_hash = hash_password(DEMO_PASSWORD + "!")


def enters(browser: Browser, login: str) -> str:
    return str(browser.send("/dang-nhap", {"ten": login}, page="/dang-nhap?toi=%2Fnang-luc").headers.get("location"))


def test_the_demo_shows_its_log_ins_and_one_press_enters(world: World) -> None:
    seed(world)
    shown = page(world)
    assert DEMO_PASSWORD in shown and all(f'value="{one.login}"' in shown and one.what in shown for one in DEMO_LOGINS)
    assert enters(world.visitor(HERE), "quantri") == "/nang-luc"
    changes_password(world, "quantri")
    shown = page(world)
    assert "hocvien" in shown and "quantri" not in shown, "at once, without a restart"
    assert enters(world.visitor(HERE), "quantri") == "None"
    restart(world)
    assert "quantri" not in page(world)
    for one in DEMO_LOGINS:
        changes_password(world, one.login)
    assert "Tài khoản dùng thử" not in page(world) and DEMO_PASSWORD not in page(world)


def test_a_store_without_the_demo_never_shows_any(world: World) -> None:
    world.settle("hocvien", "Trùng Tên", world.ward.id)
    with world.services.records.session() as s:
        person = find_by_login(s, "hocvien")
        assert person is not None
        person.password_hash = hash_password(DEMO_PASSWORD)  # even somebody real with this password
    restart(world)
    assert working_logins(world.services) == () and "Tài khoản dùng thử" not in page(world)


def test_a_portal_with_an_address_for_others_never_shows_any(world: World) -> None:
    seed(world)
    for address in (PORTAL, "https://localhost.example", "https://hoc.vidu.example"):
        world.settings = replace(world.settings, portal_origin=address)
        restart(world)
        assert "Tài khoản dùng thử" not in page(world) and DEMO_PASSWORD not in page(world)
