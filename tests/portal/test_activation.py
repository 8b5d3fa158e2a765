"""From the roster to the first log-in: HR hands out codes, people set a password; guessing gets nobody anywhere."""

import io
import re
from pathlib import Path

import pytest
from httpx import Response
from python_calamine import CalamineWorkbook

from hocvu.portal.activation import SIGNS, code_hash, make_code
from hocvu.portal.page_activate import WRONG
from hocvu.portal.passwords import guess_problem, length_problem
from hocvu.records import ActivationCode, Person, list_audit
from tests.portal.test_roster import uploads, writes
from tests.portal.world import PASSWORD, Browser, World

PAGE, ENTER = "/hr/tai-khoan", "/kich-hoat"
ROWS = "ma_cbccvc,ho_ten,loai,ma_don_vi\nMP-1,Đặng Thị Ánh,công chức,P01\nMP-2,Lý Văn Bé,NLĐ,P01\nMP-3,Hồ An,NLĐ,S01\n"
NEW = "chiều nay trời mát"


@pytest.fixture
def hr(world: World, root: Path) -> Browser:
    """HR of the city, who has just imported three people."""
    (world.root / "node_modules").symlink_to(root / "node_modules")  # the fonts
    officer = world.log_in("hr_tp")
    assert writes(officer, uploads(officer, ROWS).headers["location"]).status_code == 303
    return officer


def codes(officer: Browser, unit: str, **fields: str) -> dict[str, str]:
    """HR downloads the workbook of a unit: staff code → activation code."""
    answer = officer.send(f"{PAGE}/theo-don-vi", {"don_vi": unit, "dang": "xlsx", **fields}, page=PAGE)
    assert answer.status_code == 200, answer.text
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][1] == "Mã CBCCVC" and rows[0][6] == "Mã kích hoạt"
    return {str(row[1]): str(row[6]) for row in rows[1:]}


def one_code(officer: Browser, staff_code: str) -> str:
    answer = officer.send(f"{PAGE}/mot-nguoi", {"ma": staff_code}, page=PAGE)
    assert answer.status_code == 201, answer.text
    return re.findall(r'<dd class="token"><code>([^<]+)</code>', answer.text)[0]


def enters(visitor: Browser, staff_code: str, code: str, password: str = NEW) -> Response:
    return visitor.send(ENTER, {"ma": staff_code, "ma_kich_hoat": code, "mat_khau": password})


