"""Everything that can go wrong leaves in one of two forms: JSON for the API, a Vietnamese page for people."""

from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from hocvu.errors import UnknownItem
from hocvu.portal.errors import ApiError, NotLoggedIn, error_body
from hocvu.portal.store_trouble import store_trouble
from hocvu.portal.views import render
from hocvu.records import BadAnswers


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

    @app.exception_handler(BadAnswers)
    def bad_answers(request: Request, error: BadAnswers) -> Response:
        return answer(request, ApiError(422, error.code, error.message))

    @app.exception_handler(OperationalError)
    def store_refused(request: Request, error: OperationalError) -> Response:
        return answer(request, store_trouble(error))

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
