"""Coming in and going out."""

import pytest

from hocvu.portal.page_login import WRONG, safe_path
from tests.portal.world import PASSWORD, World, hidden_fields


def test_a_person_logs_in_sees_the_course_and_logs_out(world: World) -> None:
    lan = world.visitor()
    assert lan.get("/").headers["location"] == "/dang-nhap?toi=%2F"
    answer = lan.log_in("lan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie
    page = lan.get("/").text
    assert "Chào anh/chị Lan" in page and "Chuyên đề thử" in page and "Chưa mở" in page
    assert lan.send("/dang-xuat", {}, page="/").status_code == 303
    assert lan.get("/").status_code == 303


def test_unknown_name_and_wrong_password_read_the_same(world: World) -> None:
    unknown, wrong = world.visitor().log_in("khong-co"), world.visitor().log_in("lan", "sai")
    assert unknown.status_code == wrong.status_code == 200
    assert WRONG in unknown.text and WRONG in wrong.text
    assert "hocvu=" not in wrong.headers.get("set-cookie", "").replace("hocvu_form=", "")


def test_a_form_without_its_token_is_refused(world: World) -> None:
    stranger = world.visitor()
    answer = stranger.client.post("/dang-nhap", data={"ten": "lan", "mat_khau": PASSWORD})
    assert answer.status_code == 403
    lan = world.log_in("lan")
    assert lan.client.post("/dang-xuat", data={"csrf": "x"}).status_code == 403
    assert lan.get("/").status_code == 200


def test_another_sites_form_is_refused_even_with_the_token(world: World) -> None:
    lan = world.log_in("lan")
    fields = hidden_fields(lan.get("/").text)
    foreign = lan.client.post("/dang-xuat", data=fields, headers={"Origin": "http://xau.test"})
    assert foreign.status_code == 403
    assert lan.client.post("/dang-xuat", data=fields, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_guessing_is_slowed_down_for_that_name_only(world: World) -> None:
    guesser = world.visitor()
    for _ in range(8):
        guesser.log_in("lan", "đoán")
    assert guesser.log_in("lan").status_code == 429
    assert world.visitor().log_in("hung").status_code == 303
    world.later(minutes=16)
    assert guesser.log_in("lan").status_code == 303


def test_a_session_ends_after_its_hours(world: World) -> None:
    lan = world.log_in("lan")
    world.later(hours=11.9)
    assert lan.get("/").status_code == 200
    world.later(hours=0.2)
    assert lan.get("/").status_code == 303


@pytest.mark.parametrize(
    "path", ["//xau.test", "http://xau.test", "/\\xau.test", "javascript:alert(1)", "/a\nb", "/bài", ""]
)
def test_logging_in_never_leads_to_another_site(path: str) -> None:
    assert safe_path(path) == "/"


def test_logging_in_leads_back_to_the_page_one_wanted(world: World) -> None:
    lan = world.visitor()
    there = lan.get("/nang-luc").headers["location"]
    hidden = hidden_fields(lan.get(there).text)
    answer = lan.client.post("/dang-nhap", data={**hidden, "ten": "lan", "mat_khau": PASSWORD})
    assert answer.headers["location"] == "/nang-luc"
