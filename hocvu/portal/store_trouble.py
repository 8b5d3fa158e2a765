"""When the store cannot take what is sent: what people are told, and with which status."""

import logging
from collections.abc import Iterator

from sqlalchemy.exc import OperationalError

from hocvu.portal.errors import ApiError

log = logging.getLogger("hocvu.portal")

FULL = (
    "Ổ đĩa của máy chủ đã đầy nên lần gửi này CHƯA được lưu. Anh/chị giữ trang bài làm (hoặc bấm nút Quay lại của "
    "trình duyệt), báo bộ phận quản trị và gửi lại sau. Những bài đã có biên nhận không bị ảnh hưởng."
)
AWAY = (
    "Máy chủ tạm thời không kết nối được với nơi lưu dữ liệu nên lần gửi này chưa chắc đã được lưu. Anh/chị giữ trang "
    "bài làm (hoặc bấm nút Quay lại của trình duyệt) rồi gửi lại sau ít phút: gửi lại không tạo thêm lượt nộp thứ hai."
)
# SQLite's and PostgreSQL's words for a disk that takes no more.
FULL_WORDS = ("disk is full", "disk full", "No space left", "disk I/O error", "could not extend file")


def store_trouble(error: OperationalError) -> ApiError:
    """Return what to answer, and log the cause: 507 for a full disk, 503 for a database that is away."""
    log.error("the store refused: %s", error.orig, exc_info=error)
    if any(words in text for words in FULL_WORDS for text in _texts(error)):
        return ApiError(507, "storage_full", FULL)
    return ApiError(503, "store_away", AWAY, headers={"Retry-After": "30"})


def _texts(error: BaseException | None) -> Iterator[str]:
    """Yield what the error and those before it say: SQLite ends the transaction when the disk is full, and the error
    that reaches us is then that there is no savepoint to go back to."""
    while error is not None:
        yield str(error)
        error = error.__cause__ or error.__context__
