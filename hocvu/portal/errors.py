"""Everything that can go wrong, said once: JSON for the API, a Vietnamese page for people."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from hocvu.errors import HocvuError, UnknownItem
from hocvu.portal.views import render

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
    403: "Tài khoản của anh/chị không có quyền làm việc này.",
    404: "Không tìm thấy trang này. Có thể đường dẫn đã đổi, hoặc nội dung không thuộc về tài khoản của anh/chị.",
    405: "Trang này không nhận cách gửi ấy. Anh/chị quay lại trang trước rồi thử lại.",
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


def wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def answer(request: Request, error: ApiError) -> Response:
    """Return the error in the form its reader understands."""
    if wants_json(request):
        return JSONResponse(error_body(error.code, error.message, error.items), error.status, error.headers)
    if isinstance(error, NotLoggedIn) and request.app.state.scope == "portal":
        return RedirectResponse(f"/dang-nhap?{urlencode({'toi': _way_back(request)})}", 303)
    template = "error.html" if request.app.state.scope == "portal" else "lite_error.html"
    context = {"message": error.message, "code": error.status, "portal": request.app.state.services.settings.portal}
    page = render(request, template, context, status=error.status)
    page.headers.update(error.headers)
    return page


def _way_back(request: Request) -> str:
    """Return where to go after logging in: the page itself, or for a form the page it came from."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return urlsplit(request.headers.get("referer", "")).path or "/"


def install_error_handlers(app: FastAPI) -> None:
    """Let every error of `app` leave in one of the two forms; nothing else reaches a person."""

    @app.exception_handler(ApiError)
    def refused(request: Request, error: ApiError) -> Response:
        return answer(request, error)

    @app.exception_handler(UnknownItem)
    def unknown_item(request: Request, error: UnknownItem) -> Response:
        return answer(request, ApiError(422, error.code, error.message))

    @app.exception_handler(HTTPException)
    def http_error(request: Request, error: HTTPException) -> Response:
        return answer(request, ApiError(error.status_code, headers=error.headers))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        problems = error.errors()
        if any(problem["type"] == "json_invalid" for problem in problems):
            return answer(request, ApiError(400, "malformed_json", "Nội dung gửi lên không phải là JSON đọc được."))
        where = ", ".join(".".join(str(part) for part in problem["loc"]) for problem in problems)
        return answer(request, ApiError(422, "invalid_request", f"Yêu cầu có chỗ không đúng dạng: {where}."))

    @app.exception_handler(Exception)
    def fault(request: Request, error: Exception) -> Response:
        response = answer(request, ApiError(500))
        response.headers.update(app.state.headers)  # this answer leaves outside of the app's own middleware
        return response
