"""What the portal refuses: an HTTP status, a stable code, and a sentence for the person who caused it."""

from collections.abc import Mapping

from hocvu.errors import HocvuError

CODES = {
    400: "bad_request",
    401: "not_logged_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    429: "too_many",
    500: "fault",
}
SENTENCES = {
    400: "Yêu cầu gửi lên không đọc được. Anh/chị tải lại trang rồi thử lại.",
    401: "Phiên làm việc đã hết hoặc chưa đăng nhập. Anh/chị đăng nhập rồi làm tiếp.",
    403: "Tài khoản của anh/chị không có quyền làm việc này. Cần quyền, anh/chị liên hệ bộ phận tổ chức cán bộ.",
    404: "Không tìm thấy trang này. Có thể đường dẫn đã đổi, hoặc nội dung không thuộc về tài khoản của anh/chị.",
    405: "Trang này không nhận được yêu cầu theo cách ấy. Anh/chị quay lại trang trước rồi thử lại.",
    413: "Nội dung gửi lên lớn quá mức cho phép nên chưa được nhận. Anh/chị viết ngắn lại rồi gửi lại.",
    429: "Có quá nhiều lần thử liền nhau. Anh/chị chờ ít phút rồi thử lại.",
    500: "Hệ thống gặp trục trặc, không phải lỗi của anh/chị. Những gì đã lưu vẫn còn. Anh/chị thử lại sau ít phút.",
}


class ApiError(HocvuError):
    """A refusal with its HTTP status, a stable code and a sentence for the person who caused it."""

    def __init__(
        self,
        status: int,
        code: str = "",
        message: str = "",
        items: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message or SENTENCES.get(status, SENTENCES[400]))
        self.status = status
        self.code = code or CODES.get(status, "bad_request")
        self.items = dict(items or {})
        self.headers = dict(headers or {})


class NotLoggedIn(ApiError):
    """Nobody is logged in, or the session has ended."""

    def __init__(self) -> None:
        super().__init__(401)


def not_found() -> ApiError:
    """Return the one answer for what does not exist and for what belongs to somebody else."""
    return ApiError(404)


def error_body(code: str, message: str, items: Mapping[str, str] | None = None) -> dict[str, object]:
    """Return the one shape of a JSON error."""
    error: dict[str, object] = {"code": code, "message": message}
    if items:
        error["items"] = dict(items)
    return {"ok": False, "error": error}
