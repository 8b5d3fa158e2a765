"""What can go wrong around a sandbox: the host lacks something, the guest was too slow, the guest is gone."""

from typing import Any

from hocvu.errors import HocvuError

REASONS = {
    "killed": "tiến trình chạy bài bị dừng đột ngột",
    "memory": "bài dùng quá nhiều bộ nhớ",
    "exit": "bài tự kết thúc tiến trình Python",
    "cpu": "bài tính toán quá lâu",
    "protocol": "bài ghi đè lên đường truyền kết quả",
    "output": "bài in ra hoặc trả về quá nhiều dữ liệu",
}


class SandboxUnavailable(HocvuError):
    """Code cannot be run safely here; the message names what is missing and what to do. Nobody's fault but ours."""

    code = "sandbox_unavailable"

    def __init__(self, message: str, missing: str = "") -> None:
        super().__init__(message)
        self.missing = missing  # a name in missing.KNOWN, if the host lacks something


class SandboxLost(SandboxUnavailable):
    """The warm process ended under a session: run the work again. It says nothing about the learner."""

    code = "sandbox_lost"

    def __init__(self) -> None:
        super().__init__("Tiến trình nền của hộp cát đã dừng giữa chừng. Hãy chấm lại bài này.")


class GuestTimeout(HocvuError):
    """The guest did not answer in time.

    reply: what it answered once interrupted (the session goes on), or None (the session was killed).
    """

    code = "guest_timeout"

    def __init__(self, timeout_s: float, reply: dict[str, Any] | None = None) -> None:
        super().__init__(f"Bài chạy quá thời gian cho phép ({timeout_s:g} giây).")
        self.timeout_s = timeout_s
        self.reply = reply


class GuestDied(HocvuError):
    """The guest is gone, and the session with it. `reason` is a key of REASONS."""

    code = "guest_died"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Không chạy tiếp được: {REASONS[reason]}.")
        self.reason = reason
