"""What is refused to other systems, each in words that say what to do next."""

import pytest

from tests.portal.test_api_oauth import connect
from tests.portal.test_roster import GOOD, uploads
from tests.portal.world import DRAFT, World, assert_error_shape

SCORES, BODY = "/api/v1/scores", {"answers": {"1-2": "a"}}


def test_reading_systems_are_refused_in_vietnamese(world: World) -> None:
    for login in ("lan", "hung"):
        world.log_in(login).hand_in({"1-2": "a"})
    system = connect(world, "scores:read", "evidence:read", unit="P01")
    token = system.token()
    refusals = {
        f"{SCORES}?unit=S01": (404, "unknown_unit", "Không có đơn vị này trong phạm vi của mã truy cập"),
        "/api/v1/people/CB-hung/evidence": (404, "unknown_person", "trong phạm vi của mã truy cập"),
        f"{SCORES}?fields=names": (403, "missing_scope", "không có quyền scores:read.names. Hãy xin thêm quyền"),
        "/api/v1/snapshots/2027-final": (403, "missing_scope", "không có quyền snapshots:read"),
        f"{SCORES}?cursor=1": (422, "invalid_request", "Yêu cầu có chỗ không đúng dạng: query.cursor"),
    }
    for path, (status, code, text) in refusals.items():
        answer = system.read(token, path)
        assert_error_shape(answer, status, code)
        assert text in answer.json()["error"]["message"], path
    beyond = system.fetch(scope="scores:read snapshots:read")
    assert (
        beyond.status_code == 400 and "không được cấp một trong các quyền đã hỏi" in beyond.json()["error_description"]
    )
    world.later(minutes=30)
    ended = system.read(token)
    assert_error_shape(ended, 401, "bad_token")
    assert "đã hết hạn hay bị thu hồi. Hãy lấy mã mới rồi gọi lại" in ended.json()["error"]["message"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_token_for_reading_writes_nothing(world: World, method: str) -> None:
    caller, header = world.visitor(), {"Authorization": f"Bearer {world.token('scores:read')}"}
    refused = caller.client.request(method, SCORES, json=BODY, headers=header)
    assert_error_shape(refused, 405, "method_not_allowed")
    assert "không nhận được yêu cầu theo cách ấy" in refused.json()["error"]["message"]
    if method == "PUT":  # somebody's answers are written with that person's own session only
        draft = caller.client.request(method, DRAFT, json=BODY, headers=header)
        assert_error_shape(draft, 401, "not_logged_in")
        assert "đăng nhập rồi làm tiếp" in draft.json()["error"]["message"]


def test_a_changed_snapshot_and_a_roster_with_identity_numbers(world: World) -> None:
    """The bundle itself is checked in tests/year/test_verify.py; here is what the pages say."""
    page = world.visitor().get(f"/xac-minh?sha256={'a' * 64}").text
    assert "Không có bản chốt nào mang mã này" in page
    refused = uploads(world.log_in("hr_tp"), GOOD.replace("ly_do\n", "ly_do,so_cccd\n").replace("QĐ 12", "QĐ 12,x"))
    assert refused.status_code == 422 and "cột số giấy tờ tùy thân" in refused.text
    assert "Anh/chị xóa hẳn cột hoặc các ô ấy rồi nạp lại" in refused.text
