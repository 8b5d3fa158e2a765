"""An administrator gives a role and takes it back, with the keyboard, without JavaScript, also on a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.small_city import SmallCity, assert_usable

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallCity]:
    with SmallCity(tmp_path_factory.mktemp("city")) as city:
        yield city


def finds(page: Page, city: SmallCity, words: str, link: str) -> None:
    page.goto(f"{city.address}/quan-tri")
    page.get_by_role("link", name="Vai trò", exact=True).press("Enter")
    page.get_by_label("Họ tên, mã CBCCVC").fill(words)
    page.get_by_role("button", name="Tìm").press("Enter")
    page.get_by_role("link", name=link).press("Enter")


def test_a_role_is_given_works_and_is_taken_back(city: SmallCity, chromium: Browser) -> None:
    with (
        city.visitor(chromium, "admin", scripts=False) as page,
        city.visitor(chromium, "lan", width=390) as phone,
    ):
        finds(page, city, "thi lan", "Giao vai trò của Nguyễn Thị Lan")
        page.get_by_label("Thủ trưởng đơn vị").press("Space")
        page.get_by_label("Lý do").fill("Quyết định 12/QĐ-UBND")
        page.get_by_role("button", name="Giao vai trò").press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("cần một đơn vị")
        page.get_by_label("Phạm vi", exact=True).select_option(label="Phường Hoa Mai và các đơn vị trực thuộc")
        page.get_by_role("button", name="Giao vai trò").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Đã giao vai trò «Thủ trưởng đơn vị» (Phường Hoa Mai)")
        phone.goto(f"{city.address}/don-vi")
        phone.get_by_label("Tên đăng nhập").fill("lan")
        phone.get_by_label("Mật khẩu").fill("mật khẩu của lớp")
        phone.get_by_role("button", name="Đăng nhập").press("Enter")
        expect(phone.get_by_role("heading", level=1)).to_contain_text("Phường Hoa Mai")
        finds(page, city, "lan", "Giao, thu vai trò của Nguyễn Thị Lan")
        page.get_by_role("link", name="Thu vai trò Thủ trưởng đơn vị").press("Enter")
        expect(page.get_by_role("listitem").filter(has_text="Đơn vị tôi")).to_be_visible()
        page.get_by_label("Lý do").fill("Điều động sang cơ quan khác")
        page.get_by_role("button", name="Thu vai trò").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Đã thu vai trò")
        expect(page.get_by_text("Điều động sang cơ quan khác")).to_be_visible()
        answer = phone.goto(f"{city.address}/don-vi")
        assert answer is not None and phone.url.endswith("/dang-nhap?toi=%2Fdon-vi")


def test_its_pages_are_accessible_on_a_desk_and_a_phone(city: SmallCity, chromium: Browser) -> None:
    with city.visitor(chromium, "admin") as page:
        for login in ("giang", "admin"):
            page.goto(f"{city.address}/quan-tri/vai-tro/{city.world.people[login]}")
            assert_usable(page, f"roles of {login}")
        page.goto(f"{city.address}/quan-tri/vai-tro/{city.world.people['giang']}/thu?vai_tro=instructor")
        assert_usable(page, "taking")
