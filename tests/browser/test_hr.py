"""HR's journey: filter a unit, take the table as XLSX, pull the same rows with a token, and be refused without one."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from tests.browser.portal_story import Portal, visitor

UNIT = "Phường Bình Minh"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with Portal(tmp_path_factory.mktemp("var"), people=120) as portal:
        yield portal


def pull(portal: Portal, query: str = "", token: str = "") -> tuple[int, Any]:
    """Call the scores API as another system would; return status and JSON."""
    request = urllib.request.Request(f"{portal.address}/api/v1/scores{query}")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def make_token(page: Page, portal: Portal) -> str:
    page.goto(f"{portal.address}/quan-tri")
    page.get_by_label("Tên hệ thống").fill("Phần mềm nhân sự (thử)")
    page.get_by_role("button", name="Tạo mã").click()
    return page.locator(".token code").inner_text()


def test_hr_filters_a_unit_and_downloads_the_same_rows(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu") as page:
        page.get_by_role("link", name="Nhân sự").click()
        page.get_by_label("Đơn vị (kèm đơn vị trực thuộc)").select_option(label=UNIT)
        page.get_by_role("button", name="Lọc", exact=True).click()
        rows = page.locator("table.people tbody tr")
        count = rows.count()
        assert 5 < count < 50
        for row in rows.all():
            expect(row).to_contain_text(UNIT)
        expect(page.get_by_text("người có thẩm quyền quyết định").first).to_be_visible()
        with page.expect_download() as started:
            page.get_by_role("link", name="Tải bảng tính").click()
        workbook = CalamineWorkbook.from_path(str(started.value.path()))
        names = rows.locator("th").all_inner_texts()
    assert "Quy tắc và phiên bản" in workbook.sheet_names
    table = workbook.get_sheet_by_index(0).to_python()
    cells = {str(cell) for row in table for cell in row}
    assert set(names) <= cells
    assert len([row for row in table if any(str(cell).startswith("MP-") for cell in row)]) == count


def test_another_system_pulls_the_scores_with_a_token_and_is_refused_without(portal: Portal, chromium: Browser) -> None:
    status, refused = pull(portal)
    assert (status, refused["ok"], set(refused["error"])) == (401, False, {"code", "message"})
    with visitor(portal, chromium, "quantri") as page:
        token = make_token(page, portal)
    assert pull(portal, token=token[:-1] + "x")[0] == 401
    people, cursor, more = [], "", True
    while more:
        status, answer = pull(portal, f"?limit=100&cursor={cursor}" if cursor else "?limit=100", token)
        assert status == 200
        people += answer["scores"]
        cursor, more = answer["next_cursor"], answer["more"]
    assert len({person["staff_code"] for person in people}) == len(people) > 60


def test_hr_of_one_ward_sees_that_ward_only(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "nhansu-phuong") as page:
        page.goto(f"{portal.address}/hr")
        for row in page.locator("table.people tbody tr").all():
            expect(row).to_contain_text(UNIT)
        other = page.goto(f"{portal.address}/hr?don_vi=MP002")
        assert other is not None and other.status == 404


def test_a_learner_does_not_get_in(portal: Portal, chromium: Browser) -> None:
    with visitor(portal, chromium, "hocvien") as page:
        for path in ("/hr", "/hr/ket-qua.xlsx", "/quan-tri", "/giang-vien"):
            answer = page.request.get(f"{portal.address}{path}")
            assert answer.status in (403, 404), path