def test_who_came_from_the_roster_sets_a_password_and_is_in(world: World, hr: Browser) -> None:
    handed_out = codes(hr, "P01")
    assert set(handed_out) == {"MP-1", "MP-2"}  # not Hồ An of the other unit, not Lan who has a password
    anh = world.visitor()
    typed = handed_out["MP-1"].lower().replace("-", " ")
    answer = enters(anh, "mp-1", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Chào anh/chị Ánh" in anh.get("/").text
    assert world.visitor().log_in("MP-1", NEW).status_code == world.visitor().log_in("mp-1", NEW).status_code == 303
    page = hr.get(PAGE).text
    ward = re.search(r"Phường Hoa Mai</th>(.*?)</tr>", page)
    assert ward and re.findall(r">(\d+)</td>", ward[1]) == ["4", "3", "1", "0"]
    with world.services.records.reading() as s:
        (issued,), (entered,) = list_audit(s, action="account.codes"), list_audit(s, action="account.activate")
        assert issued.detail == {"unit": "P01", "people": 2, "format": "xlsx"}
        assert entered.actor == s.query(Person).filter_by(staff_code="MP-1").one().id


def test_a_code_works_once_for_thirty_days_and_a_newer_one_takes_its_place(world: World, hr: Browser) -> None:
    first = codes(hr, "P01")["MP-1"]
    assert codes(hr, "P01", lai="1")["MP-1"] != first
    second, late = one_code(hr, "MP-1"), one_code(hr, "MP-2")
    assert WRONG in enters(world.visitor(), "MP-1", first).text
    with world.services.records.reading() as s:  # a keyed hash is all that there is
        row = (
            s.query(ActivationCode)
            .join(Person, Person.id == ActivationCode.person_id)
            .filter_by(staff_code="MP-1")
            .one()
        )
    secret, person_id = world.services.secret, row.person_id
    assert row.code_hash == code_hash(secret, person_id, second) != code_hash(b"x", person_id, second)
    assert second not in hr.get(PAGE).text
    assert enters(world.visitor(), "MP-1", second).status_code == 303
    assert WRONG in enters(world.visitor(), "MP-1", second, "mật khẩu khác hẳn").text
    world.later(days=30)
    assert WRONG in enters(world.visitor(), "MP-2", late).text


def test_who_forgot_the_password_gets_a_code_and_other_sessions_end(world: World, hr: Browser) -> None:
    elsewhere = world.log_in("lan")
    code = one_code(hr, "CB-lan")
    assert world.visitor().log_in("lan").status_code == 303  # until the new one is set
    assert enters(world.visitor(), "CB-lan", code).status_code == 303
    assert elsewhere.get("/").status_code == 303
    assert world.visitor().log_in("lan", NEW).status_code == 303
    assert world.visitor().log_in("lan", PASSWORD).status_code == 200


def test_guessing_codes_tells_nothing_and_is_slowed_down(world: World, hr: Browser) -> None:
    """The answers are the same for people with a code, without one, and for staff codes that nobody has."""
    code, guesser = one_code(hr, "MP-1"), world.visitor()
    said = set()
    for who in ("MP-1", "MP-2", "KHONG-CO"):
        for _ in range(8):
            refused = enters(guesser, who, make_code())
            said.add((refused.status_code, re.sub(r'value="[^"]*"', "", refused.text)))
        stopped = enters(guesser, who, code)
        assert stopped.status_code == 429 and int(stopped.headers["retry-after"]) > 60
        assert "chờ 2 phút" in stopped.text
    ((status, page),) = said
    assert status == 422 and WRONG in page
    world.later(minutes=2)
    assert enters(guesser, "MP-1", code).status_code == 303


def test_a_weak_password_costs_neither_the_code_nor_a_try(world: World, hr: Browser) -> None:
    code, anh = one_code(hr, "MP-1"), world.visitor()
    assert length_problem("ngắn") in enters(anh, "MP-1", code, "ngắn").text
    for _ in range(9):
        assert "dễ đoán" in enters(anh, "MP-1", code, "dangthianh1").text
    assert enters(anh, "MP-1", code).status_code == 303


GUESSED = ["Đặng Thị Ánh 99", "ANHDANGTHI1", "mp-00017 2027", "1234567890", "aaaaaaaaaaaa", "matkhau123456"]


@pytest.mark.parametrize("password", GUESSED)
def test_passwords_that_everybody_would_try_first_are_refused(password: str) -> None:
    assert guess_problem(password, ("Đặng Thị Ánh", "MP-00017"))


@pytest.mark.parametrize("password", [NEW, "Ánh thích đọc truyện", "xanh biển lúa chín", "K7#pq!mzR2vt"])
def test_a_short_sentence_is_a_good_password(password: str) -> None:
    assert guess_problem(password, ("Đặng Thị Ánh", "MP-00017")) == "" == length_problem(password)


def test_hr_of_a_unit_opens_accounts_of_its_own_tree_only(world: World, hr: Browser) -> None:
    ward = world.log_in("hr_phuong")
    assert "Sở Thử nghiệm" not in ward.get(PAGE).text
    assert set(codes(ward, "P01")) == {"MP-1", "MP-2"}
    fields = {"don_vi": "S01", "dang": "xlsx"}
    assert ward.send(f"{PAGE}/theo-don-vi", fields, page=PAGE).status_code == 404
    for code in ("MP-3", "KHONG-CO"):
        refused = ward.send(f"{PAGE}/mot-nguoi", {"ma": code}, page=PAGE)
        assert refused.status_code == 422 and "trong phạm vi của anh/chị" in refused.text
    assert "Không có ai cần mã" in ward.send(f"{PAGE}/theo-don-vi", {"don_vi": "P01"}, page=PAGE).text


def test_a_code_is_no_way_to_an_account_with_more_rights(world: World, hr: Browser) -> None:
    for who in ("CB-admin", "CB-giang", "CB-hr_phuong"):
        refused = hr.send(f"{PAGE}/mot-nguoi", {"ma": who}, page=PAGE)
        assert refused.status_code == 422 and "Chỉ quản trị viên" in refused.text
    admin = world.log_in("admin")
    assert enters(world.visitor(), "CB-giang", one_code(admin, "CB-giang")).status_code == 303
    for nobody in (world.log_in("lan"), world.log_in("hung")):
        assert nobody.get(PAGE).status_code == 403
        assert nobody.send(f"{PAGE}/mot-nguoi", {"ma": "MP-1"}, page="/").status_code == 403
    assert world.visitor().get(PAGE).status_code == 303
    assert hr.client.post(f"{PAGE}/mot-nguoi", data={"ma": "MP-1"}).status_code == 403
    fields = {"ma": "MP-1", "ma_kich_hoat": "x", "mat_khau": NEW}
    assert world.visitor().client.post(ENTER, data=fields).status_code == 403


def test_slips_are_printed_unit_by_unit_and_not_for_who_has_left(world: World, hr: Browser) -> None:
    fields = {"don_vi": "TP", "dang": "pdf"}
    answer = hr.send(f"{PAGE}/theo-don-vi", fields, page=PAGE)
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert answer.content.count(b"/Type /Page\n") == 2  # the ward's two slips, the office's one
    gone = (
        "ma_cbccvc,ho_ten,loai,ma_don_vi,den_ngay,trang_thai,ly_do\nMP-2,Lý Văn Bé,NLĐ,P01,30/11/2026,nghỉ việc,QĐ 3\n"
    )
    assert writes(hr, uploads(hr, gone).headers["location"]).status_code == 303
    assert set(codes(hr, "P01", lai="1")) == {"MP-1"}


def test_codes_survive_a_vietnamese_keyboard() -> None:
    """Telex turns aa, dd, w, as … into other letters, VNI a vowel or d and a digit: none of these can occur."""
    assert not set(SIGNS) & set("AEIOUYDW" + "01568SZ")
    made = {make_code() for _ in range(50)}
    assert len(made) == 50 and all(re.fullmatch(f"[{SIGNS}]{{4}}(-[{SIGNS}]{{4}}){{2}}", code) for code in made)
